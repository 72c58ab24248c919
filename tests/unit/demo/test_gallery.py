"""The page of all messages: every one is there, and a hostile letter stays in its frame."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from services.cli.gallery import all_exhibits
from services.demo.bot_html import parse_html
from services.demo.gallery.exhibit import Exhibit
from services.demo.gallery.gallery_page import make_gallery
from services.notify.content.example_events import example_events
from services.notify.letters.letter_request import LetterKind
from services.subscribers.address import Mode
from tests.letters import LANGUAGES, renderer_at


@cache
def everything() -> tuple[Exhibit, ...]:
    return tuple(all_exhibits(renderer_at()))


def page_of(folder: Path, exhibits: Iterable[Exhibit]) -> str:
    return make_gallery(folder, "12345678", exhibits, None).read_text("utf-8")


def test_everything_is_there_once_and_each_letter_has_its_frame(tmp_path: Path) -> None:
    page = page_of(tmp_path, everything())
    assert page.count("<section>") == len(everything()) == len({one.stem for one in everything()})
    frames = re.findall(r'<iframe src="([^"]*)"', page)
    assert len(frames) == sum("html" in one.letter for one in everything())
    assert all((tmp_path / source).is_file() for source in frames)


@pytest.mark.parametrize("mode", get_args(Mode))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_there_in_every_language_and_mode(language: str, mode: Mode) -> None:
    shown = {one.name for one in everything() if (one.language, one.mode) == (language, mode)}
    assert shown >= {*example_events(), "digest_of_one", "digest_of_several", "bot_menu", "bot_list", "bot_places"}
    letters = {f"letter_{kind}" for kind in (*get_args(LetterKind), "known") if kind != "none"}
    assert (shown >= letters) is (mode == "plain")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_place_of_a_letter_says_nothing_of_it(language: str) -> None:
    told = next(one for one in everything() if (one.name, one.language, one.mode) == ("pardon", language, "plain"))
    guarded = [one for one in everything() if one.name == "guarded" and one.language == language]
    assert len(guarded) == 3
    for one in guarded:
        assert one.subject != told.subject
        assert told.letter["text"].splitlines()[0] not in one.letter["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_discreet_chat_nothing_is_seen_but_neutral_lines(language: str) -> None:
    """Whatever tells anything is below a spoiler; a message of one line is a neutral line alone."""
    for one in (one for one in everything() if (one.language, one.mode) == (language, "discreet")):
        for bubble in one.chat:
            parsed = parse_html(bubble.markup)
            is_neutral = "\n" not in parsed.text.strip()
            assert any(entity.type == "spoiler" for entity in parsed.entities) is not is_neutral


def test_those_that_are_asked_for_are_shown_alone() -> None:
    assert {one.name for one in all_exhibits(renderer_at(), ["arrest"])} == {
        name for name in example_events() if name.partition("_")[0] == "arrest"
    }
    assert {one.mode for one in all_exhibits(renderer_at(), ["bot_menu"])} == {"plain", "discreet"}


def test_somebody_who_follows_a_person_gets_a_message_of_their_own() -> None:
    followed = [one for one in everything() if "follows" in one.about]
    assert len({one.name for one in followed}) >= 2
    assert sum("Someone you follow is named" in one.letter["text"] for one in followed) >= 4


def test_each_call_is_shown_once(tmp_path: Path) -> None:
    wanted = len(example_events()) * len(LANGUAGES)
    assert page_of(tmp_path, everything()).count("The webhook, in all languages") == wanted


def test_a_letter_can_do_nothing_and_the_page_asks_nobody(tmp_path: Path) -> None:
    page = page_of(tmp_path, all_exhibits(renderer_at(), ["pardon", "bot"]))
    assert page.count('sandbox=""') == page.count("<iframe")
    assert not re.search(r"<script|src=\"https?:|url\(", page)
