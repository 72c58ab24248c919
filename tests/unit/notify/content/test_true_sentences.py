"""What a message says of one person, of people who were let out, of where they are held: true and in each language."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from services.contract import Change, Claim, Event, EventType, Facts, Kind, Party, PartyClass, Place, Value
from services.ingest.extraction.words_of_further import detention_sites
from services.notify.content.alerts import Alert, compose
from services.notify.content.script import is_cyrillic, is_latin
from tests.conformance.samples import event
from tests.letters import LANGUAGES, renderer_at

RENDERER = renderer_at()
OFFICE = Party(id="president", name="President's office", party_class=PartyClass.OFFICIAL)
VIASNA = Party(id="viasna", name="Viasna", party_class=PartyClass.DEFENDER)
GROUPS = Party(id="rights-groups", name="rights groups", party_class=PartyClass.DEFENDER)
STATE = Party(id="state-media", name="state media", party_class=PartyClass.MEDIA)


def told(by: Party = OFFICE, kind: Kind = Kind.PARDON, *, changes: tuple[Change, ...] = (), **facts: Value) -> Event:
    """An event that one party tells of, with these facts; an update, where something changes."""
    claims = tuple(Claim(field=field, value=value, said_by=by, span=(0, 9)) for field, value in facts.items())
    first, later = {
        Kind.PARDON: (EventType.PARDON_ANNOUNCED, EventType.PARDON_UPDATED),
        Kind.ARREST: (EventType.ARREST_REPORTED, EventType.ARREST_UPDATED),
    }[kind]
    made = event(revision=2 if changes else 1, kind=kind, headline_facts=Facts(), changes=changes)
    return replace(made, type=later if changes else first, data=replace(made.data, claims=claims))


def alert(of: Event, language: str) -> Alert:
    return compose(of, RENDERER.words[language])


def rows(of: Event, language: str) -> dict[str, str]:
    return {row.label: "; ".join(one.value for one in row.said) for row in alert(of, language).facts}


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


def change(field: str, after: Value) -> Change:
    return Change(field=field, before=None, after=after)


@pytest.mark.parametrize(
    ("language", "count", "subject"),
    [
        ("en", 5, "Update: those pardoned have been let out"),
        ("ru", 5, "Уточнение: помилованных выпустили на свободу"),
        ("be", 5, "Удакладненне: памілаваных выпусцілі на волю"),
        ("en", 1, "Update: the person has been let out"),
        ("ru", 1, "Уточнение: человека выпустили на свободу"),
        ("be", 1, "Удакладненне: чалавека выпусцілі на волю"),
    ],
)
def test_that_they_are_out_is_the_subject_and_the_first_line(language: str, count: int, subject: str) -> None:
    told_of = alert(told(pardoned=count, left_prison=True, changes=(change("left_prison", True),)), language)
    assert told_of.subject == subject
    assert told_of.opening[0].casefold().startswith(subject.partition(": ")[2].casefold())


@pytest.mark.parametrize(
    ("language", "field", "value", "subject"),
    [
        ("en", "where_held", "SIZO-1", "Update: where they are held – SIZO-1"),
        ("ru", "where_held", "SIZO-1", "Уточнение: где содержат — СИЗО-1"),
        ("be", "where_held", "SIZO-1", "Удакладненне: дзе ўтрымліваюць — СІЗА-1"),
        ("en", "went_to", "LT", "Update: where they went – Lithuania"),
        ("ru", "went_to", "LT", "Уточнение: куда направились — Литва"),
        ("be", "went_to", "LT", "Удакладненне: куды накіраваліся — Літва"),
    ],
)
def test_a_subject_says_the_change_with_one_colon(language: str, field: str, value: str, subject: str) -> None:
    kind = Kind.ARREST if field == "where_held" else Kind.PARDON
    made = told(VIASNA, kind, changes=(change(field, value),), **{field: value})
    assert alert(made, language).subject == subject


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [2, 12])
def test_after_a_mark_a_subject_goes_on_in_small_letters(language: str, number: int) -> None:
    made = told(pardoned=number, women=1, changes=(change("women", 1),))
    mark, _, rest = alert(made, language).subject.partition(": ")
    assert mark[0].isupper()
    assert not rest[0].isupper()
