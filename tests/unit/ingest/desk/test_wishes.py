"""What an operator may wish a fact to be."""

from __future__ import annotations

import pytest

from services.ingest.desk.wishes import UnusableWish, Wish, read_wish, shown


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
    ],
)
def test_a_value_is_read_as_typed_or_as_given(field: str, given: object, value: object) -> None:
    assert read_wish(field, given) == Wish(field, value)  # type: ignore[arg-type]


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
        ("attribution", "x", "there is no fact"),
        ("id", "x", "there is no fact"),
    ],
)
def test_what_cannot_be_is_refused_with_what_could(field: str, given: object, says: str) -> None:
    with pytest.raises(UnusableWish, match=says):
        read_wish(field, given)


def test_the_audit_names_nobody() -> None:
    assert shown(read_wish("names", "Ales Bialiatski")) == "names: 1 names"
    assert shown(read_wish("pardoned", "22")) == "pardoned: 22"
