"""How a text is cut for Telegram, judged by Telegram's own parser where that is installed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.notify.channels.telegram.bot_text import LONGEST, plain, split, units

LINES = "\n".join(f"<b>Пункт {number}</b> &amp; 😀 {'слово ' * 12}".strip() for number in range(120))
OPEN_ACROSS = (
    "<blockquote><b>\n"
    + "\n".join(f"строка {number} &lt;{number}&gt;" for number in range(900))
    + "</b>\n</blockquote>"
)
ONE_LINE = "<i>" + "длинное-слово " * 900 + "</i>"
NO_SPACES = "<tg-spoiler>" + "&amp;😀" * 4000 + "</tg-spoiler>"
LONG_ONES = [LINES, OPEN_ACROSS, ONE_LINE, NO_SPACES]


def words(markup: str) -> str:
    """What is left when blanks and numbering are taken out."""
    return "".join(plain(markup).split())


@pytest.mark.parametrize(("text", "size"), [("", 0), ("ab", 2), ("ў", 1), ("😀", 2), ("👩‍👧", 5)])
def test_length_is_counted_as_telegram_counts(text: str, size: int) -> None:
    assert units(text) == size


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ("<b>20</b> &lt;pardoned&gt; &amp; freed", "20 <pardoned> & freed"),
        ('<a href="https://example.org/?a=1&amp;b=2">site</a>', "site"),
        ("&amp;lt; &nbsp; &#1099; &#x44B;", "&lt; &nbsp; ы ы"),
    ],
)
def test_length_is_that_of_what_is_read(markup: str, read: str) -> None:
    assert plain(markup) == read


def test_a_text_that_fits_stays_one_and_is_not_numbered() -> None:
    whole = "<b>" + "&amp;" * LONGEST + "</b>"
    assert split(whole) == (whole,)


@pytest.mark.parametrize("markup", LONG_ONES)
def test_every_piece_fits_and_is_numbered(markup: str) -> None:
    pieces = split(markup)
    assert len(pieces) > 1
    for number, piece in enumerate(pieces, start=1):
        assert units(plain(piece)) <= LONGEST
        assert piece.endswith(f"\n({number}/{len(pieces)})")


@pytest.mark.parametrize("markup", LONG_ONES)
def test_nothing_is_lost_between_two_pieces(markup: str) -> None:
    bare = [piece.rpartition("\n")[0] for piece in split(markup)]
    assert "".join(map(words, bare)) == words(markup)


def test_a_cut_falls_between_lines_where_it_can() -> None:
    for piece in split(LINES):
        assert piece.startswith("<b>Пункт")


@pytest.mark.parametrize("markup", [*LONG_ONES, "<b>20 people pardoned</b>\nNames were not published."])
def test_telegram_itself_can_read_every_piece(markup: str) -> None:
    tdjson = pytest.importorskip("tdjson")
    tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())
    for piece in split(markup):
        question = {"@type": "parseTextEntities", "text": piece, "parse_mode": {"@type": "textParseModeHTML"}}
        answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(question).encode()))
        assert answer["@type"] == "formattedText", answer
        assert answer["text"] == plain(piece)
        assert units(answer["text"]) <= LONGEST
