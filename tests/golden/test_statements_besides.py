"""What digests and letters about a subscription say stands on a list read by hand too, in each language and mode.

`may_be_said_besides.yaml`: of a digest the lines above its end, of a letter its subject and text. A line that is not
there is a statement that nobody looked at. `VESTKA_STATEMENTS=write` writes it anew; then it is read word by word.
"""

from __future__ import annotations

import os
import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.notify.content.digest import DigestEntry
from services.notify.content.rendering import Renderer
from tests.every_letter import ABOUT_THE_SUBSCRIPTION, DUE, renderer_with_pages
from tests.golden.articles import event_from
from tests.golden.road import STEPS, event_of
from tests.letters import LANGUAGES

LIST: Final = Path(__file__).parent / "may_be_said_besides.yaml"
_LINK: Final = "https://alerts.vestka.example/join/example"
DIGESTS: Final = {
    "of one story": [("wire quotes the office", False)],
    "of a story that goes on": [("pardon_update", True)],
    "of the same story, for whoever has not heard of it": [("pardon_update", False)],
    "of three stories": [("an outlet by itself", False), ("wire quotes the office", False), ("arrest", True)],
}
Said = dict[str, dict[str, dict[str, list[str]]]]


@cache
def renderer() -> Renderer:
    return renderer_with_pages()


def rendered(name: str, language: str, channel: str, part: str) -> str:
    entries = [
        DigestEntry(event_of(told) if told in STEPS else event_from(told), goes_on) for told, goes_on in DIGESTS[name]
    ]
    made = renderer().digest(
        entries, channel=channel, parts=(part,), language=language, mode="plain", due=DUE, zone="Europe/Warsaw"
    )
    return made.parts[part]


def said_in_a_digest(name: str, language: str) -> list[str]:
    told = rendered(name, language, "telegram", "plain").split("* * *")[0].splitlines()
    return [line.strip().removeprefix("- ") for line in told if line.strip() and "://" not in line]


def said_in_a_letter(kind: str, language: str) -> list[str]:
    made = renderer().letter(kind, language=language, link=_LINK)
    paragraphs = (" ".join(part.split()) for part in made["text"].split("\n\n"))
    return [made["subject"], *(part for part in paragraphs if part and part != _LINK)]


def all_that_is_said() -> Said:
    return {
        "digests": {name: {code: said_in_a_digest(name, code) for code in LANGUAGES} for name in DIGESTS},
        "letters": {
            kind: {code: said_in_a_letter(kind, code) for code in LANGUAGES} for kind in ABOUT_THE_SUBSCRIPTION
        },
    }


@cache
def allowed() -> Said:
    found: Said = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return found


def test_the_list_is_of_all_digests_and_letters() -> None:
    if os.environ.get("VESTKA_STATEMENTS") == "write":
        LIST.write_text(yaml.safe_dump(all_that_is_said(), allow_unicode=True, sort_keys=False, width=1000), "utf-8")
    assert {room: {name: set(said) for name, said in names.items()} for room, names in allowed().items()} == {
        "digests": {name: set(LANGUAGES) for name in DIGESTS},
        "letters": {kind: set(LANGUAGES) for kind in ABOUT_THE_SUBSCRIPTION},
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ABOUT_THE_SUBSCRIPTION)
def test_a_letter_says_what_the_list_says(kind: str, language: str) -> None:
    assert said_in_a_letter(kind, language) == allowed()["letters"][kind][language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DIGESTS)
def test_a_digest_says_what_the_list_says(name: str, language: str) -> None:
    assert said_in_a_digest(name, language) == allowed()["digests"][name][language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DIGESTS)
@pytest.mark.parametrize(("channel", "part"), [("email", "html"), ("email", "text"), ("telegram", "html")])
def test_no_form_of_a_digest_says_anything_else(channel: str, part: str, name: str, language: str) -> None:
    phrases: dict[str, Any] = renderer().words[language].words["phrases"]
    frame = [*phrases["sections"].values(), phrases["footer"]["story_link"], phrases["footer"]["story"]]
    subject = rendered(name, language, "email", "subject")
    code = phrases["footer"]["code"].partition("{")[0]
    whole = _letters(" ".join([*allowed()["digests"][name][language], *frame, subject]))
    body = re.sub(r"(?s)<(style|title|head)\b.*?</\1>|<!--.*?-->|<div class=\"hidden\".*?</div>", " ", rendered(
        name, language, channel, part
    ))  # fmt: skip
    above = (
        body.partition("* * *")[0].partition(phrases["footer"]["why"])[0].partition(phrases["digest"]["how_often"])[0]
    )
    for line in re.split(r"<[^>]+>|\n", unescape(above)):
        if re.search(r"\w", line) and "://" not in line and "{" not in line and code not in line:
            assert _letters(line) in whole, f"{line!r} stands on no list"


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
