"""Numbers and dates that nobody could mean are not read; how a number is grouped makes no difference."""

from __future__ import annotations

from datetime import date

import pytest

from services.ingest.extraction import extract

UNSOUND = [
    "٣٢", "²³", "2³", "20½", "½", "𝟚𝟘", "２０", "Ⅷ", "-20", "\u221220", "0", "NaN", "1e3", "1.5", "20%", "99999999999",
    "2\u200b0", "2\u200d\u200d0", "2\u202e0", "2\u00ad0",
]  # fmt: skip


@pytest.mark.parametrize("number", UNSOUND)
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Lukashenko pardoned {} people in Belarus."), ("ru", "Лукашенко помиловал {} человек, сообщила БелТА.")],
)
def test_what_is_no_sound_number_of_people_is_not_counted(number: str, language: str, text: str) -> None:
    assert extract(text.format(number), language=language).facts.pardoned is None


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f", "\u2007", ",", "."])
def test_a_thousand_may_be_grouped_in_every_usual_way(space: str) -> None:
    assert extract(f"Lukashenko pardoned 1{space}400 people in Belarus.").facts.pardoned == 1400


@pytest.mark.parametrize("published", [date.min, date.max, date(1600, 2, 29)])
@pytest.mark.parametrize(
    "text",
    [
        "Позавчера в Минске задержали троих человек.",
        "У панядзелак у Мінску затрымалі трох чалавек.",
        "On 5 December police in Minsk detained three people.",
        "Heute hat die Polizei in Minsk drei Menschen festgenommen.",
    ],
)
def test_a_day_of_publication_in_an_impossible_year_says_nothing(text: str, published: date) -> None:
    assert extract(text, published=published).occurred_on is None


@pytest.mark.parametrize("day", ["0000-00-00", "0000-01-01", "9999-12-31", "31.12.9999", "30.02.2024"])
def test_an_impossible_day_in_a_text_is_no_day(day: str) -> None:
    extraction = extract(f"On {day} Lukashenko pardoned 20 people in Belarus.", published=date(2024, 12, 29))
    assert (extraction.facts.pardoned, extraction.occurred_on) == (20, None)


@pytest.mark.parametrize("unseen", ["\u200b", "\u200d\u2060", "\u00ad", "\ufeff"])
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Lukashenko pardoned 20 people in Belarus."), ("be", "Лукашэнка памілаваў 20 чалавек, паведаміла БелТА.")],
)
def test_what_cannot_be_seen_inside_a_word_hides_neither_the_word_nor_its_place(
    language: str, text: str, unseen: str
) -> None:
    hidden = text.replace("ка", f"к{unseen}а").replace("sh", f"s{unseen}h").replace("do", f"d{unseen}o")
    hidden = hidden.replace("мі", f"м{unseen}і")
    seen, found = extract(text), extract(hidden)
    assert (found.kind, found.language, found.facts) == (seen.kind, language, seen.facts)
    assert [each.name for each in found.persons] == [each.name for each in seen.persons]
    shown = [text[slice(*claim.span)] for claim in seen.claims]
    assert [hidden[slice(*claim.span)].replace(unseen, "") for claim in found.claims] == shown
