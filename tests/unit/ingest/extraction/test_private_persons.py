"""Relatives and minors are never named, whatever became of them."""

from __future__ import annotations

from datetime import date

import pytest

from services.contract import Role
from services.ingest.extraction import extract


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [
        (
            "Police detained Viktar Babaryka in Minsk on Monday, Viasna said. "
            "Viasna said his 15-year-old daughter Maria Kalesnikava was also detained.",
            "Babaryka",
            "Kalesnikava",
        ),
        (
            "Police in Minsk detained Viktar Babaryka, 14, Viasna said on Monday.",
            "",
            "Babaryka",
        ),
        ("В Минске задержали 16-летнего Виктора Бабарико, сообщает «Весна».", "", "Бабарико"),
        ("Милиция задержала в Гомеле его жену Марию Колесникову, сообщает «Весна».", "", "Колесников"),
        ("У Гродне затрымалі 15-гадовага Віктара Бабарыку, паведамляе «Вясна».", "", "Бабарык"),
        ("У Гродне затрымалі яго дачку Марыю Калеснікаву, паведамляе «Вясна».", "", "Калеснікав"),
    ],
)
def test_a_relative_or_a_minor_is_no_named_detainee(text: str, kept: str, left_out: str) -> None:
    extraction = extract(text, as_of=date(2025, 1, 14))
    concerned = [person.name for person in extraction.persons if person.role is Role.DETAINED]
    told = [*concerned, *(extraction.facts.names or ())]
    assert not [name for name in told if left_out in name]
    if kept:
        assert [name for name in told if kept in name]


def test_a_grown_person_with_an_age_is_named() -> None:
    text = "Police detained Viktar Babaryka, 57, in Minsk on Monday, Viasna said."
    assert extract(text, as_of=date(2025, 1, 14)).facts.names
