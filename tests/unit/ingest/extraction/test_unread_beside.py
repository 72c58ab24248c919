"""Of people listed beside one another nobody is left out of a number that goes out: it is whole, or there is none."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from services.ingest.extraction import Extraction, extract

FRAMES: Final = {
    "en": ("Police detained {} in Lida on Sunday, Viasna reports.", "On Friday, KGB officers arrested {} in Pinsk."),
    "ru": ("В Лиде в воскресенье задержали {}, сообщает «Вясна».", "В пятницу силовики арестовали {} в Пинске."),
    "be": ("У Лідзе ў нядзелю затрымалі {}, паведамляе «Вясна».", "У пятніцу сілавікі арыштавалі {} у Пінску."),
}
LISTS: Final = {
    "en": (
        ("a beekeeper, a florist and a driver", 3),
        ("an engineer, a teacher, a driver and two students", 5),
        ("the foreman, three welders and a nurse", 5),
        ("a journalist, a mother of three, and her husband", 2),
        ("a beekeeper, a florist and the former deputy Ivan Sample", 3),
        ("the potter Ivan Sample, his wife Vera and a neighbour", 3),
    ),
    "ru": (
        ("пчеловода, флористку и водителя", 3),
        ("пчеловода, флористку и двух студентов", 4),
        ("инженера, учительницу и Ивана Примерова", 3),
        ("мастера цеха, трёх сварщиков и крановщицу", 5),
        ("20-летнюю студентку и 50-летнего водителя", 2),
        ("гончара Ивана Примерова, его жену Веру и соседку", 3),
        ("гончара Ивана Примерова, его сына Петра и двух соседей", 4),
        ("мать и дочь", 2),
    ),
    "be": (
        ("пчаляра, фларыстку і кіроўцу", 3),
        ("пчаляра, фларыстку і двух студэнтаў", 4),
        ("інжынера, настаўніцу і Івана Прыкладава", 3),
        ("майстра цэха, трох зваршчыкаў і кранаўшчыцу", 5),
        ("20-гадовую студэнтку і 50-гадовага кіроўцу", 2),
        ("ганчара Івана Прыкладава, ягоную жонку Веру і суседку", 3),
        ("ганчара Івана Прыкладава, ягонага сына Пятра і двух суседзяў", 4),
        ("маці і дачку", 2),
    ),
}
CASES: Final = [
    (language, frame.format(listed), number)
    for language, frames in FRAMES.items()
    for frame in frames
    for listed, number in LISTS[language]
]


def read(language: str, text: str) -> Extraction:
    return extract(text, language=language, published=date(2026, 3, 2), at_home=True)


@pytest.mark.parametrize(("language", "text", "number"), CASES)
def test_no_part_of_a_list_goes_out_as_its_number(language: str, text: str, number: int) -> None:
    found = read(language, text)
    assert found.facts.detained in (number, None) or found.doubts


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "A beekeeper, a florist and a driver were detained in Lida on Sunday, Viasna said.", 3),
        ("en", "Five workers were detained in Lida: the foreman, three welders and a crane operator.", 5),
        ("ru", "Вчера задержали 20-летнюю студентку и 50-летнего водителя, сообщает «Вясна».", 2),
        ("ru", "Учительницу задержали в Лиде и увезли в РОВД, сообщает «Вясна».", 1),
        ("ru", "Трёх сварщиков задержали в Лиде и доставили на допрос, сообщает «Вясна».", 3),
        ("be", "Настаўніцу затрымалі ў Лідзе і павезлі ў РАУС, паведамляе «Вясна».", 1),
        ("be", "Муж і жонка з Жодзіна затрыманыя за каментары, паведамляе «Вясна».", 2),
    ],
)
def test_who_is_told_one_and_all_is_counted(language: str, text: str, number: int) -> None:
    assert read(language, text).facts.detained == number


@pytest.mark.parametrize(
    ("language", "text", "field"),
    [
        ("en", "Ivan Sample was pardoned together with 10 others on Friday, the press service says.", "pardoned"),
        ("en", "Ivan Sample was detained along with 10 others on Friday, Viasna says.", "detained"),
        ("ru", "Ивана Примерова помиловали вместе с 10 другими осуждёнными, сообщает пресс-служба.", "pardoned"),
        ("ru", "Иван Примеров задержан вместе с ещё 10 рабочими в пятницу, сообщает «Вясна».", "detained"),
        ("be", "Івана Прыкладава памілавалі разам з 10 іншымі, паведамляе прэс-служба.", "pardoned"),
        ("be", "Іван Прыкладаў затрыманы разам з яшчэ 10 рабочымі ў пятніцу, паведамляе «Вясна».", "detained"),
    ],
)
def test_who_is_named_with_so_many_others_is_one_more(language: str, text: str, field: str) -> None:
    assert getattr(read(language, text).facts, field) == 11
