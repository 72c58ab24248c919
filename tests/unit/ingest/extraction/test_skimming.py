"""Texts in languages that we do not read: enough is understood for a person to be asked, and nothing is made up."""

from __future__ import annotations

from datetime import date

import pytest

from services.contract import Kind, Precision, Role
from services.ingest.extraction import extract
from services.ingest.extraction.skimming import SKIMMED
from services.ingest.extraction.skimming.words import words_of
from services.names import fold

_DAY = date(2025, 9, 18)


@pytest.mark.parametrize("language", SKIMMED)
def test_the_words_of_every_skimmed_language_can_be_read(language: str) -> None:
    assert words_of(language).home.search("Minsk Mińsk Мінськ Минск მინსკი")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Лукашенко помилував 25 осіб: 12 жінок і 13 чоловіків."),
        ("pl", "Prezydent Białorusi ułaskawił 25 osób, 12 kobiet i 13 mężczyzn."),
        ("lt", "Baltarusijos vadovas suteikė malonę 25 žmonėms: 12 moterų ir 13 vyrų."),
        ("de", "In Belarus wurden 25 Menschen begnadigt, darunter 12 Frauen und 13 Männer."),
        ("fr", "Au Bélarus, 25 personnes ont été graciées : 12 femmes et 13 hommes."),
        ("es", "Lukashenko indultó a 25 personas, 12 mujeres y 13 hombres."),
        ("it", "In Bielorussia graziate 25 persone: 12 donne e 13 uomini."),
        ("cs", "V Bělorusku bylo omilostněno 25 lidí, 12 žen a 13 mužů."),
        ("bg", "В Беларус бяха помилвани 25 души: 12 жени и 13 мъже."),
    ],
)
def test_a_pardon_gives_its_number_and_its_parts_in_many_languages(language: str, text: str) -> None:
    found = extract(text, language=language, published=_DAY)
    assert found.kind is Kind.PARDON
    assert (found.facts.pardoned, found.facts.women, found.facts.men) == (25, 12, 13)
    assert found.language == language
    assert found.doubts == ("skimmed",)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "У Мінську затримали 14 учасників мітингу."),
        ("pl", "W Mińsku zatrzymano 14 osób."),
        ("de", "In Minsk wurden 14 Demonstranten festgenommen."),
        ("lt", "Minske sulaikyta 14 žmonių."),
        ("fi", "Minskissä pidätettiin 14 ihmistä."),
    ],
)
def test_an_arrest_gives_how_many(language: str, text: str) -> None:
    found = extract(text, language=language, published=_DAY)
    assert (found.kind, found.facts.detained) == (Kind.ARREST, 14)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Лукашенко відмовився помилувати засуджених."),
        ("pl", "Na Białorusi skazano 3 osoby zatrzymane wiosną."),
        ("de", "Lukaschenko könnte bald 20 Gefangene begnadigen."),
        ("de", "In Hamburg wurden 14 Demonstranten festgenommen."),
        ("es", "El presidente indultó a 29 condenados en Lima."),
    ],
)
def test_a_refusal_a_sentence_a_forecast_and_another_country_are_no_news_of_ours(language: str, text: str) -> None:
    assert extract(text, language=language, published=_DAY).kind is Kind.OTHER


def test_an_earlier_act_and_those_still_held_are_not_the_number_of_the_act() -> None:
    found = extract(
        "Władze Białorusi ogłosiły we wtorek ułaskawienie 25 więźniów. W więzieniach jest ponad 1100 osób. "
        "11 września ułaskawiono 52 osoby.",
        language="pl",
        published=_DAY,
    )
    assert found.facts.pardoned == 25
    assert found.facts.still_held == 1100
    held = next(claim for claim in found.claims if claim.field == "still_held")
    assert (held.precision, held.scope) == (Precision.AT_LEAST, "total")


def test_a_span_holds_the_number_it_tells_of() -> None:
    text = "Zwei Meldungen. In Belarus wurden am 16. September 25 Menschen begnadigt."
    found = extract(text, language="de", published=_DAY)
    start, end = found.claims[0].span
    assert text[start:end] == "25"
    assert found.occurred_on == "2025-09-16"


def test_somebody_known_is_named_as_we_write_them_and_a_ruler_is_not_among_them() -> None:
    found = extract("Łukaszenka ułaskawił 14 osób, w tym Alesia Bialackiego.", language="pl", published=_DAY)
    assert [(person.name, person.role) for person in found.persons] == [("Ales Bialiatski", Role.PARDONED)]


def test_a_language_nobody_reads_is_no_news_and_keeps_its_code() -> None:
    found = extract("白俄罗斯总统赦免了二十五人。", language="zh")
    assert (found.kind, found.language, found.claims) == (Kind.OTHER, "zh", ())


def test_a_stranger_is_named_as_the_text_has_the_name_and_whoever_says_so_is_not() -> None:
    found = extract(
        "W Mińsku zatrzymano Alesia Bialackiego, poinformowała Maryja Kolesnikowa. Los jest nieznany.",
        language="pl",
        published=_DAY,
    )
    assert [person.key for person in found.persons] == [fold("Алесь Бяляцкі")]


def test_those_who_are_named_are_counted_where_no_number_stands() -> None:
    found = extract("У Мінську затримали Миколу Статкевича.", language="uk", published=_DAY)
    assert found.facts.detained == 1
