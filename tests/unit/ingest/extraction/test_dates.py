"""Days: found in three languages, resolved against the day of the text and never against today."""

from __future__ import annotations

from datetime import date

import pytest

from services.ingest.extraction import extract
from services.ingest.extraction.lexicon import lexicon
from services.ingest.extraction.sentences.dates import mentions, resolve

SATURDAY = date(2024, 12, 28)


def day(text: str, language: str = "en", reference: date | None = SATURDAY) -> date | None:
    (mention,) = mentions(text, lexicon(language))
    return resolve(mention, reference)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "on 28 December 2024"),
        ("en", "on December 28, 2024"),
        ("en", "on 2024-12-28"),
        ("ru", "28.12.2024"),
        ("ru", "28 декабря 2024 года"),
        ("be", "28 снежня 2024 года"),
        ("be", "28 сьнежня 2024 году".replace("сьнежня", "снежня")),
    ],
)
def test_a_full_date_needs_no_reference(language: str, text: str) -> None:
    assert day(text, language, reference=None) == SATURDAY


@pytest.mark.parametrize(
    ("language", "text"), [("en", "on Saturday"), ("ru", "в субботу"), ("be", "у суботу"), ("en", "today")]
)
def test_a_weekday_or_today_is_a_day_only_where_the_day_of_the_text_is_known(language: str, text: str) -> None:
    assert day(text, language) == SATURDAY
    assert day(text, language, reference=None) is None


def test_a_weekday_is_the_last_one_before_the_text() -> None:
    assert day("on Sunday") == date(2024, 12, 22)


def test_yesterday_is_the_day_before_the_text() -> None:
    assert day("вчера", "ru") == date(2024, 12, 27)


def test_a_day_without_a_year_is_last_years_where_this_years_is_far_ahead() -> None:
    assert day("on 16 August", reference=date(2025, 1, 10)) == date(2024, 8, 16)


def test_a_day_without_a_year_may_be_a_holiday_to_come() -> None:
    assert day("the 9 May holiday", reference=date(2025, 5, 7)) == date(2025, 5, 9)


def test_a_day_without_a_year_is_unknown_without_a_reference() -> None:
    assert day("on 16 August", reference=None) is None


@pytest.mark.parametrize("text", ["31 February 2024", "15.13.2024", "2024-02-31"])
def test_a_day_that_is_not_in_the_calendar_is_none(text: str) -> None:
    assert day(text) is None


def test_may_the_verb_is_no_month() -> None:
    assert mentions("they may be pardoned", lexicon("en")) == ()


@pytest.mark.parametrize(
    "text",
    [
        "28 декабря, Минск /Корр. Пример/. Лукашенко помиловал 20 человек, сообщили в пресс-службе.",
        "Минск. 28 декабря. Пример. Лукашенко подписал указ о помиловании 20 осужденных.",
        "МИНСК, 28 декабря.\n\nЛукашенко помиловал 20 человек, сообщили в пресс-службе.",
        "Мінск, 28 снежня.\n\nЛукашэнка памілаваў 20 чалавек.",
        "MINSK, Dec 28 (Sample Wire) - Alexander Lukashenko pardoned 20 people.",
    ],
)
def test_a_dateline_dates_the_act_and_without_a_year_it_is_a_vague_day(text: str) -> None:
    assert extract(text, published=date(2024, 12, 29)).occurred_on == "2024-12-28"
    undated = extract(text)
    assert (undated.occurred_on, undated.vague_day) == (None, "--12-28")


def test_a_weekday_in_an_undated_text_is_a_vague_day() -> None:
    assert extract("Alexander Lukashenko pardoned 20 people on Friday.").vague_day == "W5"
    assert extract("Alexander Lukashenko pardoned 20 people on 31 February.").vague_day is None
