"""A word with the ending of a patronymic is one where it is made of a given name, in every case; a surname is none."""

from __future__ import annotations

import pytest

from services.ingest.extraction.people.morphology import has_father

MEN = ["Иванович", "Сергеевич", "Ильич", "Лукич", "Павлович", "Мікалаевіч", "Паўлавіч", "Пятровіч", "Уладзіміравіч"]
WOMEN = ["Ивановна", "Сергеевна", "Ильинична", "Мікалаеўна", "Паўлаўна", "Пятроўна", "Уладзіміраўна"]
SURNAMES = ["Гриневич", "Шушкевич", "Статкевич", "Дашкевич", "Пашкевич", "Гайдукевич", "Мацкевич"]


@pytest.mark.parametrize("word", MEN)
def test_a_sons_is_one_in_every_case(word: str) -> None:
    assert all(has_father(word + ending) for ending in ("", "а", "у", "ем", "ам"))


@pytest.mark.parametrize("word", WOMEN)
def test_a_daughters_too(word: str) -> None:
    assert all(has_father(word.removesuffix("а") + ending) for ending in ("а", "ы", "е", "у", "ой", "ай"))


@pytest.mark.parametrize("word", SURNAMES)
def test_a_surname_that_ends_so_is_none(word: str) -> None:
    assert not has_father(word)
