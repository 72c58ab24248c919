"""Numbers of people: digits and words in three languages, hedges, and what must be no number at all."""

from __future__ import annotations

import pytest

from services.contract import Precision
from services.ingest.extraction.lexicon import lexicon
from services.ingest.extraction.sentences.numbers import ordinals, quantities
from services.ingest.extraction.sentences.passages import plain
from services.ingest.extraction.sentences.read_sentence import read


def values(text: str, language: str = "en") -> list[int]:
    return [quantity.value for quantity in quantities(plain(text), lexicon(language))]


@pytest.mark.parametrize("written", ["1 250", "1,250", "1.250", "1250"])
def test_groups_of_thousands_are_read_with_every_separator(written: str) -> None:
    assert values(f"{written} people") == [1250]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "thirty-two people", 32),
        ("en", "One hundred and twenty-three people", 123),
        ("en", "two thousand five hundred people", 2500),
        ("en", "two dozen people", 24),
        ("en", "more than a hundred people", 100),
        ("en", "1.2 thousand people", 1200),
        ("ru", "65 тысяч человек", 65_000),
        ("ru", "более тысячи двухсот человек", 1200),
        ("ru", "1,3 тысячи человек", 1300),
        ("be", "пяцёх жыхароў", 5),
        ("be", "звыш тысячы чалавек", 1000),
        ("ru", "трое человек", 3),
        ("ru", "двадцать один человек", 21),
        ("ru", "двух десятков человек", 20),
        ("ru", "сто двадцать три человека", 123),
        ("be", "дзвюх жанчын", 2),
        ("be", "трыццаць два чалавекі", 32),
        ("be", "дзесяць чалавек", 10),
        ("en", "half a dozen people", 6),
        ("en", "a half-dozen people", 6),
        ("en", "half a hundred people", 50),
        ("en", "one and a half dozen people", 18),
        ("en", "two and a half thousand people", 2500),
        ("ru", "полдюжины человек", 6),
        ("ru", "полтора десятка человек", 15),
        ("ru", "около полутора сотен человек", 150),
        ("ru", "два с половиной десятка человек", 25),
        ("ru", "две дюжины человек", 24),
        ("be", "паўтузіна чалавек", 6),
        ("be", "паўтара дзясятка чалавек", 15),
        ("be", "тры з паловай сотні чалавек", 350),
        ("be", "два тузіны чалавек", 24),
    ],
)
def test_number_words_add_up(language: str, text: str, value: int) -> None:
    assert values(text, language) == [value]


def people(text: str, language: str) -> list[int]:
    """The numbers of a text that may count people."""
    return [quantity.value for reading in read(text, lexicon(language)) for quantity in reading.quantities]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the eighth since the summer of 2024, and 207 in all"),
        ("en", "207 people have left prison since 2020"),
        ("ru", "с лета 2024 года освобождены 207 человек"),
        ("be", "у 2024-м вызвалілі 207 чалавек"),
        ("en", "jailed for 15 days, 207 people paid 40 roubles under Article 342"),
        ("ru", "207 человек в возрасте от 19 до 65 лет получили по 15 суток"),
        ("en", "207 people, those over 60, women past 70 and men younger than 30"),
        ("ru", "207 человек старше 60"),
        ("be", "207 чалавек, старэйшыя за 60"),
        ("en", "207 people and a blogger with 200 thousand followers"),
        ("ru", "207 человек и блогер с 200 тысячами подписчиков"),
        ("ru", "207 человек и блогер с 200 подписчиками"),
        ("be", "207 чалавек і блогер з аўдыторыяй у 5000 чытачоў"),
        ("be", "207 чалавек атрымалі да 15 сутак паводле артыкула 342"),
    ],
)
def test_years_ages_terms_and_articles_count_no_people(language: str, text: str) -> None:
    assert people(text, language) == [207]


def test_a_number_that_looks_like_a_year_may_count_people() -> None:
    assert people("More than 2000 people are held.", "en") == [2000]


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
        ("ru", "после четвёртого указа", 4),
        ("be", "чацвёртым указам", 4),
    ],
)
def test_ordinals_are_kept_apart_from_numbers(language: str, text: str, value: int) -> None:
    assert [ordinal.value for ordinal in ordinals(plain(text), lexicon(language))] == [value]
    assert values(text, language) == []
