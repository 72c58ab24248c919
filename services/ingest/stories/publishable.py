"""What of a story may be passed on, on every channel: the one place where that is decided.

Of claims and sources, what stands. A freed or detained person is named only if an authority or a rights group named
them in its own source, or an operator released that very name: that somebody quotes one of them proves nothing. Whoever
is still in prison is told as whoever says so says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from services.contract import Claim, Facts, PartyClass, Person, Role, Source, Value
from services.fact_table import NAME_FIELDS
from services.ingest.stories.accounts import DESK, standing_sources
from services.ingest.stories.person_match import Match, is_entitled, match
from services.ingest.stories.standing import standing_claims
from services.ingest.stories.story import Story
from services.names import fold
from services.sourcing import is_own, is_trusted


@dataclass(frozen=True, slots=True)
class Publishable:
    """`sources`: indices into the story's, to which those of `claims` and `persons` still point."""

    facts: Facts
    claims: tuple[Claim, ...]
    persons: tuple[Person, ...]
    sources: frozenset[int]


def publishable(story: Story) -> Publishable:
    """The story without what waits, which stays in the story."""
    known = _entitled_keys(story) | set(story.released)
    lists = {field: _keep(getattr(story.facts, field), known) for field in NAME_FIELDS}
    claims = (_telling(claim, story) for claim in _each_once(standing_claims(story), story.sources))
    return Publishable(
        facts=msgspec.structs.replace(story.facts, **lists),
        claims=tuple(_of_its_text(claim, story) for claim in claims if claim is not None),
        persons=tuple(person for person in _standing_persons(story) if _is_nameable(person, story)),
        sources=_without_desk(story),
    )


def _of_its_text(claim: Claim, story: Story) -> Claim:
    """What an operator corrected is said by whoever says it: in the text that we had misread, or in an own source."""
    if story.sources[claim.source].outlet != DESK:
        return claim
    found = _text_of(claim, story)
    return claim if found is None else msgspec.structs.replace(claim, source=found)


def _text_of(claim: Claim, story: Story) -> int | None:
    made = next((one for one in story.corrections if one.field == claim.field), None)
    for index in sorted(standing_sources(story)):
        source = story.sources[index]
        if source.outlet != DESK and (
            (made is not None and made.carrier and source.sha256 == made.carrier)
            or (is_own(claim.said_by, source) and not (made and made.carrier))
        ):
            return index
    return None


def _without_desk(story: Story) -> frozenset[int]:
    """Our desk is no source; it stands for a party of which we have no text."""
    corrected = {one.field for one in story.corrections}
    needed = {claim.source for claim in story.claims if claim.field in corrected and _text_of(claim, story) is None}
    shown = standing_sources(story)
    return frozenset(at for at in shown if story.sources[at].outlet != DESK or at in needed)


def waiting_persons(story: Story) -> tuple[Person, ...]:
    """Those whom nobody entitled named, and whose names wait for an operator."""
    acting = (person for person in _standing_persons(story) if person.role is not Role.STILL_HELD)
    return tuple(person for person in acting if person.key and not _is_nameable(person, story))


def waiting_keys(story: Story) -> tuple[str, ...]:
    """Keys of all the names that an operator has before them, those among them that stand in a list only."""
    held = {person.key for person in story.persons if person.role is Role.STILL_HELD}
    known = _entitled_keys(story) | set(story.released) | held
    listed = (fold(name) for field in NAME_FIELDS for name in getattr(story.facts, field) or ())
    claimed = (fold(name) for claim in story.claims if claim.field in NAME_FIELDS for name in _texts(claim.value))
    acting = (person for person in story.persons if person.key and person.role is not Role.STILL_HELD)
    waiting = [person.key for person in acting if not _is_nameable(person, story)]
    waiting += [key for key in (*listed, *claimed) if key and not _is_among(key, known)]
    return tuple(dict.fromkeys(waiting))


def _standing_persons(story: Story) -> Iterator[Person]:
    shown = standing_sources(story)
    return (person for person in story.persons if person.source is None or person.source in shown)


def _each_once(claims: Iterable[Claim], sources: tuple[Source, ...]) -> Iterator[Claim]:
    """A party's statement once, however many carry it: from its own source where that is among them."""
    found: dict[tuple[str, str, str, Value, str], Claim] = {}
    for claim in claims:
        key = (claim.field, claim.scope, claim.said_by.id, claim.value, claim.precision)
        if key not in found or (_is_own(claim, sources) and not _is_own(found[key], sources)):
            found[key] = claim
    return iter(found.values())


def _is_own(claim: Claim, sources: tuple[Source, ...]) -> bool:
    return is_own(claim.said_by, sources[claim.source])


def _is_nameable(person: Person, story: Story) -> bool:
    if is_entitled(person, story.sources) or _is_among(person.key, story.released):
        return True
    return person.role is Role.STILL_HELD and _may_be_relayed(person)


def _may_be_relayed(person: Person) -> bool:
    """Somebody whom everybody knows of, or of whom a rights group is quoted, since those keep the lists of prisoners:
    no outlet alone makes a private person one."""
    quoted = person.said_by is not None and person.said_by.party_class is PartyClass.DEFENDER
    return bool(person.names) or person.source is None or quoted


def _telling(claim: Claim, story: Story) -> Claim | None:
    """The claim with those of its names that may be told; None where there is none left."""
    if claim.field not in NAME_FIELDS or is_trusted(story.sources[claim.source]):
        return claim
    kept = _keep(_texts(claim.value), story.released)
    if kept is None:
        return None
    return msgspec.structs.replace(claim, value=kept if isinstance(claim.value, tuple) else kept[0])


def _entitled_keys(story: Story) -> set[str]:
    return set(_entitled(story)) - {""}


def _entitled(story: Story) -> Iterator[str]:
    for person in story.persons:
        if person.role is not Role.STILL_HELD and is_entitled(person, story.sources):
            yield person.key
    for claim in story.claims:
        if claim.field in NAME_FIELDS and is_trusted(story.sources[claim.source]):
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
