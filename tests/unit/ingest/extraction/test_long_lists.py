"""A list of those freed is the news that people wait for: however long it is, it is read, and everybody in it."""

from __future__ import annotations

import pytest

from services.contract import Kind, Role
from services.ingest.extraction import Extraction, extract

GIVEN = {
    "ru": "Иван Пётр Сергей Олег Юрий Павел Игорь Антон Денис Роман Кирилл Виктор Михаил Андрей Максим",
    "be": "Іван Пётр Сяргей Алег Юрый Павел Ігар Антон Дзяніс Раман Кірыл Віктар Міхаіл Андрэй Максім",
    "en": "Ivan Petr Siarhei Aleh Yury Pavel Ihar Anton Dzianis Raman Kiryl Viktar Mikhail Andrei Maksim",
}
SURNAMES = {
    "ru": "Кравчук Лисовский Бобров Гриневич Дорошко Ершов Жданович Зимин Ильюк Кисель Лобан Мороз Новик Орлов Пинчук "
    "Рудько Сокол",
    "be": "Краўчук Лісоўскі Баброў Грыневіч Дарошка Яршоў Ждановіч Зімін Ільюк Кісель Лабан Мароз Новік Арлоў Пінчук "
    "Рудзько Сокал",
    "en": "Krauchuk Lisouski Babrou Hrynevich Daroshka Yarshou Zhdanovich Zimin Ilyuk Kisel Laban Maroz Novik Arlou "
    "Pinchuk Rudzko Sokal",
}
PARDONED = {
    "ru": "Лукашенко помиловал {n} человек:",
    "be": "Лукашэнка памілаваў {n} чалавек:",
    "en": "Lukashenko pardoned {n} people:",
}
DETAINED = {
    "ru": "В Гомеле задержали {names}, сообщила «Вясна».",
    "be": "У Гомелі затрымалі {names}, паведаміла «Вясна».",
    "en": "In Gomel the KGB detained {names}.",
}
REMARKS = {
    "ru": (", учитель из Гродно", ", 45 лет", " (1980 г. р.)"),
    "be": (", настаўнік з Гродна", ", 45 гадоў", " (1980 г. н.)"),
    "en": (", a teacher from Hrodna", ", 45", " (born in 1980)"),
}
RULER = {"Александр Лукашенко", "Аляксандр Лукашэнка", "Alexander Lukashenko"}


def people(language: str, count: int) -> list[str]:
    return [f"{given} {surname}" for surname in SURNAMES[language].split() for given in GIVEN[language].split()][:count]


def named(found: Extraction, role: Role) -> list[str]:
    return [person.name for person in found.persons if person.role is role]


def mentioned(found: Extraction) -> set[str]:
    return set(named(found, Role.MENTIONED)) - RULER


@pytest.mark.parametrize("language", ["en", "ru", "be"])
@pytest.mark.parametrize("count", [26, 60, 250])
@pytest.mark.parametrize("between", [" ||, ", " ||; ", " ||\n", "\n||\n", " ||;", "\n- |- |;\n", "\n|\u2022 |\n"])
def test_everybody_in_a_list_of_the_pardoned_is_pardoned(language: str, count: int, between: str) -> None:
    names = people(language, count)
    first, before, after = between.split("|")
    listed = first + after.join(name if index == 0 else before + name for index, name in enumerate(names))
    found = extract(PARDONED[language].format(n=count) + listed + ".", language=language)
    assert (found.kind, found.facts.pardoned) == (Kind.PARDON, count)
    assert named(found, Role.PARDONED) == names
    assert mentioned(found) == set()


@pytest.mark.parametrize("language", ["en", "ru", "be"])
def test_a_list_without_commas_is_read_too(language: str) -> None:
    names = people(language, 60)
    found = extract(f"{PARDONED[language].format(n=60)} {' '.join(names)}.", language=language)
    assert named(found, Role.PARDONED) == names


@pytest.mark.parametrize("language", ["en", "ru", "be"])
@pytest.mark.parametrize("between", ["; ", "\n"])
def test_what_is_said_of_each_does_not_break_a_list(language: str, between: str) -> None:
    names = people(language, 250)
    listed = between.join(name + REMARKS[language][index % 3] for index, name in enumerate(names))
    head = PARDONED[language].format(n=250)
    found = extract(f"{head}{between[-1]}{listed}", language=language)
    assert (named(found, Role.PARDONED), found.facts.pardoned) == (names, 250)


@pytest.mark.parametrize("language", ["en", "ru", "be"])
@pytest.mark.parametrize("between", [", ", "; ", " "])
def test_everybody_in_a_list_of_the_detained_is_detained_and_no_other_number_told(language: str, between: str) -> None:
    names = people(language, 26)
    found = extract(DETAINED[language].format(names=between.join(names)), language=language)
    assert found.kind is Kind.ARREST
    assert named(found, Role.DETAINED) == names
    assert found.facts.detained in {26, None}


def test_years_of_birth_are_no_people() -> None:
    found = extract("В Гомеле задержали Ивана Кравчука (1980 г. р.) и Петра Боброва (1975 г. р.).", language="ru")
    assert found.facts.detained == 2


NOT_FREED = [
    "Лукашенко помиловал 26 человек. Остаются за решеткой 30 политзаключенных:\n{names}",
    "Лукашенко помиловал 26 человек. Не освобождены 3 человека:\n{names}",
    "Лукашенко помиловал 26 человек\n{names}",
    "Лукашенко помиловал 26 человек. Об этом пишут наши журналисты:\n{names}",
]


@pytest.mark.parametrize("text", NOT_FREED)
def test_a_list_of_others_frees_nobody(text: str) -> None:
    found = extract(text.format(names="\n".join(people("ru", 5))), language="ru")
    assert named(found, Role.PARDONED) == []


def test_a_list_ends_with_the_first_line_that_says_more() -> None:
    text = "Лукашенко помиловал 2 человек:\nИван Кравчук\nПётр Бобров\nОлег Кисель рассказал о них журналистам. Он рад."
    found = extract(text, language="ru")
    assert named(found, Role.PARDONED) == ["Иван Кравчук", "Пётр Бобров"]
    assert mentioned(found) == {"Олег Кисель"}
