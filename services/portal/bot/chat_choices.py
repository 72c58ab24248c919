"""What a command changes of somebody's choices. Pure; the same command twice leaves what it left the first time.

What else an interest asks for (sources, articles, what is not meant: see `narrowing`) stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from services.portal.signup.choice_form import MOST_PERSONS, MOST_TOWNS
from services.subscribers.habits import Frequency
from services.subscribers.interests import Interest, PersonMark, following, marks_of
from services.subscribers.subscriber import Subscriber

EVERYTHING: Final = Interest()


class TooMany(ValueError):
    """As many are chosen as may be."""


def persons_of(subscriber: Subscriber) -> tuple[str, ...]:
    """The folded names, in the order in which a list shows them."""
    return tuple(dict.fromkeys(key for one in subscriber.interests for key in one.persons))


def person_at(subscriber: Subscriber, place: int) -> str | None:
    """`place`: in that list, from 1."""
    known = persons_of(subscriber)
    return known[place - 1] if 0 < place <= len(known) else None


def marks_in(subscriber: Subscriber) -> tuple[PersonMark, ...]:
    """Of each of them, in the same order."""
    known = {mark.key: mark for one in reversed(subscriber.interests) for mark in marks_of(one)}
    return tuple(known[key] for key in persons_of(subscriber))


def places_of(subscriber: Subscriber) -> tuple[str, ...]:
    """Regions, and towns with theirs, of what is not about certain people; none for the whole country."""
    general = general_of(subscriber)
    if any(not one.regions and not one.towns for one in general):
        return ()
    return tuple(dict.fromkeys(place for one in general for place in (*one.regions, *one.towns)))


def has_general(subscriber: Subscriber) -> bool:
    """Do they hear of more than certain people?"""
    return bool(general_of(subscriber))


def is_narrower(subscriber: Subscriber) -> bool:
    """Is anything chosen that a chat does not show: of those who are followed, only some of the news?"""
    shown = {"persons": (), "marks": (), "frequency": "at_once"}
    return any(msgspec.structs.replace(one, **shown) != EVERYTHING for one in subscriber.interests if one.persons)


def frequency_of(subscriber: Subscriber) -> Frequency:
    """Of the first interest."""
    return next((one.frequency for one in subscriber.interests), "at_once")


def with_person(subscriber: Subscriber, mark: PersonMark) -> Subscriber:
    """Who is followed already is told apart by what the mark says now. Raises TooMany."""
    known = persons_of(subscriber)
    if mark.key not in known and len(known) >= MOST_PERSONS:
        raise TooMany
    there = [one for one in subscriber.interests if one.persons and (mark.key in one.persons or mark.key not in known)]
    if not there:
        new = following([mark], frequency=frequency_of(subscriber))
        return _with(subscriber, (*subscriber.interests, new))
    at = subscriber.interests.index(there[0])
    both = following([*marks_of(there[0]), mark])
    changed = msgspec.structs.replace(there[0], persons=both.persons, marks=both.marks)
    return _with(subscriber, (*subscriber.interests[:at], changed, *subscriber.interests[at + 1 :]))


def without_person(subscriber: Subscriber, key: str) -> Subscriber:
    """An interest in nobody any more is none: it would ask for everything."""
    kept = []
    for one in subscriber.interests:
        left = tuple(other for other in one.persons if other != key)
        if left or not one.persons:
            marks = tuple(mark for mark in one.marks if mark.key != key)
            kept.append(msgspec.structs.replace(one, persons=left, marks=marks))
    return _with(subscriber, tuple(kept))


def with_place(subscriber: Subscriber, place: str) -> Subscriber:
    """`place`: a region, or a town with its region ("gomel:Mozyr"). Raises TooMany."""
    if not has_general(subscriber):
        subscriber = _with(subscriber, (Interest(frequency=frequency_of(subscriber)), *subscriber.interests))
    if place not in (known := places_of(subscriber)) and len(known) >= MOST_TOWNS:
        raise TooMany

    def added(one: Interest) -> Interest:
        if ":" in place:
            return msgspec.structs.replace(one, towns=tuple(dict.fromkeys((*one.towns, place))))
        return msgspec.structs.replace(one, regions=tuple(dict.fromkeys((*one.regions, place))))

    return changed_general(subscriber, added)


def without_place(subscriber: Subscriber, place: str) -> Subscriber:
    """Without the last of them it is the whole country again, as on the page."""

    def left(one: Interest) -> Interest:
        regions = tuple(other for other in one.regions if other != place)
        return msgspec.structs.replace(one, regions=regions, towns=tuple(t for t in one.towns if t != place))

    return changed_general(subscriber, left)


def everywhere(subscriber: Subscriber) -> Subscriber:
    return changed_general(subscriber, lambda one: msgspec.structs.replace(one, regions=(), towns=()))


def with_everything(subscriber: Subscriber) -> Subscriber:
    """All kinds from the whole country, beside the people that are watched."""
    general = Interest(frequency=frequency_of(subscriber))
    return _with(subscriber, (general, *(one for one in subscriber.interests if one.persons)))


def with_frequency(subscriber: Subscriber, frequency: Frequency) -> Subscriber:
    return _with(subscriber, tuple(msgspec.structs.replace(one, frequency=frequency) for one in subscriber.interests))


def general_of(subscriber: Subscriber) -> list[Interest]:
    return [one for one in subscriber.interests if not one.persons]


def changed_general(subscriber: Subscriber, change: Callable[[Interest], Interest]) -> Subscriber:
    return _with(subscriber, tuple(one if one.persons else change(one) for one in subscriber.interests))


def _with(subscriber: Subscriber, interests: tuple[Interest, ...]) -> Subscriber:
    return msgspec.structs.replace(subscriber, interests=interests)
