"""The topics by which whoever asked for an event is found, blind: a keyed hash of each is all that the store has.

They are as narrow as can be known beforehand, and never miss: `filters` has the last word on each who is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from services.contract import Event, EventData, EventType, Kind
from services.names import by_initial, surname_sounds
from services.subscribers.filters import asks_for as asks_for
from services.subscribers.filters import is_asked_place as is_asked_place
from services.subscribers.filters import may_ask_for as may_ask_for
from services.subscribers.filters import region_of as region_of
from services.subscribers.interests import Interest as Interest
from services.subscribers.interests import region_of_town as region_of_town
from services.subscribers.interests import town_in as town_in
from services.subscribers.interests import watched as watched
from services.subscribers.watched_persons import keys_of_concerned, watched_keys
from services.subscribers.watched_persons import may_be_anybody as may_be_anybody
from services.subscribers.watched_persons import watches_somebody_in as watches_somebody_in

_TESTS: Final = "tests"
_KINDS: Final = (Kind.PARDON, Kind.ARREST)


def topics_of_interest(interest: Interest) -> tuple[str, ...]:
    """The narrowest topics by which every event that the interest asks for is found."""
    kinds = interest.kinds or _KINDS
    if interest.persons:
        return (*_topics_of_watched(interest), *(f"unnamed:{kind}" for kind in kinds))
    if regions := dict.fromkeys((*interest.regions, *map(region_of_town, interest.towns))):
        return (*(f"region:{region}" for region in regions), *(f"placeless:{kind}" for kind in kinds))
    return tuple(f"kind:{kind}" for kind in kinds)


def topics_of_subscriber(interests: Iterable[Interest], *, tests: bool) -> set[str]:
    """`tests`: whether they want exercises and tests too."""
    found = {topic for interest in interests for topic in topics_of_interest(interest)}
    return found | {_TESTS} if tests else found


def topics_of(event: Event) -> tuple[str, ...]:
    """By which everybody who asked for the event is found. A test goes to all who want tests, whatever else."""
    return (_TESTS,) if event.type is EventType.SYSTEM_TEST else topics_of_event(event.data)


def topics_of_event(data: EventData) -> tuple[str, ...]:
    persons = topics_of_persons(data)
    unnamed = [f"unnamed:{data.kind}"] if may_be_anybody(data) else []
    region = region_of(data)
    kinds = _found_as(data.kind)
    where = [f"region:{region}"] if region else [f"placeless:{kind}" for kind in kinds]
    return (*persons, *unnamed, *where, *(f"kind:{kind}" for kind in kinds))


def _found_as(kind: Kind) -> tuple[Kind, ...]:
    """Whoever asked for any kind stands under the two that people can name, so a third is looked for there too."""
    return (kind,) if kind in _KINDS else (kind, *_KINDS)


def topics_of_persons(data: EventData) -> tuple[str, ...]:
    """By which those are found who watch somebody in it, or somebody whose name is near."""
    return tuple(dict.fromkeys(topic for key in keys_of_concerned(data) for topic in _topics_of_named(key)))


def _topics_of_watched(interest: Interest) -> tuple[str, ...]:
    """Of each name a strong one, and weak ones by the sound of what may be the surname."""
    return tuple(
        dict.fromkeys(
            topic for key in watched_keys(interest) for topic in (f"person:{_with_initial(key)}", *_near(key))
        )
    )


def _topics_of_named(key: str) -> Iterator[str]:
    yield from (f"person:{form}" for form in (_with_initial(key), *by_initial(key)))
    yield from _near(key)


def _with_initial(key: str) -> str:
    """With the given name by its initial, where it is known which part that is."""
    return next(iter(by_initial(key)), key)


def _near(key: str) -> Iterator[str]:
    """What the surnames of two spellings have in common, if a person could take one for the other."""
    return (f"near:{sound}" for sound in surname_sounds(key))
