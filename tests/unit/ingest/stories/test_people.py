"""Which names of two texts mean one person."""

from __future__ import annotations

import pytest

from services.ingest.stories.person_match import Match, match
from services.names import fold


@pytest.mark.parametrize(
    ("a", "b", "is_one"),
    [
        ("Alena Yakubovich", "Palina Yakubovich", False),
        ("Алена Якубовіч", "Елена Якубович", True),
        ("Dzmitry Losik", "Зміцер Лосік", True),
    ],
)
def test_two_given_names_of_one_surname_are_two_people(a: str, b: str, is_one: bool) -> None:
    assert (match(fold(a), fold(b)) is Match.ONE) is is_one
