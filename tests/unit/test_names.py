"""The folding of names: spellings of one person meet, different people do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.names import fold, given_names, similarity, without_patronymic

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


GIVEN_NAMES = (
    ("Зміцер", "Дзмітрый", "Дмитрий", "Dzmitry", "Zmitser", "Dmitry", "Źmicier"),
    ("Вольга", "Ольга", "Volha", "Olga", "Olha"),
    ("Рыгор", "Григорий", "Ryhor", "Grigory"),
    ("Генадзь", "Геннадий", "Henadz", "Gennady", "Gienadź"),
    ("Ганна", "Анна", "Hanna", "Anna"),
    ("Кацярына", "Екатерина", "Katsiaryna", "Ekaterina", "Kaciaryna"),
    ("Сямён", "Семён", "Siamion", "Semyon"),
    ("Яўген", "Евгений", "Yauhen", "Evgeny", "Jaŭhien"),
)


@pytest.mark.parametrize("forms", GIVEN_NAMES, ids=lambda forms: forms[2])
def test_the_forms_of_one_given_name_are_one_name(forms: tuple[str, ...]) -> None:
    assert {fold(f"{form} Бабарыка") for form in forms} == {fold(f"{forms[0]} Бабарыка")}


def test_no_two_rows_of_given_names_share_a_form() -> None:
    forms = [form for name in given_names() for form in dict.fromkeys(name.forms)]
    assert sorted(form for form in set(forms) if forms.count(form) > 1) == []


def test_a_patronymic_must_agree_where_both_names_have_one() -> None:
    known = fold("Николай Викторович Статкевич")
    assert similarity(known, fold("Статкевич Николай Викторович")) == 100
    assert similarity(known, fold("Мікалай Віктаравіч Статкевіч")) == 100
    assert similarity(known, fold("Николай Петрович Статкевич")) < 85


def test_a_name_without_a_patronymic_meets_the_same_with_one() -> None:
    full, short = fold("Тихановский Сергей Леонидович"), fold("Siarhei Tsikhanouski")
    assert similarity(full, short) == 100
    assert without_patronymic(full) == short == without_patronymic(short)


def test_a_surname_that_ends_like_a_patronymic_is_a_surname() -> None:
    assert "." not in fold("Мікалай Статкевіч") + fold("Natalia Radina-Lvovna") + fold("Карповіч Андрэй")


@given(st.text(max_size=400))
def test_any_text_folds_to_a_key_that_folding_again_does_not_fail_on(text: str) -> None:
    key = fold(text)
    assert key == fold(text)
    assert key == " ".join(key.split())
    assert fold(key) == "" if not key else True


@given(st.text(max_size=60), st.text(max_size=60))
def test_similarity_is_symmetric_and_between_0_and_100(a: str, b: str) -> None:
    a_key, b_key = fold(a), fold(b)
    assert similarity(a_key, b_key) == similarity(b_key, a_key)
    assert 0 <= similarity(a_key, b_key) <= 100
    assert similarity(a_key, a_key) == 100


def test_different_people_fold_to_keys_that_are_far_apart() -> None:
    keys = [fold(spellings[0]) for spellings in SPELLINGS]
    assert all(similarity(a, b) < 85 for a in keys for b in keys if a != b)


def test_the_order_of_the_parts_of_a_name_does_not_matter() -> None:
    assert fold("Bialiatski Ales") == fold("Ales Bialiatski") == fold("BIALIATSKI, Ales")


def test_a_mark_in_one_word_of_a_name_tells_how_the_others_are_spelt() -> None:
    assert fold("Uładzimir Chamianok") == fold("Уладзімір Хамянок") != fold("Uladzimir Chamianok")


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
