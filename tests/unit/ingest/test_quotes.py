"""A claim bears its own words where they can name nobody, and none where they might."""

from __future__ import annotations

import pytest

from services.contract import Claim, Party, PartyClass, Person, Role, Value
from services.ingest.quotes import LONGEST, with_quotes
from services.names import fold

SOMEBODY = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)


def quote(
    words: str, *, language: str = "en", value: Value = 6, named: tuple[str, ...] = (), field: str = "detained"
) -> str | None:
    text = f"On Friday {words}, it was said."
    claim = Claim(field=field, value=value, said_by=SOMEBODY, span=(10, 10 + len(words)))
    persons = [Person(name=name, role=Role.MENTIONED, key=fold(name)) for name in named]
    [quoted] = with_quotes([claim], text, language, persons)
    return quoted.quote


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "6 people were detained"),
        ("ru", "задержаны 6 человек"),
        ("be", "затрымалі 6 чалавек"),
        ("en", "at least 6"),
    ],
)
def test_words_that_count_are_quoted_as_they_stand(language: str, words: str) -> None:
    assert quote(words, language=language) == words


@pytest.mark.parametrize("value", [True, False])
def test_words_that_say_yes_or_no_are_quoted(value: bool) -> None:
    assert quote("they petitioned", value=value) == "they petitioned"


@pytest.mark.parametrize(
    "words",
    [
        "Maryna and 5 others",
        "6 people with Halubovich",
        "6 MEMBERS",
        "Шесть человек",
        "6 человек и Голубович",
        "six of Łomża",
    ],
)
def test_nothing_with_a_capital_letter_is_quoted(words: str) -> None:
    assert quote(words, language="ru") is None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "maria and 5 others"),
        ("ru", "6 человек, среди них марию"),
        ("be", "6 чалавек з марыяй"),
        ("ru", "сергею и 5 другим"),
    ],
)
def test_nor_what_looks_like_a_given_name_in_small_letters_in_whatever_case(language: str, words: str) -> None:
    assert quote(words, language=language) is None


def test_nor_a_person_whom_the_text_mentions_in_whatever_role() -> None:
    assert quote("6 people with halubovich", named=("Zmicier Halubovich",)) is None


@pytest.mark.parametrize("value", ["some charge", ("Zmicier Halubovich",)])
def test_what_is_told_in_the_source_s_words_is_not_told_twice(value: Value) -> None:
    assert quote("some charge", value=value) is None


@pytest.mark.parametrize("words", ["", "6 " + "people " * LONGEST, "6\npeople", "6 people\u202e"])
def test_nothing_empty_long_or_invisible_is_quoted(words: str) -> None:
    assert quote(words) is None


@pytest.mark.parametrize("language", ["de", "uk", "ka", "und"])
def test_nor_is_a_language_whose_names_we_cannot_tell(language: str) -> None:
    assert quote("6 people were detained", language=language) is None
