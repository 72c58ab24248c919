"""Names come back to the nominative from every case, in both languages that decline them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.extraction.people.morphology import FullName, in_nominative
from services.names import fold

DECLINED = yaml.safe_load((Path(__file__).parent / "declined_names.yaml").read_text(encoding="utf-8"))
CASES = ("genitive", "dative", "accusative", "instrumental")
ROWS = [(language, row.split(" | ")) for language, rows in DECLINED.items() for row in rows]
EACH = [pytest.param(language, forms, id=f"{language} {forms[0]}") for language, forms in ROWS]


def brought_back(name: str, language: str, before: str = "", after: str = "") -> str:
    given_name, surname = name.split(" ", 1)
    parts = in_nominative(FullName(given_name, surname, before=before, after=after), language)
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize("language", ["be", "ru"])
def test_the_list_holds_at_least_150_names_and_hardly_a_gap(language: str) -> None:
    rows = [forms for of, forms in ROWS if of == language]
    assert len(rows) >= 150
    assert sum(form == "-" for forms in rows for form in forms) <= len(rows) * len(CASES) * 0.03


@pytest.mark.parametrize(("language", "forms"), EACH)
def test_a_declined_name_comes_back_and_one_in_the_nominative_stays(language: str, forms: list[str]) -> None:
    nominative, *declined = forms
    told = [(case, form) for case, form in zip(CASES, declined, strict=True) if form != "-"]
    due = nominative.replace("ё", "е")
    for case, form in told:
        found = brought_back(form, language, before="задержали " if case == "accusative" else "")
        assert (case, found.replace("ё", "е")) == (case, due)
        assert fold(found) == fold(nominative)
    assert brought_back(nominative, language, after=" выступила" if language == "ru" else " выступіла") == nominative


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("задержали ", "", "Александр Быков"),
        ("", " задержана в Минске", "Александра Быкова"),
        ("Задержана журналистка ", "", "Александра Быкова"),
        ("", "", "Александр Быков"),
    ],
)
def test_where_both_sexes_would_do_the_sentence_tells(before: str, after: str, expected: str) -> None:
    assert brought_back("Александра Быкова", "ru", before, after) == expected


def test_initials_leave_open_what_they_leave_open() -> None:
    assert in_nominative(FullName("В.", "Барадуліна"), "be") == ("В.", "", "Барадуліна")
    assert in_nominative(FullName("М.", "Гарэцкага"), "be") == ("М.", "", "Гарэцкі")


def test_a_patronymic_comes_back_with_the_name() -> None:
    name = FullName("Василия", "Быкова", patronymic="Владимировича")
    assert in_nominative(name, "ru") == ("Василий", "Владимирович", "Быков")


def test_names_in_latin_letters_and_in_english_stay_as_written() -> None:
    assert brought_back("Siarhei Tsikhanouski", "ru") == "Siarhei Tsikhanouski"
    assert brought_back("Vasil Bykau", "en") == "Vasil Bykau"


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.sampled_from(["be", "ru", "en"]))
def test_any_words_whatever_give_some_name(first: str, patronymic: str, surname: str, language: str) -> None:
    parts = in_nominative(FullName(first, surname, patronymic), language)
    assert len(parts) == 3
    assert parts == in_nominative(FullName(first, surname, patronymic), language)
