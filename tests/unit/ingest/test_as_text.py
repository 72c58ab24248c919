"""Strangers' words at the desk show as text."""

from __future__ import annotations

import pytest

from services.ingest.desk.as_text import as_line, as_text, as_texts


@pytest.mark.parametrize(
    "nasty", ["\u202e", "\u2066", "\u200b", "\x1b[31m", "\x00", "\u2028", "\x9b", "\ufeff", "\U000e0041", "\ud800"]
)
def test_a_character_that_is_not_seen_or_turns_others_is_shown_as_one_that_cannot_be(nasty: str) -> None:
    shown = as_text(f"a{nasty}b")
    assert nasty not in shown
    assert shown.startswith("a\ufffd")


def test_markup_is_words() -> None:
    assert "<" not in as_text("<script>alert(1)</script>")


def test_what_people_write_stays() -> None:
    text = "«Вясна»: 20 человек – “pardoned”\n\nŁukašenka & Co."
    assert as_text(text) == text


def test_one_line_is_one_line() -> None:
    assert as_line("a\n\n b\tc") == "a b c"


def test_whole_documents_are_shown_so() -> None:
    assert as_texts({"a": ["<b>", 1, None, {"c": "\u202ed"}]}) == {"a": ["‹b›", 1, None, {"c": "\ufffdd"}]}
