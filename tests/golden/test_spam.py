"""What filters of spam make of each kind of letter: no points at all, in any language and mode.

SpamAssassin itself is asked where it is installed; without it the one rule that letters in Cyrillic came under is
counted here, as SpamAssassin's own page of rules has it (MIXED_ES and its parts in 72_active.cf).
"""

from __future__ import annotations

import re
import shutil
import subprocess
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from typing import Final

import pytest

from tests.every_letter import every_letter, renderer_with_pages
from tests.letters import LANGUAGES

SPAMASSASSIN: Final = shutil.which("spamassassin")
NO_JUDGE: Final = "spamassassin is not installed: 'apt-get install spamassassin' has it"
RULES: Final = ("-C", "/usr/share/spamassassin", "--siteconfigpath", "/etc/spamassassin")
_MOST_COUNTED: Final = 320


def shown(letter: bytes) -> str:
    """Subject and both parts, as the rules on a body see them."""
    message = message_from_bytes(letter, policy=policy.default)
    texts = [str(message["Subject"])]
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            texts.append(part.get_content())
        elif part.get_content_type() == "text/html":
            page = re.sub(r"(?s)<(style|head)\b.*?</\1>|<!--.*?-->", " ", part.get_content())
            texts.append(unescape(re.sub(r"<[^>]*>", " ", page)))
    return "\n".join(texts)


def mixes_alphabets(text: str) -> bool:
    """MIXED_ES: over 20 Latin "e", and of letters like it, itself among them, 1.4 to 10 times as many."""
    latin = text.count("e")
    alike = min(_MOST_COUNTED, latin + len(re.findall("[èéêëēĕėęěеёєѐҽ]", text)))
    return latin > 20 and latin * 14 // 10 < alike < 10 * latin


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_looks_as_if_one_alphabet_were_hidden_in_another(language: str) -> None:
    mixed = [name for name, letter in every_letter(renderer_with_pages(), language) if mixes_alphabets(shown(letter))]
    assert mixed == []


def test_what_is_counted_here_is_what_the_rule_counts() -> None:
    assert mixes_alphabets("https://wire.example/news/events/release " * 3 + "Ещё не известно, где их держат. " * 8)
    assert not mixes_alphabets("https://wire.example " * 3 + "Ещё не известно, где их держат. " * 4)
    assert not mixes_alphabets("The president's office has published the decree. " * 9)


@pytest.mark.skipif(SPAMASSASSIN is None, reason=NO_JUDGE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_spamassassin_gives_no_points(language: str, tmp_path: Path) -> None:
    letters = dict(every_letter(renderer_with_pages(), language))
    box = tmp_path / "letters.mbox"
    box.write_bytes(b"".join(map(_in_a_box, letters.values())))
    asked = [str(SPAMASSASSIN), "--local", "--test-mode", "--nocreate-prefs", *RULES, "--mbox"]
    with box.open("rb") as given:
        answer = subprocess.run(asked, stdin=given, capture_output=True, check=True).stdout.decode("utf-8", "replace")
    scores = [float(score) for score in re.findall(r"^X-Spam-Status: \w+, score=(-?[\d.]+)", answer, re.MULTILINE)]
    assert len(scores) == len(letters)
    assert {name: score for name, score in zip(letters, scores, strict=True) if score > 0} == {}


def _in_a_box(letter: bytes) -> bytes:
    return b"From vestka Thu Jan  1 00:00:00 2026\n%b\n\n" % letter.replace(b"\r\n", b"\n").replace(
        b"\nFrom ", b"\n>From "
    )
