"""The folding of names: spellings of one person meet, different people do not."""

from __future__ import annotations

import pytest

from services.names import fold, similarity

SPELLINGS = (
    ("Алесь Бяляцкі", "Алесь Беляцкий", "Ales Bialiatski", "Ales Byalyatski", "Ales Belyatsky", "Aleś Białacki"),
    ("Марыя Калеснікава", "Мария Колесникова", "Maria Kalesnikava", "Maria Kolesnikova", "Maryja Kalesnikava"),
    ("Сяргей Ціханоўскі", "Сергей Тихановский", "Siarhei Tsikhanouski", "Syarhey Tsikhanouski", "Sergei Tikhanovsky"),
    ("Віктар Бабарыка", "Виктор Бабарико", "Viktar Babaryka", "Viktor Babariko", "Wiktar Babaryka"),
    ("Мікалай Статкевіч", "Николай Статкевич", "Mikola Statkevich", "Mikalaj Statkevič", "Mikoła Statkiewicz"),
    ("Уладзімір Лабковіч", "Владимир Лабкович", "Uladzimir Labkovich", "Uładzimir Łabkovič"),
)


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[2])
def test_the_spellings_of_one_person_fold_to_one_key(spellings: tuple[str, ...]) -> None:
    assert {fold(spelling) for spelling in spellings} == {fold(spellings[0])}


def test_different_people_fold_to_keys_that_are_far_apart() -> None:
    keys = [fold(spellings[0]) for spellings in SPELLINGS]
    assert all(similarity(a, b) < 85 for a in keys for b in keys if a != b)


def test_the_order_of_the_parts_of_a_name_does_not_matter() -> None:
    assert fold("Bialiatski Ales") == fold("Ales Bialiatski") == fold("BIALIATSKI, Ales")


def test_a_married_couple_of_one_surname_keeps_two_keys() -> None:
    assert fold("Siarhei Tsikhanouski") != fold("Sviatlana Tsikhanouskaya")


def test_a_cyrillic_letter_in_a_latin_name_is_repaired_and_the_reverse() -> None:
    assert fold("Viktаr Bаbaryka") == fold("Viktar Babaryka")
    assert fold("Віктaр Бабaрыка") == fold("Віктар Бабарыка")


def test_a_decomposed_name_folds_like_a_composed_one() -> None:
    assert fold("Ціханоу\u0306скі") == fold("Ціханоўскі")


@pytest.mark.parametrize("nothing", ["", "   ", "123", "²³ — !", "\u200b", "'"])
def test_what_holds_no_letter_folds_to_nothing(nothing: str) -> None:
    assert fold(nothing) == ""


def test_a_name_in_a_script_we_do_not_know_stays_itself_and_meets_no_other() -> None:
    assert fold("王伟") != fold("李伟") != ""


def test_similarity_is_100_for_equal_keys_and_0_for_nothing_in_common() -> None:
    assert similarity("abc", "abc") == 100
    assert similarity("abc", "xyz") == 0
