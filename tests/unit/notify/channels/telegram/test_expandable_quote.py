"""What of a Telegram message is read at once: few lines, the first of them whole, nothing lost."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest
import tdjson

from services.notify.channels.base import STOP_URL_SLOT
from services.notify.channels.telegram.bot_text import LONGEST, plain, split, units
from services.notify.channels.telegram.expandable_quote import (
    LONGEST_FIRST_LINE,
    ONE_PIECE,
    OPEN_LINES,
    STAYS_OPEN,
    folded,
)
from services.notify.content.example_events import example_events
from services.subscribers.address import Mode
from tests.letters import renderer_at

RENDERER = renderer_at()
QUOTE: Final = re.compile(r"<blockquote expandable>(.*?)</blockquote>", re.DOTALL)
FOOTER: Final = "\n\nYou asked for this.\nStop"


def rows(count: int, what: str = "row") -> str:
    return "\n".join(f"{what} {number}" for number in range(count))


def open_lines(markup: str) -> list[str]:
    return QUOTE.sub("", markup).strip().split("\n")


def words(markup: str) -> list[str]:
    return sorted(plain(markup.replace(STAYS_OPEN, "")).split())


def as_telegram_reads(markup: str) -> dict[str, Any]:
    question = {"@type": "parseTextEntities", "text": markup, "parse_mode": {"@type": "textParseModeHTML"}}
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(question).encode()) or b"")
    assert answer["@type"] == "formattedText", answer
    return answer


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> None:
    tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())


@pytest.mark.parametrize("count", [1, 2, 5, 9, 10, 11, 12, 13, 20, 200])
@pytest.mark.parametrize("kept", [0, 1, 3])
def test_few_lines_stay_open_and_nothing_is_lost(count: int, kept: int) -> None:
    caution = "".join(f"\n{STAYS_OPEN}caution {number}" for number in range(kept))
    whole = f"<b>headline</b>\n\nfacts:\n{rows(count)}{caution}\n\nafter\n{rows(3, 'source')}{FOOTER}"
    short = folded(whole)
    assert len(open_lines(short)) <= OPEN_LINES + 1  # the quote itself has a line
    assert words(short) == words(whole)
    assert STAYS_OPEN not in short
    outside = open_lines(short)
    assert [line for line in outside if line.startswith("caution")] == [f"caution {number}" for number in range(kept)]
    assert outside[-2:] == ["You asked for this.", "Stop"]


def test_a_short_text_has_no_quote() -> None:
    whole = f"<b>headline</b>\nwho{FOOTER}"
    assert folded(whole) == whole


def test_no_heading_stands_alone_before_the_quote() -> None:
    for before in range(4, 12):
        short = folded(f"headline\n{rows(before)}\n\nnames:\n{rows(20, 'name')}{FOOTER}")
        last = short.split("<blockquote")[0].rstrip("\n").split("\n")[-1]
        assert not last.endswith(":")


LONG: Final = [
    "20 people pardoned in Belarus, 28 December 2024 (announced by an office with a long name; unsure)",
    "В Беларуси помилованы 20 человек; об этом сообщает администрация президента, а подтверждений этому до сих пор нет",
    "x" * 300, "&amp;" * 200, "word " * 60, "&lt;a&gt; " * 40, "😀" * 150, "a, " * 90,
]  # fmt: skip


@pytest.mark.parametrize("text", LONG)
@pytest.mark.parametrize(("before", "after"), [("", ""), ("<b>", "</b>"), ("<tg-spoiler><b>", "</b></tg-spoiler>")])
def test_a_first_line_that_is_too_long_goes_on_in_the_next(text: str, before: str, after: str) -> None:
    broken = folded(f"{before}{text}{after}\nwho")
    first = broken.split("\n")[0]
    assert 0 < len(plain(first)) <= LONGEST_FIRST_LINE
    assert "".join(plain(broken).split()) == "".join((plain(text) + "who").split())
    assert as_telegram_reads(first)["text"] == plain(first)


@pytest.mark.parametrize("mode", ["plain", "discreet"])
@pytest.mark.parametrize("language", RENDERER.languages)
@pytest.mark.parametrize("name", example_events())
def test_every_message_of_ours_is_short_and_telegram_reads_it(name: str, language: str, mode: Mode) -> None:
    event = example_events()[name]
    rendered = RENDERER.render(event, channel="telegram", parts=("html",), language=language, mode=mode)
    markup = rendered.parts["html"].replace(STOP_URL_SLOT, "https://alerts.vestka.example/stop/x")
    outside = open_lines(markup)
    assert len(outside) <= OPEN_LINES + 1
    assert len(plain(outside[0])) < 100
    read = as_telegram_reads(markup)
    kinds = [one["type"]["@type"] for one in read["entities"]]
    assert kinds.count("textEntityTypeExpandableBlockQuote") == len(QUOTE.findall(markup)) <= 1
    assert read["text"] == plain(markup)


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("lines", range(1, 16))
def test_a_story_of_a_digest_is_folded_away_whole_or_not_at_all_but_for_the_first(count: int, lines: int) -> None:
    stories = [[f"{story}.{line}" for line in range(lines)] for story in range(count)]
    whole = "\n\n".join(["headline\nuntil now", *(ONE_PIECE + "\n".join(story) for story in stories)]) + FOOTER
    short = folded(whole)
    assert words(short) == words(whole.replace(ONE_PIECE, ""))
    assert len(open_lines(short)) <= OPEN_LINES + 1
    first, *others = ([line in open_lines(short) for line in story] for story in stories)
    assert first[0]
    assert all(len(set(one)) == 1 for one in others)


@pytest.mark.parametrize("lines", [100, 400, 2000])
def test_a_quote_that_is_cut_is_whole_in_every_piece(lines: int) -> None:
    short = folded("<b>headline</b>\n" + "\n".join(f"<i>строка {n}</i> &amp; слово 😀" for n in range(lines)) + FOOTER)
    pieces = split(short)
    assert len(pieces) >= 1
    for piece in pieces:
        read = as_telegram_reads(piece)
        assert units(read["text"]) <= LONGEST
        assert piece.count("<blockquote expandable>") == piece.count("</blockquote>") <= 1
