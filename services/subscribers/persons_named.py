"""Whom of those an event names a reader asked for by the whole name, so that a message may say it is theirs."""

from __future__ import annotations

from collections.abc import Iterable

from services.contract import EventData
from services.names import is_initialled, without_patronymic
from services.subscribers.filters import asks_for
from services.subscribers.interests import Interest
from services.subscribers.watched_persons import keys_of_concerned, watched_keys


def persons_watched(interests: Iterable[Interest], data: EventData) -> frozenset[str]:
    """Keys of persons, as the event has them, of interests that ask for it. By the whole name: with no more than an
    initial it may be somebody else, and nobody is told that it is theirs."""
    asked = {key for one in interests if one.persons and asks_for(one, data) for key in watched_keys(one)}
    whole = {key for key in asked if " " in key and not is_initialled(key)}
    named = whole.intersection(keys_of_concerned(data))
    return frozenset(person.key for person in data.persons if without_patronymic(person.key) in named)
