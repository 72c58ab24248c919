from __future__ import annotations

from typing import Any

import pytest

from services.contract import Certainty, EventData, Facts, Kind, Person, Place, Role, Status
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
        "unnamed:pardon",
    )
    assert topics_of_interest(interest(regions=("gomel",))) == ("region:gomel", "placeless:pardon", "placeless:arrest")
    assert topics_of_interest(ANYTHING) == ("kind:pardon", "kind:arrest")


def test_an_interest_shows_nobody_whom_it_watches() -> None:
    assert repr(interest(persons=(ALES,), regions=("gomel",))) == "Interest()"
