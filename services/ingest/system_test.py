"""A test of the road to readers: an event that is about nothing, for those who asked for tests."""

from __future__ import annotations

from services.contract import Certainty, Event, EventData, EventType, Facts, Kind, Status, event_id
from services.ingest.stories import EVENT_SOURCE
from services.runtime.clock import rfc3339


def system_test(sequence: int, now: float) -> Event:
    """`now`: Unix seconds; each moment is a test of its own."""
    story_id = f"test-{int(now * 1000)}"
    data = EventData(
        story_id=story_id,
        revision=1,
        sequence=sequence,
        kind=Kind.OTHER,
        status=Status.TEST,
        certainty=Certainty.REPORTED,
        headline_facts=Facts(),
    )
    return Event(
        id=event_id(story_id, 1),
        source=EVENT_SOURCE,
        type=EventType.SYSTEM_TEST,
        subject=story_id,
        time=rfc3339(now),
        data=data,
    )
