"""Numbers of people: digits and words in three languages, hedges, and what must be no number at all."""

from __future__ import annotations

import pytest

from services.contract import Precision
from services.ingest.extraction.lexicon import lexicon
from services.ingest.extraction.numbers import ordinals, quantities


def values(text: str, language: str = "en") -> list[int]:
    return [quantity.value for quantity in quantities(text, lexicon(language))]


@pytest.mark.parametrize("written", ["1 250", "1,250", "1.250", "1250"])
def test_groups_of_thousands_are_read_with_every_separator(written: str) -> None:
    assert values(f"{written} people") == [1250]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "thirty-two people", 32),
        ("en", "One hundred and twenty-three people", 123),
        ("en", "two thousand five hundred people", 2500),
        ("ru", "трое человек", 3),
        ("ru", "двадцать один человек", 21),
        ("ru", "двух десятков человек", 20),
        ("ru", "сто двадцать три человека", 123),
        ("be", "дзьвюх жанчын", 2),
        ("be", "трыццаць два чалавекі", 32),
        ("be", "дзесяць чалавек", 10),
    ],
)
def test_number_words_add_up(language: str, text: str, value: int) -> None:
    assert values(text, language) == [value]


@pytest.mark.parametrize("text", ["hundreds of people", "dozens were held", "тысячи", "several people"])
def test_a_vague_word_is_no_number(text: str) -> None:
    assert values(text, "ru" if text == "тысячи" else "en") == []


def test_two_number_words_that_make_no_one_number_stay_two() -> None:
    assert values("two, three people") == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "1e309 people",
        "²³ people",
        "20² people",
        "-20 people",
        "3.5 people",
        "20% of them",
        "0 people",
        "99999999999 people",
    ],
)
def test_a_hostile_or_broken_number_is_none(text: str) -> None:
    assert values(text) == []


def test_an_article_of_the_code_is_no_number_of_people() -> None:
    assert values("under 361-1 and 342-2") == []


@pytest.mark.parametrize(
    ("language", "text", "precision"),
    [
        ("en", "about 30 people", Precision.ABOUT),
        ("en", "roughly 1,250", Precision.ABOUT),
        ("en", "at least seven people", Precision.AT_LEAST),
        ("en", "more than 430", Precision.OVER),
        ("en", "nearly 1,300", Precision.ALMOST),
        ("en", "exactly 30", Precision.EXACT),
        ("ru", "как минимум 18", Precision.AT_LEAST),
        ("ru", "свыше 1 250", Precision.OVER),
        ("ru", "около тридцати", Precision.ABOUT),
        ("ru", "почти 400", Precision.ALMOST),
        ("be", "больш за 1000", Precision.OVER),
        ("be", "прынамсі 7", Precision.AT_LEAST),
        ("be", "каля 20", Precision.ABOUT),
    ],
)
def test_the_hedge_before_a_number_is_kept(language: str, text: str, precision: Precision) -> None:
    (quantity,) = quantities(text, lexicon(language))
    assert quantity.precision is precision
    assert text[quantity.start :].startswith(text.split()[0] if precision is not Precision.EXACT else "30")


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "the eighth pardon", 8),
        ("en", "the 8th pardon", 8),
        ("ru", "восьмое помилование", 8),
        ("be", "шостая хваля", 6),
    ],
)
def test_ordinals_are_kept_apart_from_numbers(language: str, text: str, value: int) -> None:
    assert [ordinal.value for ordinal in ordinals(text, lexicon(language))] == [value]
    assert values(text, language) == []
