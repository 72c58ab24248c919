"""Whether an event is about somebody whom an interest watches: by name, or since it names nobody. Pure.

A name is held against a name (`services.names.name_match`), and what else is known of the person against what the event
says. What is likely is no hit: an operator is asked first (`Doubt`), and their answers are `MatchAnswers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.contract import EventData, Kind, Person, Role
from services.forgettable import forgettable
from services.names import (
    NameMatch,
    NameParts,
    NameVerdict,
    fold,
    match_names,
    parts_of_key,
    parts_of_name,
    parts_of_strong,
    surname_sounds,
    without_patronymic,
)
from services.subscribers.interests import Interest, PersonMark
from services.subscribers.person_evidence import with_evidence

_CONCERNED: Final = (Role.PARDONED, Role.DETAINED)
"""A person who is only mentioned, or named as still in prison, is not whom the event is about."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A watched person and one whom an event names, by their keys."""

    watched: str
    named: str

    def __repr__(self) -> str:
        return "Pair()"


@dataclass(frozen=True, slots=True)
class MatchAnswers:
    """What operators answered about the doubtful matches of a story."""

    same: frozenset[Pair] = frozenset()
    other: frozenset[Pair] = frozenset()


NO_ANSWERS: Final = MatchAnswers()


@dataclass(frozen=True, slots=True)
class PersonHit:
    """Somebody watched, and somebody named: how sure it is that they are one, and what agreed."""

    pair: Pair
    match: NameMatch


def watches_somebody_in(interest: Interest, data: EventData, settled: MatchAnswers = NO_ANSWERS) -> bool:
    """Is a person this interest watches one whom the event is about, by name? Such deliveries go first."""
    return any(is_hit(one, settled) for one in hits(interest, data))


def doubts_in(interest: Interest, data: EventData, settled: MatchAnswers = NO_ANSWERS) -> list[PersonHit]:
    """Whom an operator is to be asked about."""
    asked = settled.same | settled.other
    return [one for one in hits(interest, data) if one.match.verdict is NameVerdict.DOUBTFUL and one.pair not in asked]


def is_hit(hit: PersonHit, settled: MatchAnswers) -> bool:
    return hit.match.verdict is NameVerdict.SAME or hit.pair in settled.same


def hits(interest: Interest, data: EventData) -> Iterator[PersonHit]:
    """All that are more than chance, sure or not."""
    if not interest.persons:
        return
    marks = {mark.key: mark for mark in interest.marks}
    for person in concerned(data):
        named, sounds = _named(person.name, person.key), surname_sounds(person.key)
        for key in interest.persons:
            if sounds.isdisjoint(surname_sounds(key)):
                continue
            mark = marks.get(key) or PersonMark(key=key)
            watched = _watched(mark)
            has_patronymic = any(one.patronymic for one in watched)
            match = match_names(watched, named)
            match = with_evidence(match, mark, person, data.place, has_patronymic=has_patronymic)
            if match.verdict is not NameVerdict.DIFFERENT:
                yield PersonHit(Pair(key, person.key), match)


def concerned(data: EventData) -> tuple[Person, ...]:
    return tuple(person for person in data.persons if person.role in _CONCERNED)


def may_be_anybody(data: EventData) -> bool:
    """A pardon of people whose names were not published."""
    return data.kind is Kind.PARDON and not concerned(data)


def watched_keys(interest: Interest) -> list[str]:
    return [without_patronymic(key) for key in interest.persons]


def keys_of_concerned(data: EventData) -> list[str]:
    return [without_patronymic(person.key) for person in concerned(data)]


def _watched(mark: PersonMark) -> tuple[NameParts, ...]:
    return parts_of_key(mark.key) if mark.strong is None else parts_of_strong(mark.strong)


@forgettable(4_096)
def _named(name: str, key: str) -> tuple[NameParts, ...]:
    """The name as it was read; where the key is another's, somebody changed it, and it counts."""
    if without_patronymic(fold(name)) == without_patronymic(key):
        return parts_of_name(name)
    return parts_of_key(key)
