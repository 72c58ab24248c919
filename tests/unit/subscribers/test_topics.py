from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contract import Certainty, EventData, Facts, Kind, PartyClass, Person, Place, Role, Source, Status
from services.names import fold
from services.subscribers.topics import (
    Interest,
    asks_for,
    topics_of_event,
    topics_of_interest,
    watches_somebody_in,
)

ALES, MARIA = "Ales Bialiatski", "Maria Kalesnikava"
ANYTHING = Interest()


def happening(
    kind: Kind = Kind.PARDON, *, region: str | None = None, town: str = "somewhere", **persons: tuple[str, ...]
) -> EventData:
    """`pardoned=`, `detained=`, `still_held=`, `mentioned=`: names by role."""
    return EventData(
        story_id="story",
        revision=1,
        sequence=1,
        kind=kind,
        status=Status.ACTUAL,
        certainty=Certainty.CONFIRMED,
        headline_facts=Facts(),
        place=Place(name=town, region=region),
        persons=tuple(
            Person(name=name, role=Role(role), key=fold(name)) for role, names in persons.items() for name in names
        ),
    )


def interest(*, persons: tuple[str, ...] = (), **fields: Any) -> Interest:
    return Interest(persons=tuple(fold(name) for name in persons), **fields)


UNNAMED = happening()
NAMED = happening(pardoned=(ALES,))
ARREST = happening(Kind.ARREST, region="gomel", detained=(MARIA,))

ASKED = [
    (ANYTHING, UNNAMED, True),
    (ANYTHING, ARREST, True),
    (interest(kinds=(Kind.PARDON,)), UNNAMED, True),
    (interest(kinds=(Kind.PARDON,)), ARREST, False),
    (interest(regions=("gomel",)), ARREST, True),
    (interest(regions=("brest",)), ARREST, False),
    (interest(regions=("brest", "gomel")), ARREST, True),
    (interest(regions=("gomel",)), happening(Kind.ARREST), False),
    (interest(towns=("gomel:Mozyr",)), happening(Kind.ARREST, region="gomel", town="Mozyr"), True),
    (interest(towns=("gomel:Mozyr",)), happening(Kind.ARREST, region="gomel", town="Rechitsa"), False),
    (interest(towns=("gomel:Mozyr",)), happening(Kind.ARREST, town="Mozyr"), False),
    (interest(towns=("gomel:Mozyr",)), UNNAMED, True),
    (interest(towns=("gomel:Mozyr",), regions=("brest",)), happening(Kind.ARREST, region="brest", town="Pinsk"), True),
    (interest(towns=("gomel:Mozyr",), regions=("brest",)), happening(Kind.ARREST, region="gomel", town="Mozyr"), True),
    (interest(regions=("gomel",)), UNNAMED, True),
    (interest(regions=("gomel",)), happening(region="brest"), False),
    (interest(persons=(ALES,)), NAMED, True),
    (interest(persons=(MARIA,)), NAMED, False),
    (interest(persons=(MARIA, ALES)), NAMED, True),
    (interest(persons=("Алесь Бяляцкі",)), NAMED, True),
    (interest(persons=(MARIA,)), ARREST, True),
    (interest(persons=("Aleś Viktaravič Białacki",)), NAMED, True),
    (interest(persons=(ALES,)), happening(pardoned=("Беляцкий Алесь Викторович",)), True),
    (interest(persons=(MARIA,)), happening(pardoned=("М. Колесникова",)), True),
    (interest(persons=("М. Колесникова",)), happening(pardoned=(MARIA,)), True),
    (interest(persons=("Сяргей Ціханоўскі",)), happening(pardoned=("С. Л. Тихановский",)), True),
    (interest(persons=("М. Колесникова",)), happening(pardoned=("M. Kalesnikava",)), True),
    (interest(persons=(MARIA,)), happening(pardoned=("К. Колесникова",)), False),
    (interest(persons=("Марына Калеснікава",)), happening(pardoned=(MARIA,)), False),
    (interest(persons=("Aleksei Ivanov",)), happening(pardoned=("И. Иванов",)), False),
    (interest(persons=(ALES,)), UNNAMED, True),
    (interest(persons=(ALES,)), happening(Kind.ARREST), False),
    (interest(persons=(ALES,), kinds=(Kind.ARREST,)), UNNAMED, False),
    (interest(persons=(MARIA,), regions=("brest",)), ARREST, False),
    (interest(persons=(MARIA,), regions=("gomel",), kinds=(Kind.ARREST,)), ARREST, True),
]


@pytest.mark.parametrize(("asked", "data", "expected"), ASKED)
def test_an_interest_asks_for_what_fits_in_every_part(asked: Interest, data: EventData, expected: bool) -> None:
    assert asks_for(asked, data) is expected


