"""Whom of those an event names a reader asked for by the whole name, so that a message may say it is theirs."""

from __future__ import annotations

from collections.abc import Iterable

from services.contract import EventData
from services.names import GIVEN_NAME, NameVerdict
from services.subscribers.filters import asks_for
from services.subscribers.interests import Interest
from services.subscribers.watched_persons import PersonHit, hits


def persons_watched(interests: Iterable[Interest], data: EventData) -> frozenset[str]:
    """Keys of persons, as the event has them, of interests that ask for it. By the whole name: with no more than an
    initial it may be somebody else, and nobody is told that it is theirs."""
    asking = [one for one in interests if one.persons and asks_for(one, data)]
    return frozenset(hit.pair.named for one in asking for hit in hits(one, data) if _by_whole_name(hit))


def _by_whole_name(hit: PersonHit) -> bool:
    return hit.match.verdict is NameVerdict.SAME and GIVEN_NAME in hit.match.agreed
