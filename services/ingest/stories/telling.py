"""Turns a story into what goes on the stream, all but the sequence, the id and the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import msgspec

from services.contract import Change, Claim, EventData, EventType, Kind, PartyClass, Source
from services.ingest.stories.story import Story
from services.ingest.stories.tellable import Tellable, tellable

MOST_SOURCES: Final = 12
"""The body of a webhook stays under 20 kB, as its partners were promised; the story keeps the rest."""

_TYPES: Final = {
    (Kind.PARDON, False): EventType.PARDON_ANNOUNCED,
    (Kind.PARDON, True): EventType.PARDON_UPDATED,
    (Kind.ARREST, False): EventType.ARREST_REPORTED,
    (Kind.ARREST, True): EventType.ARREST_UPDATED,
}


def event_type(story: Story) -> EventType:
    if story.state == "retracted":
        return EventType.STORY_RETRACTED
    return _TYPES[story.kind, story.revision > 1]


def event_data(story: Story, *, sequence: int, changes: Iterable[Change], replaces: str | None) -> EventData:
    """The story as its present revision tells it. `replaces` is the id of the event before."""
    told = _withdrawn(story) if story.state == "retracted" else tellable(story)
    claims, sources = _within_limits(told.claims, story.sources)
    return EventData(
        story_id=story.id,
        revision=story.revision,
        sequence=sequence,
        kind=story.kind,
        status=story.status,
        certainty=story.certainty,
        headline_facts=told.facts,
        claims=claims,
        persons=told.persons,
        place=story.place,
        occurred_on=story.occurred_on,
        sources=sources,
        replaces=replaces,
        changes=tuple(changes),
        reason=story.reason or story.owed_reason,
        merged_into=story.merged_into,
    )


def _withdrawn(story: Story) -> Tellable:
    """What readers were told, and no more: a number that never went out is not taken back either."""
    known = tellable(story)
    facts = story.told.facts if story.told else known.facts
    claims = tuple(claim for claim in known.claims if getattr(facts, claim.field, None) == claim.value)
    return replace(known, facts=facts, claims=claims)


_RANK: Final = {PartyClass.OFFICIAL: 0, PartyClass.DEFENDER: 1, PartyClass.MEDIA: 2}


def _within_limits(
    claims: tuple[Claim, ...], sources: tuple[Source, ...]
) -> tuple[tuple[Claim, ...], tuple[Source, ...]]:
    """Official sources first, then those that carry a claim; claims follow their sources to the new places."""
    cited = {claim.source for claim in claims}
    order = sorted(range(len(sources)), key=lambda i: (i not in cited, _RANK[sources[i].source_class], i))
    kept = sorted(order[:MOST_SOURCES], key=lambda i: (_RANK[sources[i].source_class], i))
    place = {old: new for new, old in enumerate(kept)}
    moved = (msgspec.structs.replace(claim, source=place[claim.source]) for claim in claims if claim.source in place)
    return tuple(moved), tuple(sources[i] for i in kept)