@pytest.mark.parametrize(("asked", "data"), [(asked, data) for asked, data, expected in ASKED if expected])
def test_whatever_an_interest_asks_for_is_found_by_its_topics(asked: Interest, data: EventData) -> None:
    assert set(topics_of_interest(asked)) & set(topics_of_event(data))


@pytest.mark.parametrize(
    "data",
    [happening(pardoned=(ALES,), still_held=(MARIA,)), happening(pardoned=(ALES,), mentioned=(MARIA,))],
)
def test_a_person_who_is_only_spoken_of_is_not_whom_the_event_is_about(data: EventData) -> None:
    watching = interest(persons=(MARIA,))
    assert not asks_for(watching, data)
    assert not watches_somebody_in(watching, data)
    assert "person:m kalasnakava" not in topics_of_event(data)


def test_a_pardon_that_names_only_those_still_held_may_be_about_anybody() -> None:
    data = happening(still_held=(MARIA,))
    assert asks_for(interest(persons=(ALES,)), data)
    assert asks_for(interest(persons=(MARIA,)), data)
    assert not watches_somebody_in(interest(persons=(MARIA,)), data)


def test_an_arrest_of_nobody_named_is_not_about_anybody_in_particular() -> None:
    assert "unnamed:arrest" not in topics_of_event(happening(Kind.ARREST))


def test_an_event_without_a_place_has_no_region() -> None:
    data = EventData(
        story_id="story",
        revision=1,
        sequence=1,
        kind=Kind.PARDON,
        status=Status.ACTUAL,
        certainty=Certainty.REPORTED,
        headline_facts=Facts(),
    )
    assert topics_of_event(data) == ("unnamed:pardon", "placeless:pardon", "kind:pardon")


def test_the_narrowest_topics_are_those_of_persons_then_of_regions_then_of_kinds() -> None:
    ales = "person:a balatka"
    assert topics_of_interest(interest(persons=(ALES,), regions=("gomel",), kinds=(Kind.PARDON,))) == (
        ales,
        "near:plt",
        "unnamed:pardon",
    )
    assert topics_of_interest(interest(regions=("gomel",))) == ("region:gomel", "placeless:pardon", "placeless:arrest")
    assert topics_of_interest(ANYTHING) == ("kind:pardon", "kind:arrest")


NAMES = (ALES, MARIA, "М. Колесникова", "А. Бяляцкі", "Мария Ивановна Колесникова", "Vierhilij Kałasok", "В. Каласок")
TOWNS = ("gomel:Mozyr", "gomel:Rechitsa", "brest:Pinsk")
CLASSES = tuple(PartyClass)


def some(values: Any, most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "kinds": some(list(Kind)),
    "regions": some(("gomel", "brest", "minsk_city")),
    "towns": some(TOWNS),
    "persons": some(NAMES),
    "sources": some(CLASSES),
    "least": st.sampled_from([None, Certainty.REPORTED, Certainty.CONFIRMED]),
    "articles": some(("342", "361-4")),
}
FILTERS = st.fixed_dictionaries(FIELDS).map(lambda fields: interest(**fields))
HAPPENINGS = st.builds(
    lambda kind, town, region, names, role, classes, certainty, articles: EventData(
        story_id="story",
        revision=1,
        sequence=1,
        kind=kind,
        status=Status.ACTUAL,
        certainty=certainty,
        headline_facts=Facts(criminal_articles=articles or None),
        place=None if region is None else Place(name=town, region=region or None),
        persons=tuple(Person(name=name, role=role, key=fold(name)) for name in names),
        sources=tuple(Source(name="x", source_class=one, language="en", sha256="x") for one in classes),
    ),
    st.sampled_from(list(Kind)),
    st.sampled_from(["Mozyr", "Rechitsa", "Pinsk", "Minsk"]),
    st.sampled_from([None, "", "gomel", "brest", "minsk_city"]),
    some(NAMES, 3),
    st.sampled_from(list(Role)),
    some(CLASSES, 3),
    st.sampled_from(list(Certainty)),
    some(("342", "361-4")),
)


@given(st.lists(FILTERS, min_size=1, max_size=3), FILTERS, HAPPENINGS)
def test_topics_never_miss_whoever_asks_for_an_event(asked: list[Interest], taken: Interest, data: EventData) -> None:
    for one in (*asked, msgspec.structs.replace(asked[0], without=(taken,))):
        assert not asks_for(one, data) or set(topics_of_interest(one)) & set(topics_of_event(data))


def test_an_interest_shows_nobody_whom_it_watches() -> None:
    assert repr(interest(persons=(ALES,), regions=("gomel",))) == "Interest()"
