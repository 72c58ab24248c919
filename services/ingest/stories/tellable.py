"""What of a story may be passed on: a freed or detained person is named only if somebody entitled to it named them.

Official sources and rights groups may; media alone may not, until an operator releases the names (design/alert.md).
"""

from __future__ import annotations

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
    if story.names_released:
        return Tellable(story.facts, story.claims, story.persons)
    entitled = _entitled_keys(story)
    lists = {field: _keep(getattr(story.facts, field), entitled) for field in _NAME_FIELDS}
    return Tellable(
        facts=msgspec.structs.replace(story.facts, **lists),
        claims=tuple(claim for claim in story.claims if claim.field not in _NAME_FIELDS or _may_tell(claim)),
        persons=tuple(person for person in story.persons if _is_nameable(person)),
    )


def waiting_persons(story: Story) -> tuple[Person, ...]:
    """Those whom only media named, and whose names wait for an operator."""
    return () if story.names_released else tuple(person for person in story.persons if not _is_nameable(person))


def _is_nameable(person: Person) -> bool:
    return person.role is Role.STILL_HELD or is_entitled(person)


def _may_tell(claim: Claim) -> bool:
    return claim.said_by.party_class in ENTITLED


def _entitled_keys(story: Story) -> set[str]:
    freed = {person.key for person in story.persons if person.role is not Role.STILL_HELD and is_entitled(person)}
    named = {
        fold(n)
        for claim in story.claims
        if claim.field in _NAME_FIELDS and _may_tell(claim)
        for n in _texts(claim.value)
    }
    return (freed | named) - {""}


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def _keep(names: tuple[str, ...] | None, entitled: set[str]) -> tuple[str, ...] | None:
    kept = tuple(name for name in names or () if any(match(fold(name), key) is Match.ONE for key in entitled))
    return kept or None
