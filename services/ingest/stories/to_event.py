"""Turns a story into the event that tells its present revision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

import msgspec

from services.contract import (
    Change,
    Claim,
    Event,
    EventData,
    EventType,
    Facts,
    Kind,
    PartyClass,
    Person,
    Source,
    event_id,
)
from services.ingest.stories.publishable import Publishable, publishable
from services.ingest.stories.story import Story, StoryState
from services.runtime.clock import rfc3339
from services.sourcing import witnesses

MOST_SOURCES: Final = 12
"""The body of a webhook stays under 20 kB, as its partners were promised; the story keeps the rest."""

EVENT_SOURCE: Final = "/vestka/ingest"
"""The `source` of our CloudEvents: an URI reference, the same wherever we run."""

_TYPES: Final = {
    (Kind.PARDON, False): EventType.PARDON_ANNOUNCED,
    (Kind.PARDON, True): EventType.PARDON_UPDATED,
    (Kind.ARREST, False): EventType.ARREST_REPORTED,
    (Kind.ARREST, True): EventType.ARREST_UPDATED,
}


def to_event(story: Story, *, sequence: int, changes: Iterable[Change], now: float) -> Event:
    """The event of the story's present revision. `now`: Unix seconds."""
    return Event(
        id=event_id(story.id, story.revision),
        source=EVENT_SOURCE,
        type=event_type(story),
        subject=story.id,
        time=rfc3339(now),
        data=event_data(story, sequence=sequence, changes=changes, replaces=story.last_event_id),
    )


def event_type(story: Story) -> EventType:
    if story.state is StoryState.RETRACTED:
        return EventType.STORY_RETRACTED
    if _tells_of_hold(story):
        return EventType.STORY_HELD
    if story.owed_merge:
        return EventType.STORY_MERGED
    return _TYPES[story.kind, story.revision > 1]


def event_data(story: Story, *, sequence: int, changes: Iterable[Change], replaces: str | None) -> EventData:
    """The story as its present revision tells it. `replaces` is the id of the event before."""
    takes_back = story.state is StoryState.RETRACTED or _tells_of_hold(story)
    whole = _withdrawn(story) if takes_back else publishable(story)
    announced = story.announcement
    shown = _within_limits(whole, story.sources)
    return EventData(
        story_id=story.id,
        revision=story.revision,
        sequence=sequence,
        kind=story.kind,
        status=story.status,
        certainty=story.certainty,
        headline_facts=shown.facts,
        claims=shown.claims,
        persons=shown.persons,
        place=story.place,
        occurred_on=story.occurred_on,
        sources=shown.sources,
        replaces=replaces,
        changes=tuple(changes),
        replaced_at=(announced.at or None) if announced else None,
        reason=None if _tells_of_hold(story) else story.reason or story.owed_reason,
        reason_code=None if _tells_of_hold(story) else story.reason_code,
        reason_lines={} if _tells_of_hold(story) else story.reason_lines,
        ends_hold=bool(announced and announced.on_hold and not takes_back),
        merged_into=story.merged_into,
        merged_from=story.owed_merge.id if story.owed_merge and not takes_back else None,
        merged_at=(story.owed_merge.at or None) if story.owed_merge and not takes_back else None,
    )


def _tells_of_hold(story: Story) -> bool:
    return story.hold is not None and story.hold.telling


def _withdrawn(story: Story) -> Publishable:
    """What readers were told, and no more: a number that never went out is not taken back either."""
    known = publishable(story)
    facts = story.announcement.facts if story.announcement else known.facts
    claims = tuple(claim for claim in known.claims if getattr(facts, claim.field, None) == claim.value)
    named = story.announcement.named if story.announcement else ()
    persons = tuple(person for person in known.persons if person.key in named)
    sources = known.sources - {account.source for account in story.accounts if not account.announced}
    return replace(known, facts=facts, claims=claims, persons=persons, sources=sources)


_RANK: Final = {PartyClass.OFFICIAL: 0, PartyClass.DEFENDER: 1, PartyClass.MEDIA: 2}


class _Shown(NamedTuple):
    facts: Facts
    claims: tuple[Claim, ...]
    persons: tuple[Person, ...]
    sources: tuple[Source, ...]


def _within_limits(shown: Publishable, sources: tuple[Source, ...]) -> _Shown:
    """Official sources first; where there are too many, those on which the certainty rests stay, then those that carry
    something. Claims and persons follow their sources to the new places."""
    cited = {claim.source for claim in shown.claims} | {person.source for person in shown.persons}
    resting = witnesses([sources[i] for i in sorted(shown.sources)])
    crowding = _beyond_two_an_outlet(sorted(shown.sources), sources)
    order = sorted(
        shown.sources,
        key=lambda i: (sources[i] not in resting, i in crowding, i not in cited, _RANK[sources[i].source_class], i),
    )
    kept = sorted(order[:MOST_SOURCES], key=lambda i: (_RANK[sources[i].source_class], i))
    place = {old: new for new, old in enumerate(kept)}
    claims = (msgspec.structs.replace(one, source=place[one.source]) for one in shown.claims if one.source in place)
    persons = (
        one if one.source is None else msgspec.structs.replace(one, source=place.get(one.source))
        for one in shown.persons
    )
    return _Shown(shown.facts, tuple(claims), tuple(persons), tuple(_shown(sources[i]) for i in kept))


def _beyond_two_an_outlet(indices: Iterable[int], sources: tuple[Source, ...]) -> set[int]:
    """An outlet that tells of it in ten texts pushes nobody else's off the list."""
    seen: Counter[str] = Counter()
    beyond = set()
    for index in indices:
        seen[sources[index].outlet] += 1
        if seen[sources[index].outlet] > 2:
            beyond.add(index)
    return beyond


def _shown(source: Source) -> Source:
    """Without the name that came in with the text, in whatever words: of that only whose it is may be told."""
    return msgspec.structs.replace(source, claims_to_be=None)
