"""Who asked for what: interests, the topics they are found by, and whether an event is what an interest asks for.

A pardon whose names were not published may be about anybody, so whoever watches a person hears of it, unless they
asked for a kind that it is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from services.contract import Certainty, Event, EventData, EventType, Kind, PartyClass, Role
from services.names import by_initial, fold, is_initialled, without_patronymic
from services.subscribers.habits import Frequency

_CONCERNED: Final = (Role.PARDONED, Role.DETAINED)
"""A person who is only mentioned, or named as still in prison, is not whom the event is about."""
_TESTS: Final = "tests"
_ANY_VOWEL: Final = "a "


class Interest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody asked for. An empty list means: any. `persons` are folded names (`services.names.fold`), `towns`
    bear their region: "gomel:Mozyr". Regions and towns are one list of places: either will do."""

    kinds: tuple[Kind, ...] = ()
    regions: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    sources: tuple[PartyClass, ...] = ()
    """Of which class somebody must be who tells it."""
    least: Certainty | None = None
    """Nothing less certain; null: whatever we send."""
    articles: tuple[str, ...] = ()
    """Of the criminal code, as the contract writes them."""
    without: tuple[Interest, ...] = ()
    """What one of these asks for is not meant."""
    frequency: Frequency = "at_once"

    def __repr__(self) -> str:
        return "Interest()"


def watched(name: str) -> str:
    """A name as an interest keeps it. Raises ValueError, which does not repeat it."""
    key = fold(name)
    if not key:
        raise ValueError("there is no letter in it, so it names nobody")
    return key


def topics_of_interest(interest: Interest) -> tuple[str, ...]:
    """The narrowest topics by which every event that the interest asks for is found."""
    kinds = interest.kinds or (Kind.PARDON, Kind.ARREST)
    if interest.persons:
        return (*(f"person:{_weak(key)}" for key in _watched(interest)), *(f"unnamed:{kind}" for kind in kinds))
    if regions := dict.fromkeys((*interest.regions, *map(region_of_town, interest.towns))):
        return (*(f"region:{region}" for region in regions), *(f"placeless:{kind}" for kind in kinds))
    return tuple(f"kind:{kind}" for kind in kinds)


def town_in(region: str, name: str) -> str:
    """A town as an interest keeps it. `name`: as the contract's `Place` has it, in English."""
    return f"{region}:{name}"


def region_of_town(town: str) -> str:
    return town.partition(":")[0]


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
    where = f"region:{region}" if region else f"placeless:{data.kind}"
    return (*persons, *unnamed, where, f"kind:{data.kind}")


def topics_of_persons(data: EventData) -> tuple[str, ...]:
    """By which those are found who watch somebody in it."""
    keys = _keys_of_concerned(data)
    return tuple(dict.fromkeys(f"person:{form}" for key in keys for form in (_weak(key), *by_initial(key))))


def asks_for(interest: Interest, data: EventData) -> bool:
    return (
        (not interest.kinds or data.kind in interest.kinds)
        and is_asked_place(interest, data)
        and _person_matches(interest, data)
    )


def watches_somebody_in(interest: Interest, data: EventData) -> bool:
    """Is a person this interest watches one whom the event is about, by name? Such deliveries go first."""
    if not interest.persons:
        return False
    named = _keys_of_concerned(data)
    return any(_meet(key, other) for key in _watched(interest) for other in named)


def persons_watched(interests: Iterable[Interest], data: EventData) -> frozenset[str]:
    """Keys of those whom the event is about and whom an interest that asks for it watches, by the whole name: with no
    more than an initial it may be somebody else, and nobody is told that it is theirs."""
    asked = {key for one in interests if one.persons and asks_for(one, data) for key in _watched(one)}
    whole = {key for key in asked if " " in key and not is_initialled(key)}
    concerned = (person.key for person in data.persons if whole and person.role in _CONCERNED)
    return frozenset(key for key in concerned if without_patronymic(key) in whole)


def _meet(key: str, other: str) -> bool:
    """The same name; or one of the two gives no more than an initial, with which the other begins.

    Folding makes one letter of all vowels, so an initial that is one says too little of whom it means.
    """
    if key == other:
        return True
    both = set(by_initial(key)).intersection(by_initial(other))
    return (is_initialled(key) or is_initialled(other)) and any(not form.startswith(_ANY_VOWEL) for form in both)


def _weak(key: str) -> str:
    """By which a name is found: with the given name by its initial, where it is known which part that is."""
    return next(iter(by_initial(key)), key)


def is_asked_place(interest: Interest, data: EventData) -> bool:
    # A pardon is an act for the whole country: one without a place is no reason to keep silent towards a region.
    region = region_of(data)
    if not interest.regions and not interest.towns:
        return True
    if region is None:
        return data.kind is Kind.PARDON
    return region in interest.regions or (data.place is not None and town_in(region, data.place.name) in interest.towns)


def _person_matches(interest: Interest, data: EventData) -> bool:
    return not interest.persons or watches_somebody_in(interest, data) or may_be_anybody(data)


def may_be_anybody(data: EventData) -> bool:
    """A pardon of people whose names were not published."""
    return data.kind is Kind.PARDON and not _keys_of_concerned(data)


def _watched(interest: Interest) -> list[str]:
    return [without_patronymic(key) for key in interest.persons]


def _keys_of_concerned(data: EventData) -> list[str]:
    return [without_patronymic(person.key) for person in data.persons if person.role in _CONCERNED]


def region_of(data: EventData) -> str | None:
    """Where it happened, as far as that is known."""
    return data.place.region if data.place is not None else None
