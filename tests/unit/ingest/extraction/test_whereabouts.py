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

NEARER_THE_ACT = [
    ("A resident of Gomel was detained in Minsk on Friday, Viasna said.", "Minsk"),
    ("A Brest resident was detained in Minsk, Viasna said.", "Minsk"),
    ("A native of Pinsk, Ivan Kavalchuk, was detained in Minsk.", "Minsk"),
    ("Police detained Ivan Kavalchuk, a teacher from Lida, in Hrodna.", "Grodno"),
    ("In Minsk, police detained Ivan Kavalchuk, who was born in Lida.", "Minsk"),
    ("Ivan Kavalchuk was detained in Lida and taken to the prison in Hrodna.", "Lida"),
    ("Ivan Kavalchuk, who studied in Minsk, was detained in Lida.", "Lida"),
    ("The Minsk journalist Ivan Kavalchuk was detained in Lida.", "Lida"),
    ("Ivan Kavalchuk was arrested for a protest in Brest in 2020; it happened in Lida.", "Lida"),
    ("Police in Lida detained three people over the 2020 protests in Minsk.", "Lida"),
    ("Жителя Бреста задержали в Минске, сообщает «Весна».", "Minsk"),
    ("В Минске задержали жителя Бреста, сообщает «Весна».", "Minsk"),
    ("Минчанина Ивана Ковальчука задержали в Лиде.", "Lida"),
    ("Уроженца Пинска задержали в Гродно.", "Grodno"),
    ("Учителя из Лиды задержали в Гродно.", "Grodno"),
    ("Ивана Ковальчука задержали в Лиде и отвезли в Гродно.", "Lida"),
    ("Жыхара Брэста затрымалі ў Мінску.", "Minsk"),
    ("Настаўніка з Ліды затрымалі ў Гродне.", "Grodno"),
    ("Івана Кавальчука затрымалі ў Лідзе і павезлі ў Гродна.", "Lida"),
    ("Мінчука Івана Кавальчука затрымалі ў Лідзе.", "Lida"),
]
NOT_THERE = [
    "Ivan Kavalchuk was detained on Friday and taken to Minsk.",
    "Ивана Ковальчука задержали и увезли в Минск.",
    "Ивана Ковальчука задержали за протесты в Минске.",
    "Івана Кавальчука затрымалі і павезлі ў Мінск.",
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


@pytest.mark.parametrize(("text", "place"), NEARER_THE_ACT)
def test_where_they_were_taken_goes_before_where_they_come_from_live_or_are_brought(text: str, place: str) -> None:
    found = extract(text, published=date(2025, 1, 14))
    assert found.facts.place == place
    assert [claim.value for claim in found.claims if claim.field == "place"] == [place]
    assert [claim.value for claim in found.claims if claim.field == "region"] == [found.facts.region]


@pytest.mark.parametrize("text", NOT_THERE)
def test_where_they_were_brought_or_what_they_did_there_is_no_place_of_an_arrest(text: str) -> None:
    found = extract(text, published=date(2025, 1, 14))
    assert (found.facts.place, found.facts.region) == (None, None)
