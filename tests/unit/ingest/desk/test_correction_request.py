"""What an operator may correct a fact to."""

from __future__ import annotations

import pytest

from services.ingest.desk.correction_request import (
    CorrectionRequest,
    UnusableCorrection,
    UnusableReason,
    read_correction_request,
    read_reason,
    shown,
)


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        ("pardoned", "22", 22),
        ("pardoned", 22, 22),
        ("pardoned", "none", None),
        ("women", None, None),
        ("administrative", "true", True),
        ("occurred_on", "2024-12-28", "2024-12-28"),
        ("region", "gomel", "gomel"),
        ("criminal_articles", "342, 361-4", ("342", "361-4")),
        ("names", "Ales Bialiatski\nRyhor Kastusiou\n", ("Ales Bialiatski", "Ryhor Kastusiou")),
        ("names", ["Ales Bialiatski"], ("Ales Bialiatski",)),
        ("left_prison", "false", False),
        ("went_to", "LT", "LT"),
        ("went_to", "home", "home"),
        ("where_held", "SIZO-1", "SIZO-1"),
        ("recognised_by", "viasna", ("viasna",)),
        ("counted_since", "2024-summer", "2024-summer"),
        ("counted_since", "2024-07", "2024-07"),
        ("counted_since", "2024-07-02", "2024-07-02"),
        ("administrative_article", "19.11", "19.11"),
        ("administrative_days", "15", 15),
        ("earlier_detentions", "2", 2),
        ("detained_before", "true", True),
        ("sentence_threatened", "7", 7),
    ],
)
def test_a_value_is_read_as_typed_or_as_given(field: str, given: object, value: object) -> None:
    assert read_correction_request(field, given) == CorrectionRequest(field, value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "given", "says"),
    [
        ("pardoned", "many", "whole number"),
        ("pardoned", "-2", "whole number"),
        ("pardoned", True, "whole number"),
        ("pardoned", 1e308, "whole number"),
        ("occurred_on", "28.12.2024", "a day like"),
        ("occurred_on", "9999-12-31", "a day like"),
        ("region", "atlantis", "one of brest"),
        ("administrative", "perhaps", "true or false"),
        ("names", ",", "names with commas"),
        ("names", "342", "names with commas"),
        ("occurred_on", "20241228", "a day like"),
        ("occurred_on", "2024-W52-6", "a day like"),
        ("occurred_on", "1899-12-31", "a day like"),
        ("criminal_articles", "three", "articles with commas"),
        ("criminal_articles", "342; drop", "articles with commas"),
        ("place", "…", "some text"),
        ("place", "Minsk\r\nBcc: x", "^place: it has a line break"),
        ("authority", "<i>KGB</i>", "^authority: it has markup"),
        ("charge", "see https://example.org", "^charge: it has a web address"),
        ("decree_number", "4" * 41, "^decree_number: it has 41 characters; say it in at most 40"),
        ("names", ["Ales\nBialiatski"], "^names: it has a line break"),
        ("names_pardoned", ["x" * 101], "^names_pardoned: it has 101 characters"),
        ("went_to", "Lithuania", "a country like LT"),
        ("went_to", "lt", "a country like LT"),
        ("where_held", "<b>SIZO</b>", "^where_held: it has markup"),
        ("whereabouts_known", "perhaps", "true or false"),
        ("recognised_by", "nobody-known", "ids of parties"),
        ("counted_since", "last summer", "a day, a month"),
        ("counted_since", "2024-13", "a day, a month"),
        ("counted_since", "2024-02-30", "a day, a month"),
        ("administrative_article", "342", "an article like"),
        ("administrative_days", "-1", "whole number"),
        ("attribution", "x", "there is no fact"),
        ("id", "x", "there is no fact"),
    ],
)
def test_what_cannot_be_is_refused_with_what_could(field: str, given: object, says: str) -> None:
    with pytest.raises(UnusableCorrection, match=says):
        read_correction_request(field, given)


def test_what_comes_from_stdin_ends_in_a_line_break_and_names_stand_once() -> None:
    assert read_correction_request("place", "Gomel\n") == read_correction_request("place", "Gomel")
    assert read_correction_request("names", "Ales Bialiatski\r\nRyhor Kastusiou\r\nAles Bialiatski\r\n").value == (
        "Ales Bialiatski",
        "Ryhor Kastusiou",
    )


def test_a_reason_is_one_line_of_text_and_says_something_where_it_must() -> None:
    assert read_reason(" it was  misread ") == "it was misread"
    assert read_reason(" ", needed=False) == ""
    for text in (" ", "a\nb", "<b>", "x" * 1001, "=?utf-8?q?=0D=0A?="):
        with pytest.raises(UnusableReason, match=r"^reason: "):
            read_reason(text)


def test_the_audit_names_nobody() -> None:
    assert shown(read_correction_request("names", "Ales Bialiatski")) == "names: 1 names"
    assert shown(read_correction_request("pardoned", "22")) == "pardoned: 22"
