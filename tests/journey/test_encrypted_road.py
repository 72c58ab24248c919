"""From an article to letters that show what each reader wanted shown, with every service a process of its own: below
the fold, under a word, and encrypted to a key that Debian's gpg made and opens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from services.demo.caught_letter import CaughtLetter
from services.demo.sample_article import pardon
from tests.openpgp import GPG, NO_GPG, Gpg, gpg_home
from tests.reader_letters import newest
from tests.road import Road, open_road

FOLD, WORD, KEY, PLAIN_KEY = (f"{who}@demo.example" for who in ("fold", "word", "key", "plain.key"))


@pytest.fixture
def gpg() -> Iterator[Gpg]:
    if GPG is None:
        pytest.skip(NO_GPG)
    with gpg_home() as home:
        yield home


def line(address: str, mode: str = "discreet", openpgp: bytes | None = None, **more: Any) -> str:
    channel = {"channel": "email", "target": address}
    if openpgp is not None:
        channel["openpgp"] = openpgp.decode()
    return json.dumps({"language": "en", "mode": mode, "channels": [channel], **more})


async def subscribe_all(road: Road, certificate: bytes) -> None:
    lines = [
        line(FOLD),
        line(WORD, cover="code_word", code_word="ripe plums"),
        line(KEY, openpgp=certificate, cover="code_word", code_word="ripe plums"),
        line(PLAIN_KEY, "plain", certificate),
    ]
    code, said, errors = await road.vestka("subscriber", "import", stdin="\n".join(lines).encode())
    assert code == 0, said + errors


def opened(letter: CaughtLetter, gpg: Gpg) -> Any:
    whole = message_from_bytes(letter.raw, policy=policy.default)
    assert whole["Subject"] == "A new message"
    assert b"pardoned" not in letter.raw
    return message_from_bytes(gpg.decrypt(list(whole.iter_parts())[1].get_content()), policy=policy.default)


async def test_each_reader_gets_it_as_visibly_as_they_wanted(tmp_path: Path, gpg: Gpg) -> None:
    gpg.make("reader@demo.example", "future-default", "default", "1y")
    certificate = gpg.run("--armor", "--export", "reader@demo.example")
    async with open_road(tmp_path) as road:
        await subscribe_all(road, certificate)
        await road.start("ingest", "notify")
        await road.hand_in(pardon())
        fold, word, key, plain_key = [await newest(road, who, 1) for who in (FOLD, WORD, KEY, PLAIN_KEY)]
    assert fold.text.startswith("Hello. You have a new message.")
    assert "20 people pardoned" in fold.text
    assert word.text.startswith("ripe plums\n")
    assert b"pardoned" not in word.raw
    assert "20 people pardoned" in opened(key, gpg).get_body(("plain",)).get_content()
    assert opened(key, gpg)["Subject"] == "A new message"
    assert "20 people pardoned" in opened(plain_key, gpg)["Subject"]
