"""Names told by where they stand, what is no name though it looks like one, and one person in two spellings."""

from __future__ import annotations

from datetime import date

import pytest

from services.contract import Role
from services.ingest.extraction import extract

PUBLISHED = date(2026, 3, 5)

TOLD = [
    ("en", "Police detained Ales Zubrytski, Zmister Halavach and Nina Lapitskaya in Minsk on 4 March 2026.", 3),
    ("ru", "В Минске 4 марта 2026 года задержали троих: Алесь Зубрицкий, Ззмицер Головач и Нина Лапицкая.", 3),
    ("be", "У Мінску 4 сакавіка 2026 года затрымалі траіх: Алесь Зубрыцкі, Ззміцер Галавач і Ніна Лапіцкая.", 3),
    ("en", "On 4 March 2026 police in Minsk detained the journalist Zzmister Halavenka.", 1),
    ("ru", "В Минске 4 марта 2026 года задержан журналист Ззмицер Головенко.", 1),
    ("be", "У Мінску 4 сакавіка 2026 года затрымалі журналіста Ззміцера Галавенку.", 1),
    ("ru", "В Гродно 4 марта 2026 года задержали двоих: Зубрицкого Олега (сварщик) и Подобеда Павла (учитель).", 2),
    ("ru", "В Гродно 4 марта 2026 года задержали журналистов: Зубрицкую Ольгу и Нину Лапицкую.", 2),
]

NO_NAMES = [
    ("en", "On 4 March 2026 police in Minsk detained a student of the Minsk Linguistic University."),
    ("ru", "В Минске 4 марта 2026 года задержали студентку Минского Лингвистического университета."),
    ("ru", "В Минске 4 марта 2026 года у памятника Тарасу Шевченко задержали активистку."),
    ("be", "У Мінску 4 сакавіка 2026 года каля помніка Тарасу Шаўчэнку затрымалі актывістку."),
    ("en", "On 4 March 2026 in Minsk police detained the attache Ivan Zubrytski, a Russian diplomat."),
]


def detained(language: str, text: str) -> list[str]:
    found = extract(text, language=language, published=PUBLISHED, at_home=True)
    return [person.name for person in found.persons if person.role is Role.DETAINED]


@pytest.mark.parametrize(("language", "text", "number"), TOLD)
def test_a_name_that_no_table_has_is_told_by_its_place(language: str, text: str, number: int) -> None:
    assert len(detained(language, text)) == number


@pytest.mark.parametrize(("language", "text"), NO_NAMES)
def test_what_only_looks_like_somebody_taken_is_nobody(language: str, text: str) -> None:
    assert detained(language, text) == []


def test_a_surname_that_ends_like_a_patronymic_is_a_womans_surname() -> None:
    text = "В Минске 4 марта 2026 года задержали Наталью Борисевич Горисполкома."
    assert detained("ru", text) == ["Наталья Борисевич"]


def test_the_head_of_a_union_is_taken_and_the_head_of_a_state_is_not() -> None:
    text = "On 4 March 2026 the KGB detained ten people in Minsk, including {} President Ales Zubrytski."
    assert detained("en", text.format("REPWU")) == ["Ales Zubrytski"]
    assert detained("en", text.format("Polish")) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "4 марта 2026 года в Минске задержали Олега Зубрицкого. О. Зубрицкий находится в РУВД."),
        ("be", "4 сакавіка 2026 года ў Мінску затрымалі Алега Зубрыцкага. А. Зубрыцкі знаходзіцца ў РУУС."),
        ("ru", "4 марта 2026 года в Минске задержаны Олег Зубрицкий и Нина Лапицкая. Одного из задержанных, Олга"
         " Зубрицкого, увезли в РУВД."),
    ],
)  # fmt: skip
def test_one_person_in_two_spellings_is_one(language: str, text: str) -> None:
    assert sum("убр" in name for name in detained(language, text)) == 1
