"""What a message says of one person, and of where people are held: true and in each language."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from services.contract import (
    Kind,
    Party,
    PartyClass,
    Place,
)
from services.ingest.extraction.words_of_further import detention_sites
from services.notify.content.script import is_cyrillic, is_latin
from tests.letters import LANGUAGES
from tests.told_events import GROUPS, RENDERER, STATE, VIASNA, alert, rows, told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["women", "chronically_ill", "pensioners", "convicted_of_extremism"])
def test_of_one_person_nothing_is_a_share_or_all(part: str, language: str) -> None:
    facts: dict[str, Any] = {"pardoned": 1, part: 1}
    assert list(rows(told(**facts), language).values()) == ["1", "1"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_asks_how_many_of_one_person_are_women(language: str) -> None:
    asked = RENDERER.words[language].phrase("unknown.pardoned.women_and_men")
    assert asked not in alert(told(pardoned=1), language).unknown
    assert asked in alert(told(pardoned=2), language).unknown


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("they", "their")), ("ru", ("они", "их", "них")), ("be", ("яны", "іх", "ім"))]
)
@pytest.mark.parametrize("fields", [("petitioned",), ("repented",), ("petitioned", "repented")])
def test_a_plea_of_one_person_is_not_told_of_several(
    fields: tuple[str, ...], language: str, words: tuple[str, ...]
) -> None:
    facts: dict[str, Any] = {"pardoned": 1, **dict.fromkeys(fields, True)}
    (plea,) = alert(told(**facts), language).pleas
    assert not set(words) & set(plea.rstrip(".").split())


@pytest.mark.parametrize(("language", "word"), [("ru", "их"), ("ru", "они"), ("be", "іх"), ("be", "яны")])
@pytest.mark.parametrize(("kind", "number"), [(Kind.PARDON, "pardoned"), (Kind.ARREST, "detained")])
def test_what_is_not_said_of_one_person_is_asked_of_one(kind: Kind, number: str, language: str, word: str) -> None:
    facts: dict[str, Any] = {number: 1}
    of_one = told(kind=kind, **facts)
    assert not any(word in question.split() for question in alert(of_one, language).unknown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_was_detained_three_times_is_not_said_to_have_been_detained_as_well(language: str) -> None:
    found = alert(told(VIASNA, Kind.ARREST, detained=2, earlier_detentions=3, detained_before=True), language).facts
    assert len([row.label for row in found]) == len({row.label for row in found}) == 2


@pytest.mark.parametrize("party", [GROUPS, STATE])
def test_those_who_are_several_say_report_and_name(party: Party) -> None:
    assert " report it" in alert(told(party, pardoned=5), "en").headline.said


@pytest.mark.parametrize("site", [one.name for one in detention_sites()])
def test_a_place_of_detention_is_written_in_the_letters_and_words_of_the_reader(site: str) -> None:
    name = site.replace("{n}", "3")
    for language in LANGUAGES:
        (said,) = rows(told(VIASNA, Kind.ARREST, where_held=name), language).values()
        assert ("3" in said) is ("3" in name)
        assert is_latin(said) is (language == "en")
        assert is_cyrillic(said) is (language != "en")


def test_a_place_of_detention_that_nobody_knows_stays_as_published() -> None:
    assert list(rows(told(VIASNA, Kind.ARREST, where_held="the old fort"), "ru").values()) == ["the old fort"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_town_and_its_region_said_by_two_are_told_by_the_authority_first(language: str) -> None:
    kgb = Party(id="kgb", name="KGB", party_class=PartyClass.OFFICIAL)
    made = told(VIASNA, Kind.ARREST, place="Lida")
    claims = (*made.data.claims, *told(kgb, Kind.ARREST, region="grodno").data.claims)
    data = replace(made.data, claims=claims, place=Place(name="Lida", region="grodno"))
    (row,) = alert(replace(made, data=data), language).facts
    words = RENDERER.words[language]
    assert row.said[0].by == words.listed([words.party(kgb).name, words.party(VIASNA).name])
