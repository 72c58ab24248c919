"""Where words meet, у and ў follow the orthography: by what stands before, not by who wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.content.belarusian_sounds import with_short_u

VOWELS = "аеёіоуыэюя"
CONSONANTS = "бвгджзйклмнпрстўфхцчшь"


@pytest.mark.parametrize("vowel", VOWELS)
@pytest.mark.parametrize("word", ["у Гродне", "указ", "усе", "ўзімку"])
def test_after_a_vowel_the_word_begins_with_short_u(vowel: str, word: str) -> None:
    assert with_short_u(f"слов{vowel} {word}") == f"слов{vowel} ў{word[1:]}"


@pytest.mark.parametrize("consonant", CONSONANTS)
@pytest.mark.parametrize("word", ["у Гродне", "ўказ", "усе"])
def test_after_a_consonant_it_begins_with_u(consonant: str, word: str) -> None:
    assert with_short_u(f"слов{consonant} {word}") == f"слов{consonant} у{word[1:]}"


@pytest.mark.parametrize("stop", [", ", ". ", ": ", "; ", " — ", " – ", " - ", " (", ") ", "… ", "/"])
def test_after_a_stop_it_begins_with_u_whatever_stood_before(stop: str) -> None:
    assert with_short_u(f"яна{stop}ў Гродне") == f"яна{stop}у Гродне"


@pytest.mark.parametrize("between", [" ", "\u00a0", "\n", "» ", " «", "” ", "» «", '" '])
def test_quotation_marks_and_any_kind_of_space_are_no_stop(between: str) -> None:
    assert with_short_u(f"Вясна{between}указ") == f"Вясна{between}ўказ"
    assert with_short_u(f"Хартыяй{between}ўказ") == f"Хартыяй{between}указ"


@pytest.mark.parametrize("text", ["У Гродне", "у Гродне", "«у Гродне»", "(у Гродне)"])
def test_at_the_beginning_it_is_u(text: str) -> None:
    assert with_short_u(text) == text


def test_a_hyphen_joins() -> None:
    assert with_short_u("мастакі-умельцы, снег-ўраган") == "мастакі-ўмельцы, снег-ураган"


@pytest.mark.parametrize("name", ["Украіне", "Узбекістане", "Ушачах", "Уладзіміра"])
def test_a_name_keeps_its_capital(name: str) -> None:
    assert with_short_u(f"ва {name}") == f"ва {name}"


@pytest.mark.parametrize("word", ["унія", "урны", "ультра", "узус", "унты"])
def test_a_stressed_u_is_no_short_one(word: str) -> None:
    assert with_short_u(f"да {word}") == f"да {word}"


def test_a_heading_in_capitals_is_written_like_any_other() -> None:
    assert with_short_u("ЗАТРЫМАЛІ У ГРОДНЕ, СУД У ГРОДНЕ") == "ЗАТРЫМАЛІ Ў ГРОДНЕ, СУД У ГРОДНЕ"
    assert with_short_u("Яна Уладзіміраўна") == "Яна Уладзіміраўна"


@pytest.mark.parametrize(
    ("number", "opens"),
    [
        *((number, False) for number in ("0", "1", "5", "8", "11", "12", "13", "14", "20", "40", "50", "111", "500")),
        *((number, True) for number in ("2", "3", "4", "22", "104", "90", "190", "100", "200", "400", "1100", "1090")),
        *((number, True) for number in ("1000", "1\u00a0000", "2000", "22\u00a0000", "2\u00a0000\u00a0000")),
        *((number, False) for number in ("5000", "12\u00a0000", "20\u00a0000", "1\u00a0245")),
        *((number, False) for number in ("1250", "1\u00a0000\u00a0000", "5\u00a0000\u00a0000")),
    ],
)  # fmt: skip
def test_a_number_in_digits_counts_as_it_is_spoken(number: str, opens: bool) -> None:
    assert with_short_u(f"іх {number} у Гродне") == f"іх {number} {'ў' if opens else 'у'} Гродне"


@pytest.mark.parametrize(
    ("party", "u"),
    [("КДБ", "у"), ("МУС", "у"), ("ГУБАЗіК", "у"), ("БелТА", "ў"), ("Reform.news", "у"), ("Human Constanta", "ў")],
)
def test_an_abbreviation_or_a_latin_name_is_taken_by_its_last_letter(party: str, u: str) -> None:
    assert with_short_u(f"паведамляе {party} у панядзелак") == f"паведамляе {party} {u} панядзелак"


@pytest.mark.parametrize("before", ["маці", "бацька", "сын", "КДБ"])
def test_the_conjunction_stays_after_a_vowel_too(before: str) -> None:
    assert with_short_u(f"{before} і дачка, {before} ісці") == f"{before} і дачка, {before} ісці"


def test_words_of_others_stay_as_they_were_written() -> None:
    text = "яна сказала «было у него» у Гродне"
    assert with_short_u(text, [text.rindex("у Гродне")]) == "яна сказала «было у него» ў Гродне"
    assert with_short_u("было у него", []) == "было у него"


@given(st.text(alphabet="аоубкўУЎ «»,.-2 10\u00a0\n’"))
def test_it_changes_nothing_but_u_and_is_done_at_once(text: str) -> None:
    done = with_short_u(text)
    fold = str.maketrans("ўЎ", "уУ")
    assert done.translate(fold) == text.translate(fold)
    assert with_short_u(done) == done


@given(st.text())
def test_any_text_at_all_keeps_its_length(text: str) -> None:
    assert len(with_short_u(text)) == len(text)
    assert len(with_short_u(text, range(len(text)))) == len(text)
