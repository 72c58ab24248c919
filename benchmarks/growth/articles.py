"""Whole articles that grow: lists of names, and whatever else a text can hold more and more of."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Final

Text = Callable[[int], str]

GIVEN: Final = {
    "en": ["Ivan", "Petr", "Siarhei", "Maria", "Yury", "Pavel", "Volha", "Anton", "Dzianis", "Hanna"],
    "ru": ["Иван", "Пётр", "Сергей", "Мария", "Юрий", "Павел", "Ольга", "Антон", "Денис", "Анна"],
    "be": ["Іван", "Пётр", "Сяргей", "Марыя", "Юрый", "Павел", "Вольга", "Антон", "Дзяніс", "Ганна"],
    "uk": ["Іван", "Петро", "Сергій", "Марія", "Юрій", "Павло", "Ольга", "Антон", "Денис", "Ганна"],
    "pl": ["Iwan", "Piotr", "Sergiusz", "Maria", "Jerzy", "Paweł", "Olga", "Antoni", "Denis", "Anna"],
    "de": ["Iwan", "Petr", "Sergej", "Maria", "Juri", "Pawel", "Olga", "Anton", "Denis", "Anna"],
}
BEGINNINGS: Final = {
    "en": ["Krau", "Bob", "Zim", "Kis", "Lab", "Nov", "Pin", "Rud", "Sok", "Dar"],
    "ru": ["Крав", "Боб", "Зим", "Кис", "Лоб", "Нов", "Пин", "Руд", "Сок", "Дор"],
}
ENDINGS: Final = {"en": ["ou", "ich", "enka", "uk", "ski"], "ru": ["ов", "ич", "енко", "ук", "ский"]}

SAYS: Final = {
    "en": ["Lukashenko pardoned 26 people: {}", "In Gomel the KGB detained {}", "{} were detained in Minsk", "{}"],
    "ru": ["Лукашенко помиловал 26 человек: {}", "В Гомеле задержали {}", "{} задержаны в Минске", "{}"],
    "be": ["Лукашэнка памілаваў 26 чалавек: {}", "У Гомелі затрымалі {}", "{} затрыманыя ў Мінску", "{}"],
    "uk": ["Лукашенко помилував 26 людей у Білорусі: {}", "У Мінську затримали {}"],
    "pl": ["Łukaszenka ułaskawił na Białorusi 26 osób: {}", "W Mińsku zatrzymano {}"],
    "de": ["Lukaschenko hat in Belarus 26 Menschen begnadigt: {}", "In Minsk wurden {} festgenommen"],
}
BETWEEN: Final = (", ", "; ", "\n", " ", " and ", " и ", ", 45, ", " (1980), ", ", a teacher, ", ", учитель, ", "; - ")

PIECES: Final = {
    "en": [
        "Lukashenko pardoned {i} people. ", "Viasna said {i} people were detained in Minsk on 2 May 2024. ",
        "and {i} others, ", "The court, the KGB said, released {i} women and {i} men, ", "on 2 May and ",
        "BelTA reported that ",
    ],
    "ru": [
        "Лукашенко помиловал {i} человек. ", "«Вясна» сообщила: 2 мая 2024 года в Минске задержали {i} человек. ",
        "и еще {i} человек, ", "среди них {i} женщин и {i} мужчин, осужденных за экстремизм, ", "после того как ",
        "по данным БелТА ",
    ],
    "be": [
        "Лукашэнка памілаваў {i} чалавек. ", "«Вясна» паведаміла: 2 мая 2024 года ў Мінску затрымалі {i} чалавек. ",
        "і яшчэ {i} чалавек, ", "сярод іх {i} жанчын і {i} мужчын, асуджаных за экстрэмізм, ", "пасля таго як ",
        "паводле БелТА ",
    ],
    "uk": ["Лукашенко помилував {i} людей у Білорусі. ", "і ще {i} осіб, "],
    "pl": ["Łukaszenka ułaskawił {i} osób na Białorusi. ", "i jeszcze {i} osób, "],
    "de": ["Lukaschenko begnadigte {i} Menschen in Belarus. ", "und noch {i} Personen, "],
}  # fmt: skip
ANYTHING: Final = (
    "a", "а", "1", " ", "\n", "\n\n", ".", ",", "-", '"', "(", ")", "«", "'", "а-", "a'", "1 ", "1,", "1.", "А. ",
    "А.А. ", "А", "Ав ", "Abc-", "№", "* ", "2 мая ", "мая ", "сто ", "двадцать ", "hundred and ", "ст. 342, ", "https://a.b/",
    "@a", "\u00ad", "ё", "е\u0301",
)  # fmt: skip


def names(language: str) -> Iterator[str]:
    """Thousands of different ones."""
    tongue = "en" if language in {"en", "pl", "de"} else "ru"
    surnames = [begun + middle + end for middle in ("", "ан", "ор", "ец", "ил") for begun in BEGINNINGS[tongue]
                for end in ENDINGS[tongue]]  # fmt: skip
    return cycle(f"{given} {surname}" for surname in surnames for given in GIVEN[language])


def articles(language: str) -> Iterator[tuple[str, Text]]:
    """What grows, and the text of so many characters."""
    for says in SAYS[language]:
        for between in BETWEEN:
            yield f"{says!r} of names with {between!r}", functools.partial(_list, language, says, between)
    for piece in (*PIECES[language], *ANYTHING):
        for says in SAYS[language][:1]:
            yield f"{says!r} of {piece!r}", functools.partial(_repeated, says, piece)


def _list(language: str, says: str, between: str, length: int) -> str:
    return says.format(between.join(islice(names(language), length // 14 + 1)))[:length]


def _repeated(says: str, piece: str, length: int) -> str:
    """No two pieces are alike where they have a number, so that no answer is remembered."""
    count = length // len(piece) + 1
    return says.format("".join(piece.replace("{i}", str(index % 900 + 2)) for index in range(count)))[:length]


def forgetting() -> Callable[[], None]:
    """What makes extraction forget the answers it remembers, so that asking again is work again."""
    remembered = [
        each
        for each in gc.get_objects()
        if isinstance(each, functools._lru_cache_wrapper)
        and str(getattr(each, "__module__", "")).startswith("services.")
        and each.cache_parameters()["maxsize"] is not None
    ]

    def forget() -> None:
        for each in remembered:
            each.cache_clear()

    return forget
