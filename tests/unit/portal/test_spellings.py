"""In which spellings somebody is found: only such as are really found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.names import fold
from services.portal.signup.spellings import spellings

NAMES = [
    "Алесь Бяляцкі",
    "Беляцкий Алесь",
    "Aleś Białacki",
    "Ales Bialiatski",
    "Сяргей Ціханоўскі",
    "Siarhei Tsikhanouski",
    "Щербаков Игорь",
    "Мікалай Дзядок",
    "Viktar Babaryka",
    "Анна-Мария Ярошевич",
    "Łukaš Žyvuška",
    "М. Калеснікава",
    "БЯЛЯЦКІ АЛЕСЬ",
]


@pytest.mark.parametrize("name", NAMES)
def test_each_spelling_meets_the_name_and_the_first_is_as_it_was_typed(name: str) -> None:
    found = spellings(name)
    assert found[0] == name
    assert len(found) >= 3
    assert len(set(found)) == len(found)
    assert {fold(one) for one in found} == {fold(name)}


@pytest.mark.parametrize("name", ["Алесь Бяляцкі", "Беляцкий Алесь", "Ales Bialiatski", "Мікалай Дзядок"])
def test_there_are_both_alphabets_among_them(name: str) -> None:
    found = " ".join(spellings(name)).lower()
    assert any("а" <= sign <= "я" for sign in found)
    assert any("a" <= sign <= "z" for sign in found)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Алесь Бяляцкі", "Alaksandr Bialacki"),
        ("Ales Bialiatski", "Александр Бяляцкий"),
        ("Мікалай Дзядок", "Николай Дзядок"),
        ("Игорь Щербаков", "Ігар Шчербакоў"),
        ("Ihar Shcherbakou", "Игорь Щербакоу"),
    ],
)
def test_a_given_name_has_its_own_form_in_each_language(typed: str, shown: str) -> None:
    assert shown in spellings(typed)


@given(st.text(max_size=400))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    assert all(fold(one) == fold(text) for one in spellings(text))
