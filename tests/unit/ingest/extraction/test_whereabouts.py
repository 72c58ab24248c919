"""Where people were taken, and by whom; places and bodies that a text names for another reason are not meant."""

from __future__ import annotations

from datetime import date

import pytest

from services.ingest.extraction import extract
from services.ingest.extraction.gazetteer import gazetteer

PLACES = [
    ("Police detained three people in Baranovichi, Viasna said.", ("Baranovichi", "brest")),
    ("В Столбцах задержали троих, сообщает «Весна».", ("Stolbtsy", "minsk_region")),
    ("В Пружанском районе задержали троих, сообщает «Весна».", ("Pruzhany", "brest")),
    ("У Глыбокім затрымалі траіх, паведамляе «Вясна».", ("Hlybokaye", "vitebsk")),
    ("У Маладзечне затрымалі траіх, паведамляе «Вясна».", ("Molodechno", "minsk_region")),
    ("В столице Беларуси задержали троих, сообщает «Весна».", ("Minsk", "minsk_city")),
    ("На Брестчине задержали троих, сообщает «Весна».", (None, "brest")),
    ("Задержали троих рабочих «Гродно Азота», сообщает «Весна».", (None, None)),
    ("Задержали троих, сообщает «Весна». Они в СИЗО Минска.", (None, None)),
    ("Viasna says three people were detained; they are held in prison No. 1 in Grodno.", (None, None)),
]
AUTHORITIES = [
    ("KGB officers detained three people in Minsk, Viasna said.", "KGB"),
    ("В Минске ОМОН задержал троих, сообщает «Весна».", "riot police"),
    ("В Минске задержали троих, сообщает «Весна». Их держат в СИЗО КГБ.", None),
    ("В Минске у здания КГБ задержали троих, сообщает «Весна».", None),
    ("У Мінску ГУБАЗіК затрымаў траіх, паведамляе «Вясна».", "GUBOPiK"),
    ("У Мінску супрацоўнікі фінансавай міліцыі затрымалі траіх.", "Department of Financial Investigations"),
]


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_the_place_and_the_region_of_an_arrest(text: str, expected: tuple[str | None, str | None]) -> None:
    facts = extract(text, as_of=date(2025, 1, 14)).facts
    assert (facts.place, facts.region) == expected


@pytest.mark.parametrize(("text", "expected"), AUTHORITIES)
def test_the_authority_that_took_them(text: str, expected: str | None) -> None:
    assert extract(text, as_of=date(2025, 1, 14)).facts.authority == expected


def test_the_towns_that_matter_are_known_each_once() -> None:
    places = [place for _, place in gazetteer().places]
    assert len(places) >= 120
    assert len({place.name for place in places}) == len(places)
