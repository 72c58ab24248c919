"""What of a story may be passed on: a freed or detained person is named only if somebody entitled to it named them.

Official sources and rights groups may; media alone may not, until an operator releases that very name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Final

import msgspec

from services.contract import Claim, Facts, Person, Role, Value
from services.ingest.stories.people import ENTITLED, Match, is_entitled, match
from services.ingest.stories.story import Story
from services.names import fold

_NAME_FIELDS: Final = ("names", "names_pardoned")


@dataclass(frozen=True, slots=True)
class Tellable:
    facts: Facts
    claims: tuple[Claim, ...]
    persons: tuple[Person, ...]


def tellable(story: Story) -> Tellable:
    """The story without the names that have to wait; they stay in the story."""
    known = _entitled_keys(story) | set(story.released)
    lists = {field: _keep(getattr(story.facts, field), known) for field in _NAME_FIELDS}
    claims = (_telling(claim, set(story.released)) for claim in story.claims)
    return Tellable(
        facts=msgspec.structs.replace(story.facts, **lists),
        claims=tuple(claim for claim in claims if claim is not None),
        persons=tuple(person for person in story.persons if _is_nameable(person, story.released)),
    )


def waiting_persons(story: Story) -> tuple[Person, ...]:
    """Those whom only media named, and whose names wait for an operator."""
    return tuple(person for person in story.persons if person.key and not _is_nameable(person, story.released))


def waiting_keys(story: Story) -> tuple[str, ...]:
    """Keys of all the names that wait, those among them that stand in a list only."""
    held = {person.key for person in story.persons if person.role is Role.STILL_HELD}
    known = _entitled_keys(story) | set(story.released) | held
    listed = (fold(name) for field in _NAME_FIELDS for name in getattr(story.facts, field) or ())
    claimed = (fold(name) for claim in story.claims if claim.field in _NAME_FIELDS for name in _texts(claim.value))
    waiting = [person.key for person in waiting_persons(story)]
    waiting += [key for key in (*listed, *claimed) if key and not _is_among(key, known)]
    return tuple(dict.fromkeys(waiting))


def _is_nameable(person: Person, released: Iterable[str]) -> bool:
    return person.role is Role.STILL_HELD or is_entitled(person) or _is_among(person.key, released)


def _telling(claim: Claim, released: Set[str]) -> Claim | None:
    """The claim with those of its names that may be told; None where there is none left."""
    if claim.field not in _NAME_FIELDS or claim.said_by.party_class in ENTITLED:
        return claim
    kept = _keep(_texts(claim.value), released)
    if kept is None:
        return None
    return msgspec.structs.replace(claim, value=kept if isinstance(claim.value, tuple) else kept[0])


def _entitled_keys(story: Story) -> set[str]:
    return set(_entitled(story)) - {""}


def _entitled(story: Story) -> Iterator[str]:
    for person in story.persons:
        if person.role is not Role.STILL_HELD and is_entitled(person):
            yield person.key
    for claim in story.claims:
        if claim.field in _NAME_FIELDS and claim.said_by.party_class in ENTITLED:
            yield from (fold(name) for name in _texts(claim.value))


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def _keep(names: tuple[str, ...] | None, known: Iterable[str]) -> tuple[str, ...] | None:
    return tuple(name for name in names or () if _is_among(fold(name), known)) or None


def _is_among(key: str, known: Iterable[str]) -> bool:
    """A surname alone is only ever itself: it may be anybody's of that family."""
    return any(key == one or match(key, one) is Match.ONE for one in known)
