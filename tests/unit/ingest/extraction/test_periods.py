"""From when on running counts count, and of which day a count is: as the text says it, and never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from services.ingest.extraction import Extraction, extract

PARDONED = {
    "en": "Lukashenko has pardoned 20 prisoners in Belarus, the presidential website said.",
    "ru": "Лукашенко помиловал 20 заключенных в Беларуси, сообщил сайт президента.",
    "be": "Лукашэнка памілаваў 20 зняволеных у Беларусі, паведаміў сайт прэзідэнта.",
}
WINTER = date(2024, 12, 29)


def read(language: str, sentence: str, day: date | None = WINTER) -> Extraction:
    return extract(f"{PARDONED[language]} {sentence}", language=language, published=day)


@pytest.mark.parametrize(
    ("language", "sentence", "period"),
    [
        ("en", "It is the eighth pardon since the summer of 2024, Viasna says.", "2024-summer"),
        ("en", "It is the eighth pardon since mid-summer 2024.", "2024-summer"),
        ("en", "It is the eighth pardon since July 2024.", "2024-07"),
        ("en", "It is the eighth pardon since July.", "2024-07"),
        ("en", "It is the eighth pardon since the summer.", "2024-summer"),
        ("en", "It is the eighth pardon since 3 July 2024.", "2024-07-03"),
        ("en", "It is the eighth pardon of the year.", "2024"),
        ("en", "According to Viasna, 207 people have been released in total since July last year.", "2023-07"),
        ("en", "Since August 2020, 207 people have been freed in total, Viasna says.", "2020-08"),
        ("ru", "Это восьмое помилование с лета 2024 года.", "2024-summer"),
        ("ru", "Это восьмое помилование с июля.", "2024-07"),
        ("ru", "По данным «Вясны», с июля 2024 года на свободу вышли 207 человек.", "2024-07"),
        ("ru", "Всего с середины лета 2024 года освободили 207 человек, говорит «Вясна».", "2024-summer"),
        ("be", "Гэта восьмае памілаванне з лета 2024 года.", "2024-summer"),
        ("be", "Гэта восьмае памілаванне з ліпеня 2024 года.", "2024-07"),
        ("be", "Паводле «Вясны», з ліпеня на волю выйшлі 207 чалавек.", "2024-07"),
    ],
)
def test_a_count_says_from_when_on_it_counts(language: str, sentence: str, period: str) -> None:
    assert read(language, sentence).facts.counted_since == period


@pytest.mark.parametrize(
    ("language", "sentence", "day"),
    [
        ("en", "It is the eighth pardon since July.", None),  # of which year?
        ("en", "It is the eighth pardon since the summer.", date(2025, 7, 3)),  # this one or the last?
        ("en", "It is the eighth pardon.", WINTER),
        ("en", "About 1,250 people remain behind bars; some have been there since 2020.", WINTER),
        ("en", "It is the eighth pardon; the protests have gone on since August 2020.", WINTER),
        (
            "en",
            "It is the second pardon since November, and 207 people have been released in total since July.",
            WINTER,
        ),
        ("ru", "Это восьмое помилование.", WINTER),
        ("ru", "За решеткой остаются 1250 человек, многие сидят с 2020 года.", WINTER),
        ("be", "Гэта восьмае памілаванне.", WINTER),
    ],
)
def test_no_period_is_guessed_nor_taken_from_something_else(language: str, sentence: str, day: date | None) -> None:
    assert read(language, sentence, day).facts.counted_since is None


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "As of 27 December, 1,245 political prisoners remain behind bars, Viasna says."),
        ("en", "Viasna counted 1,245 political prisoners behind bars as of December 27."),
        ("en", "By 27 December 1,245 political prisoners remained behind bars, Viasna says."),
        ("ru", "По состоянию на 27 декабря за решеткой остаются 1245 политзаключенных."),
        ("ru", "На 27 декабря за решеткой остаются 1245 политзаключенных, сообщает «Вясна»."),
        ("be", "Станам на 27 снежня за кратамі застаюцца 1245 палітвязняў."),
        ("be", "На 27 снежня за кратамі застаюцца 1245 палітвязняў, паведамляе «Вясна»."),
    ],
)
def test_a_count_bears_the_day_that_the_text_gives_it(language: str, sentence: str) -> None:
    found = read(language, sentence)
    assert [(one.value, one.as_of) for one in found.claims if one.field == "still_held"] == [(1245, "2024-12-27")]
    assert [one.as_of for one in found.claims if one.field == "pardoned"] == [None]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "1,245 political prisoners remain behind bars, Viasna said on 27 December."),
        ("en", "As of 27 December nothing is known; 1,245 political prisoners remain behind bars."),
        ("en", "As of 31 December 1,245 political prisoners remain behind bars."),  # still to come
        ("ru", "За решеткой остаются 1245 политзаключенных; на 27 декабря назначен суд."),
        ("be", "За кратамі застаюцца 1245 палітвязняў; на 27 снежня прызначаны суд."),
    ],
)
def test_a_day_of_something_else_is_no_day_of_the_count(language: str, sentence: str) -> None:
    assert all(claim.as_of is None for claim in read(language, sentence).claims)


def test_of_two_counts_of_two_days_the_newer_one_stands() -> None:
    found = read(
        "en",
        "As of 1 December, 1,280 political prisoners were behind bars, Viasna says. "
        "As of 27 December, 1,245 political prisoners remain behind bars, Viasna says.",
    )
    assert found.facts.still_held == 1245
