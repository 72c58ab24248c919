"""Which clause decided: by the same rules as routing, and without a watched name."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest

from services.contract import Certainty, Event, Facts, Kind, PartyClass, Source
from services.names import fold
from services.notify.fanout.clauses import clauses
from services.subscribers.topics import Interest, asks_for
from tests.redis.samples import arrest, pardon

NAME = "Ales Bialiatski"
INTERESTS = [
    Interest(kinds=kinds, regions=regions, persons=persons)
    for kinds, regions, persons in itertools.product(
        [(), (Kind.PARDON,), (Kind.ARREST,)], [(), ("gomel",), ("brest", "minsk")], [(), (fold(NAME),)]
    )
]
EVENTS = [pardon(), pardon(of=(NAME,)), arrest(), arrest(region="gomel")]


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("interest", INTERESTS)
def test_what_is_said_of_an_interest_is_what_routing_does_by_it(event: Event, interest: Interest) -> None:
    (said,) = clauses(event, (interest,))
    assert said.startswith("interest 1: asks for it" if asks_for(interest, event.data) else "interest 1: does not ask")


@pytest.mark.parametrize("event", EVENTS)
def test_no_watched_name_is_in_it(event: Event) -> None:
    said = " ".join(clauses(event, tuple(INTERESTS)))
    assert not {fold(NAME), "bialiatski", "Bialiatski"} & set(said.replace(";", " ").split())


def test_each_interest_has_its_sentence_and_nothing_asked_is_said() -> None:
    both = clauses(pardon(), (Interest(kinds=(Kind.ARREST,)), Interest()))
    assert both == [
        "interest 1: does not ask for it (the kind pardon is not one it asks for)",
        "interest 2: asks for it (it asks for every kind)",
    ]
    assert clauses(pardon(), ()) == ["they asked for nothing"]


def told(kind: Event, **fields: Any) -> Event:
    return msgspec.structs.replace(kind, data=msgspec.structs.replace(kind.data, **fields))


OF_MEDIA = (Source(name="x", source_class=PartyClass.MEDIA, language="en", sha256="x"),)
CITED = Facts(criminal_articles=("342",))


@pytest.mark.parametrize(
    ("asked", "event", "decided"),
    [
        (Interest(regions=("brest",)), arrest(region="gomel"), "the place is not one it asks for, in gomel"),
        (Interest(regions=("brest",)), arrest(), "no place is known"),
        (Interest(persons=(fold(NAME),)), arrest(), "nobody it watches is named"),
        (
            Interest(sources=(PartyClass.OFFICIAL,)),
            told(arrest(), sources=OF_MEDIA),
            "told by media, none of which it asks for",
        ),
        (
            Interest(least=Certainty.CONFIRMED),
            told(arrest(), certainty=Certainty.DISPUTED),
            "it is disputed, and it asks for what is confirmed",
        ),
        (Interest(articles=("361-4",)), arrest(), "no article of the code is known"),
        (Interest(articles=("361-4",)), told(arrest(), headline_facts=CITED), "no article it asks for is named"),
        (Interest(without=(Interest(kinds=(Kind.ARREST,)),)), arrest(), "it is what it does not want"),
        (
            Interest(kinds=(Kind.ARREST,), regions=("brest",), articles=("1",)),
            arrest(region="gomel"),
            "the place is not one it asks for, in gomel; no article of the code is known",
        ),
    ],
)
def test_the_clause_that_decided_is_named_and_no_other(asked: Interest, event: Event, decided: str) -> None:
    assert clauses(event, (asked,)) == [f"interest 1: does not ask for it ({decided})"]


def test_where_an_interest_asks_for_it_every_clause_is_named() -> None:
    asked = Interest(
        sources=(PartyClass.MEDIA,),
        least=Certainty.CONFIRMED,
        articles=("342",),
        without=(Interest(regions=("brest",)),),
    )
    event = told(arrest(), sources=OF_MEDIA, certainty=Certainty.CONFIRMED, headline_facts=CITED)
    assert clauses(event, (asked,)) == [
        "interest 1: asks for it (it asks for every kind; told by media, one of which it asks for; it is confirmed, as "
        "it asks; an article it asks for is named; nothing of it is what it does not want)"
    ]
