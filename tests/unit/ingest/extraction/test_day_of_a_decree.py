"""The day of an act that its decree tells in a sentence of its own."""

from __future__ import annotations

from datetime import date

import pytest

from services.ingest.extraction import extract

PARDONED = {
    "en": "14 people were pardoned.",
    "ru": "Помилованы 14 человек.",
    "be": "Памілаваныя 14 чалавек.",
}
DAY = date(2024, 12, 29)


@pytest.mark.parametrize(
    ("language", "decree"),
    [
        ("en", "On 28 December 2024 the President of Belarus signed decree No. 502."),
        ("ru", "28 декабря 2024 года президент Беларуси подписал указ № 502."),
        ("be", "28 снежня 2024 года прэзідэнт Беларусі падпісаў указ № 502."),
    ],
)
def test_the_day_on_which_the_decree_was_signed_is_the_day_of_the_pardon(language: str, decree: str) -> None:
    extraction = extract(f"{decree} {PARDONED[language]}", as_of=DAY)
    assert (extraction.occurred_on, extraction.facts.pardoned) == ("2024-12-28", 14)


@pytest.mark.parametrize(
    "before",
    [
        "On 3 January 2024 the President of Belarus signed decree No. 12 on the taxation of agricultural companies.",
        "On 3 January 2024 the President of Belarus signed decree No. 12.\n\nThe market fell.",
        "On 3 January 2024 the President of Belarus signed decree No. 12. The market fell the next week by a third.",
    ],
)
def test_a_decree_of_something_else_or_elsewhere_in_the_text_gives_no_day(before: str) -> None:
    assert extract(f"{before} {PARDONED['en']}", as_of=DAY).occurred_on is None
