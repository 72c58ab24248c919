"""Whole classes of names, made from the lists: every patronymic, every short form, every surname that many bear."""

from __future__ import annotations

from itertools import combinations

import pytest

from services.names import NameVerdict, match_names, parts_of_name
from services.names.common import common_given, common_surnames
from services.names.fathers import fathers
from services.names.folding import fold_token
from services.names.given import GivenName, every_given_name, given_names
from services.names.given_known import short_names

FATHERS = {
    "Александр": "Александрович Александровна Аляксандравіч Аляксандраўна",
    "Алексей": "Алексеевич Алексеевна Аляксеевіч Аляксееўна",
    "Андрей": "Андреевич Андреевна Андрэевіч Андрэеўна",
    "Антон": "Антонович Антоновна Антонавіч Антонаўна",
    "Аркадий": "Аркадьевич Аркадьевна Аркадзьевіч Аркадзьеўна",
    "Валентин": "Валентинович Валентиновна Валянцінавіч Валянцінаўна",
    "Валерий": "Валерьевич Валериевна Валер'евіч Валер'еўна",
    "Василий": "Васильевич Васильевна Васільевіч Васільеўна",
    "Виктор": "Викторович Викторовна Віктаравіч Віктараўна",
    "Виталий": "Витальевич Витальевна Вітальевіч Вітальеўна",
    "Владимир": "Владимирович Владимировна Уладзіміравіч Уладзіміраўна",
    "Владислав": "Владиславович Владиславовна Уладзіслававіч Уладзіславаўна",
    "Григорий": "Григорьевич Григорьевна Рыгоравіч Рыгораўна",
    "Дмитрий": "Дмитриевич Дмитриевна Дзмітрыевіч Дзмітрыеўна",
    "Егор": "Егорович Егоровна Ягоравіч Ягораўна",
    "Евгений": "Евгеньевич Евгеньевна Яўгеньевіч Яўгеньеўна",
    "Илья": "Ильич Ильинична Ільіч Ільінічна",
    "Иван": "Иванович Ивановна Іванавіч Іванаўна",
    "Лев": "Львович Львовна Львовіч Львоўна",
    "Леонид": "Леонидович Леонидовна Леанідавіч Лявонаўна",
    "Леонтий": "Леонтьевич Леонтьевна Лявонцьевіч Лявонцьеўна",
    "Михаил": "Михайлович Михайловна Міхайлавіч Міхайлаўна",
    "Николай": "Николаевич Николаевна Мікалаевіч Мікалаеўна",
    "Павел": "Павлович Павловна Паўлавіч Паўлаўна",
    "Пётр": "Петрович Петровна Пятровіч Пятроўна",
    "Ростислав": "Ростиславович Ростиславовна Расціслававіч Расціславаўна",
    "Сергей": "Сергеевич Сергеевна Сяргеевіч Сяргееўна",
    "Станислав": "Станиславович Станиславовна Станіслававіч Станіславаўна",
    "Фёдор": "Фёдорович Фёдоровна Фёдаравіч Фёдараўна",
    "Юрий": "Юрьевич Юрьевна Юр'евіч Юр'еўна",
}


def test_every_form_of_a_patronymic_is_of_its_name_and_of_no_other() -> None:
    full = {form: name.be[0] for name in every_given_name() for form in name.ru}
    told = {name: [fathers(fold_token(form)) for form in forms.split()] for name, forms in FATHERS.items()}
    assert [name for name in told for named in told[name] if full[name] not in named] == []
    mixed = [(a, b) for a, b in combinations(told, 2) if any(x & y for x in told[a] for y in told[b])]
    assert mixed == []


def test_two_of_one_name_whose_fathers_are_two_are_two() -> None:
    for (_, ours), (_, others) in combinations(FATHERS.items(), 2):
        a, b = f"Анна {ours.split()[1]} Лось", f"Ганна {others.split()[3]} Лось"
        assert match_names(parts_of_name(a), parts_of_name(b)).verdict is NameVerdict.DIFFERENT, (a, b)


VERDICTS = [(short, of, parts_of_name(f"{short} Лось")) for short, of in sorted(short_names().items())]


@pytest.mark.parametrize("name", every_given_name(), ids=lambda name: name.be[0])
def test_a_short_form_is_its_name_or_a_question_and_never_another_name(name: GivenName) -> None:
    if name.be[0].lower() not in short_names():
        named = parts_of_name(f"{name.ru[0]} Лось")
        same = {short for short, of, watched in VERDICTS if match_names(watched, named).verdict is NameVerdict.SAME}
        assert same - {form.lower() for form in name.forms} <= {
            short for short, of, _ in VERDICTS if of == {name.be[0]}
        }
        asked = {short for short, of, _ in VERDICTS if name.be[0] in of and len(of) > 1}
        assert asked.isdisjoint(same)


def test_what_the_lists_name_are_given_names_of_ours() -> None:
    ours = {name.be[0] for name in every_given_name()}
    assert frozenset[str]().union(*short_names().values()) <= ours
    assert common_given() <= {name.be[0] for name in given_names()}


def test_every_full_given_name_has_one_row() -> None:
    full = [name.be[0] for name in every_given_name()]
    assert len(full) == len(set(full))


def test_the_given_names_of_two_people_of_one_surname_never_alert() -> None:
    """A short form that has a row of its own aside."""
    rows = [name for name in every_given_name() if name.be[0].lower() not in short_names()]
    spelt = [(row.be[0], parts_of_name(f"{row.be[0]} Лось"), parts_of_name(f"{row.ru[0]} Лось")) for row in rows]
    for (name, watched, _), (other, _, named) in combinations(spelt, 2):
        assert match_names(watched, named).verdict is not NameVerdict.SAME, (name, other)


@pytest.mark.parametrize("surname", ["Иванов", "Козлова", "Жук", "Савицкая"])
def test_an_initial_before_a_surname_that_many_bear_asks(surname: str) -> None:
    assert fold_token(surname) in common_surnames()
    for letter, given in (("А", "Анна"), ("С", "Сергей"), ("В", "Валентин")):
        named = f"{given} {surname}"
        assert match_names(parts_of_name(f"{letter}. {surname}"), parts_of_name(named)).verdict is NameVerdict.DOUBTFUL
