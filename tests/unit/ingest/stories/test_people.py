"""Which names of two texts mean one person."""

from __future__ import annotations

import pytest

from services.ingest.stories.person_match import Match, match
from services.names import fold


@pytest.mark.parametrize(
    ("a", "b", "is_one"),
    [
        ("Alena Yakubovich", "Palina Yakubovich", False),
        ("Алена Якубовіч", "Елена Якубович", True),
        ("Dzmitry Losik", "Зміцер Лосік", True),
    ],
)
def test_two_given_names_of_one_surname_are_two_people(a: str, b: str, is_one: bool) -> None:
    assert (match(fold(a), fold(b)) is Match.ONE) is is_one


FATHERS = [
    ("Иванович", "Іванавіч", "Ivanovich"),
    ("Петрович", "Пятровіч", "Piatrovich"),
    ("Павлович", "Паўлавіч", "Pavlovich"),
    ("Леонидович", "Лявонавіч", "Leonidovich"),
    ("Евгеньевич", "Яўгенавіч", "Yauhenavich"),
    ("Николаевич", "Мікалаевіч", "Mikalayevich"),
    ("Михайлович", "Міхайлавіч", "Mikhailovich"),
    ("Станиславович", "Станіслававіч", "Stanislavovich"),
    ("Ростиславович", "Расціслававіч", "Rostislavovich"),
    ("Александрович", "Аляксандравіч", "Aliaksandravich"),
    ("Алексеевич", "Аляксеевіч", "Aliakseevich"),
    ("Фёдорович", "Тодаравіч", "Fiodarovich"),
    ("Григорьевич", "Рыгоравіч", "Hryhoravich"),
    ("Владимирович", "Уладзіміравіч", "Uladzimiravich"),
    ("Андреевич", "Андрэевіч", "Andreevich"),
]
"""One father a line: in Russian, in Belarusian, in Latin letters."""
NAMES = ("Канарейкин Сергей", "Канарэйкін Сяргей", "Kanareikin Siarhei")


def _told(father: tuple[str, ...]) -> list[str]:
    return [f"{name} {patronymic}" for name, patronymic in zip(NAMES, father, strict=True)]


@pytest.mark.parametrize("father", FATHERS, ids=lambda father: father[2])
def test_the_same_patronymic_in_each_language_is_one_person(father: tuple[str, ...]) -> None:
    ways = [fold(name) for name in _told(father)]
    assert {match(a, b) for a in ways for b in ways} == {Match.ONE}


@pytest.mark.parametrize("father", FATHERS, ids=lambda father: father[2])
def test_whoever_has_another_father_is_another_person_however_alike_the_letters(father: tuple[str, ...]) -> None:
    own = [fold(name) for name in _told(father)]
    others = [fold(name) for other in FATHERS if other != father for name in _told(other)]
    assert {match(a, b) for a in own for b in others} == {Match.NONE}


def test_daughters_are_told_apart_by_their_fathers_too() -> None:
    own, same = fold("Канарейкина Ольга Ивановна"), fold("Канарэйкіна Вольга Іванаўна")
    other = fold("Канарейкина Ольга Леонидовна")
    assert match(own, same) is Match.ONE
    assert match(own, other) is Match.NONE


def test_a_patronymic_that_only_one_text_has_is_nobody_elses() -> None:
    assert match(fold("Канарейкин Сергей Иванович"), fold("Сергей Канарейкин")) is Match.ONE
