"""Which clause decided: by the same rules as routing, and without a watched name."""

from __future__ import annotations

import itertools

import pytest

from services.contract import Event, Kind
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
