"""Who says something stands beside what they say: never behind what we wrote before, and never round another's word."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec.structs import replace

from services.contract import (
    Certainty,
    Change,
    Claim,
    Event,
    EventType,
    Kind,
    Party,
    PartyClass,
    Person,
    Place,
    Role,
    Source,
    Value,
)
from services.notify.content.alerts.changes import change_sentences
from tests.letters import LANGUAGES
from tests.told_events import OFFICE, RENDERER, STATE, VIASNA, alert, rows, told

_KGB = Party(id="kgb", name="KGB", party_class=PartyClass.OFFICIAL)
_GAZETTE = Party(id="vitebsk-gazette", name="Vitebsk Gazette", party_class=PartyClass.MEDIA)
_KEEPER = {"en": "Viasna", "ru": "Весн", "be": "Вясн"}
_WROTE = {"en": "we wrote", "ru": "мы писали", "be": "мы пісалі"}
_CHANGED: tuple[tuple[Kind, str, Value, Value], ...] = (
    (Kind.ARREST, "detained", 11, 21),
    (Kind.ARREST, "place", "Lida", "Mozyr"),
    (Kind.ARREST, "charge", "a", "b"),
    (Kind.ARREST, "where_held", "IVS", "SIZO-1"),
    (Kind.ARREST, "administrative", True, False),
    (Kind.ARREST, "sentence_threatened", 3, 12),
    (Kind.PARDON, "women", 5, 7),
    (Kind.PARDON, "decree_number", "12", "21"),
    (Kind.PARDON, "went_to", "LT", "PL"),
)


def changed(field: str, before: Value | None, after: Value | None, kind: Kind) -> Event:
    facts: dict[str, Any] = {} if after is None else {field: after}
    return told(VIASNA, kind, changes=(Change(field=field, before=before, after=after, said_by=VIASNA),), **facts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "field", "before", "after"), _CHANGED)
def test_nobody_is_said_to_have_said_what_we_wrote(
    kind: Kind, field: str, before: Value, after: Value, language: str
) -> None:
    (sentence,) = change_sentences(changed(field, before, after, kind), RENDERER.words[language])
    now, wrote = sentence.split(_WROTE[language])
    assert _KEEPER[language] in now
    assert _KEEPER[language] not in wrote


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "field", "before", "after"), [one for one in _CHANGED if one[1] != "detained"])
def test_what_is_no_longer_said_is_said_by_nobody(
    kind: Kind, field: str, before: Value, after: Value, language: str
) -> None:
    (sentence,) = change_sentences(changed(field, before, None, kind), RENDERER.words[language])
    assert _KEEPER[language] not in sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("act", ["pardoned", "released", "exchanged", "taken abroad", None])
def test_that_nobody_counts_is_told_last(act: str | None, language: str) -> None:
    facts: dict[str, Any] = {} if act is None else {"act": act}
    bare = told(VIASNA, Kind.ARREST if act is None else Kind.PARDON, **facts)
    place = Place(name="Lida", region="grodno", names={"en": "Lida"}) if act is None else None
    facts_said = replace(bare.data.headline_facts, act=act)
    bare = replace(bare, data=replace(bare.data, place=place, headline_facts=facts_said, occurred_on="2024-12-28"))
    words = RENDERER.words[language]
    uncounted = words.phrase("headline.uncounted", act="").strip(" ,")
    headline = alert(bare, language).headline.act
    assert headline.endswith(uncounted)
    assert headline.count(uncounted) == 1
    counted = replace(bare, data=replace(bare.data, claims=told(pardoned=2, detained=2).data.claims))
    assert uncounted not in alert(counted, language).headline.act


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_outlet_quotes_one_speaker_and_not_the_next(language: str) -> None:
    words = RENDERER.words[language]
    said = rows_of(relayed(_GAZETTE), language)
    assert words.relayed(words.party(OFFICE).name, _GAZETTE.name) + words.phrase("list_mark") in said
    assert not re.search(rf"{_GAZETTE.name} (and|и|і) ", said)


@pytest.mark.parametrize(
    ("language", "one", "several"), [("ru", "передаёт", "передают"), ("be", "перадае", "перадаюць")]
)
def test_outlets_that_are_several_quote_in_the_plural(language: str, one: str, several: str) -> None:
    assert f", {one} {_GAZETTE.name}" in rows_of(relayed(_GAZETTE), language)
    many = rows_of(relayed(STATE), language)
    assert f", {several} " in many
    assert f", {one} " not in many


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_taken_back_is_named_without_its_accounts(language: str) -> None:
    """Who gave which number of a dispute is no part of what our message was called."""
    made = told(VIASNA, Kind.ARREST, detained=11)
    claims = (*made.data.claims, *told(_KGB, Kind.ARREST, detained=21).data.claims)
    disputed = replace(made, data=replace(made.data, claims=claims, certainty=Certainty.DISPUTED))
    for kind in ("story.held", "story.retracted"):
        first = alert(replace(disputed, type=EventType(kind)), language).opening[0]
        assert "11" in first
        assert "21" in first
        assert _KEEPER[language] not in first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("act", ["pardoned", "released", "exchanged", "taken abroad", None])
def test_what_nobody_counts_begins_small_after_a_mark_and_large_without_one(act: str | None, language: str) -> None:
    bare = told(VIASNA, Kind.ARREST if act is None else Kind.PARDON)
    bare = replace(bare, data=replace(bare.data, headline_facts=replace(bare.data.headline_facts, act=act)))
    assert alert(bare, language).subject[0].isupper()
    for kind in ("story.held", "story.retracted"):
        mark, _, rest = alert(replace(bare, type=EventType(kind)), language).subject.partition(": ")
        assert mark[0].isupper()
        assert rest[0].islower()


def relayed(outlet: Party) -> Event:
    """The office's number as an outlet has it, and the same number of Viasna's own."""
    made = told(OFFICE, pardoned=11)
    sources = tuple(
        Source(name=by.name, source_class=by.party_class, language="en", sha256=by.id, outlet=by.id,
               speaks_for=by.id, origin=origin)
        for by, origin in ((outlet, OFFICE), (VIASNA, VIASNA))
    )  # fmt: skip
    own = Claim(field="pardoned", value=11, said_by=VIASNA, span=(0, 9), source=1)
    return replace(made, data=replace(made.data, sources=sources, claims=(*made.data.claims, own)))


def rows_of(event: Event, language: str) -> str:
    (row,) = alert(event, language).facts
    assert rows(event, language)
    return row.said[0].by


@pytest.mark.parametrize("language", LANGUAGES)
def test_stories_that_are_one_are_told_in_order_and_each_sentence_begins_large(language: str) -> None:
    made = told(OFFICE, pardoned=17)
    claims = (*made.data.claims, *told(VIASNA, pardoned=18).data.claims)
    merged = replace(
        made.data,
        claims=claims,
        revision=3,
        merged_from="pardon-20241228-aaaaaa",
        merged_at="2024-11-10T10:00:00Z",
        replaced_at="2024-11-13T10:00:00Z",
    )
    first, numbers = alert(replace(made, type=EventType.STORY_MERGED, data=merged), language).opening
    words = RENDERER.words[language]
    days = [str(words.date(day)) for day in ("2024-11-10", "2024-11-13")]
    assert first.index(days[0]) < first.index(days[1])
    assert first[0].isupper()
    assert numbers[0].isupper()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [1, 2])
def test_nobody_is_among_one(number: int, language: str) -> None:
    made = told(VIASNA, pardoned=number)
    held = Person(name="Іван Узорны", role=Role.STILL_HELD, key="ivan uzorny", said_by=VIASNA)
    (line,) = alert(replace(made, data=replace(made.data, persons=(held,))), language).still_held
    assert bool(re.search(rf"\b{number}\b", line)) is (number > 1)


@pytest.mark.parametrize("language", ["ru", "be"])
def test_a_place_that_we_wrote_is_quoted_as_it_stood_in_the_sentence(language: str) -> None:
    words = RENDERER.words[language]
    (sentence,) = change_sentences(changed("place", "Lida", "Mozyr", Kind.ARREST), words)
    assert sentence.endswith(f"{_WROTE[language]} {words.phrase('quoted', text=str(words.where('places', 'Lida')))}.")
