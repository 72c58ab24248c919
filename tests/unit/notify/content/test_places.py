"""Where it happened is said as the language says it: with its preposition and in its case, for every place we know."""

from __future__ import annotations

import re
from functools import cache

import msgspec
import pytest
import yaml

from services.contract import Event, Facts, Place
from services.fact_table import Region
from services.ingest.extraction.gazetteer import gazetteer
from services.notify.content.alerts import compose
from services.notify.content.belarusian_sounds import with_short_u
from services.notify.content.languages import Language, load_language
from services.notify.content.rendering import TEMPLATES
from tests.letters import LANGUAGES
from tests.unit.notify.content.test_rendering import golden

PLACES = {place.name: place for _, place in gazetteer().places}
WITH_CASES = [code for code in LANGUAGES if (TEMPLATES / "languages" / "places" / f"{code}.yaml").exists()]


@cache
def language(code: str) -> Language:
    return load_language(TEMPLATES / "languages" / f"{code}.yaml")


def place_named(code: str, place: Place) -> str:
    return place.names.get(code, place.name)


def arrest_in(place: Place | None, region: str | None = None) -> Event:
    event = golden("arrest")
    facts = msgspec.structs.replace(Facts(detained=12), place=place.name if place else None, region=region)
    data = msgspec.structs.replace(event.data, place=place, headline_facts=facts, claims=(), persons=(), changes=())
    return msgspec.structs.replace(event, data=data)


def test_languages_with_cases_have_a_table_and_english_needs_none() -> None:
    assert WITH_CASES == ["be", "ru"]
    written = {file.stem for file in (TEMPLATES / "languages" / "places").glob("*.yaml")}
    assert written <= set(LANGUAGES)


@pytest.mark.parametrize("code", WITH_CASES)
def test_every_place_and_region_that_reading_knows_has_its_form(code: str) -> None:
    table = yaml.safe_load((TEMPLATES / "languages" / "places" / f"{code}.yaml").read_text("utf-8"))
    assert sorted(table["places"]) == sorted(PLACES)
    assert set(table["regions"]) == set(Region)


@pytest.mark.parametrize("name", PLACES)
def test_a_form_is_of_the_name_and_has_the_preposition_that_goes_before_it(name: str) -> None:
    names = PLACES[name].names
    russian, belarusian = language("ru").where("places", name), language("be").where("places", name)
    assert russian is not None
    assert belarusian is not None
    assert re.fullmatch(r"во? [А-Я].+", russian)
    assert re.fullmatch(r"(у [А-ЯІЁ]|ва У).+", belarusian)
    assert not re.match(r"у У", belarusian)
    assert russian.split(" ", 1)[1][:2] == names["ru"][:2]
    assert belarusian.split(" ", 1)[1][:2] == names["be"][:2]


@pytest.mark.parametrize(
    ("place", "russian", "belarusian"),
    [
        ("Grodno", "в Гродно", "у Гродне"), ("Gomel", "в Гомеле", "у Гомелі"), ("Orsha", "в Орше", "у Оршы"),
        ("Minsk", "в Минске", "у Мінску"), ("Lida", "в Лиде", "у Лідзе"), ("Mogilev", "в Могилеве", "у Магілёве"),
        ("Brest", "в Бресте", "у Брэсце"), ("Ushachi", "в Ушачах", "ва Ушачах"), ("Uzda", "в Узде", "ва Уздзе"),
        ("Smorgon", "в Сморгони", "у Смаргоні"), ("Stolbtsy", "в Столбцах", "у Стоўбцах"),
        ("Hlybokaye", "в Глубоком", "у Глыбокім"), ("Maryina Gorka", "в Марьиной Горке", "у Мар'інай Горцы"),
    ],
)  # fmt: skip
def test_places_by_kind_of_name(place: str, russian: str, belarusian: str) -> None:
    assert language("ru").where("places", place) == russian
    assert language("be").where("places", place) == belarusian


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", PLACES)
def test_every_place_stands_in_a_headline_as_in_a_sentence(code: str, name: str) -> None:
    place = PLACES[name]
    act = compose(arrest_in(place), language(code)).headline.act
    said = language(code).where("places", name)
    assert (said[1:] if said else f"in {place.names['en']}") in act
    assert f": {place_named(code, place)}" not in act
    if code == "be":
        assert with_short_u(act) == act


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_region_alone_is_told_so_too_and_a_place_that_nobody_knows_by_its_name(code: str) -> None:
    region = language(code).where("regions", "gomel") or "in Gomel Region"
    assert region[1:] in compose(arrest_in(None, "gomel"), language(code)).headline.act
    named = {"en": "Zarechye"}.get(code, "Зарече")
    assert named in compose(arrest_in(Place(name="Zarechye")), language(code)).headline.act
