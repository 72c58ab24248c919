"""Of which day a digest is, when that day's are due in each zone, and what stands for one in the ledger. Pure.

A digest is known by the reader's own date, so there is one a day and person however often their zone changes. The
weekly part stands in that of Monday, or in the first that arrives after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from services.contract import Certainty, Event, EventData, EventType, Facts, Kind, Status
from services.notify.delivery.record import DIGEST
from services.notify.fanout.events import Published
from services.runtime.clock import rfc3339
from services.subscribers.habits import Frequency, zones

LOOKED_BACK: Final = 28
"""Days: so far back it is asked what the digests before came to."""
_MONDAY: Final = 0
_DAY: Final = timedelta(days=1)


def digest_id(day: date) -> str:
    """What stands in place of an event's id, and of its entry on a stream."""
    return f"{DIGEST}{day.isoformat()}"


def day_of_digest(digest: str) -> date:
    """Raises ValueError."""
    return date.fromisoformat(digest.removeprefix(DIGEST))


@lru_cache(1_000)
def _clock(zone: str) -> ZoneInfo:
    """All that there are are asked of at every look, and `zoneinfo` itself keeps eight."""
    return ZoneInfo(zone)


def due_at(day: date, zone: str, hour: time) -> float:
    """Unix seconds. An hour that the clocks leave out that day is as much later."""
    return datetime.combine(day, hour, _clock(zone)).timestamp()


def last_due(zone: str, hour: time, now: float) -> date:
    """The newest day whose digest is due by `now`."""
    day = datetime.fromtimestamp(now, _clock(zone)).date()
    return day if due_at(day, zone, hour) <= now else day - _DAY


def due_between(after: float, until: float, hour: time) -> Iterator[tuple[date, str]]:
    """The zones in which it became the hour since `after`, each with the newest day."""
    for zone in sorted(zones()):
        day = last_due(zone, hour, until)
        if due_at(day, zone, hour) > after:
            yield day, zone


def next_due(frequencies: frozenset[Frequency], zone: str, hour: time, now: float) -> float:
    """When a digest is due next that tells what interests of these frequencies ask for."""
    day = last_due(zone, hour, now) + _DAY
    while "daily" not in frequencies and day.weekday() != _MONDAY:
        day += _DAY
    return due_at(day, zone, hour)


def monday_before(day: date) -> date:
    """The newest Monday that is not after it."""
    return day - timedelta(days=(day.weekday() - _MONDAY) % 7)


def days_before(day: date) -> list[date]:
    """The newest first."""
    return [day - timedelta(days=days) for days in range(1, LOOKED_BACK + 1)]


def published_digest(day: date, due: float) -> Published:
    """In the shape in which the ledger and a channel take an event: it bears the id and the time, and no news."""
    digest = digest_id(day)
    data = EventData(
        story_id=digest,
        revision=1,
        sequence=1,
        kind=Kind.OTHER,
        status=Status.ACTUAL,
        certainty=Certainty.CONFIRMED,
        headline_facts=Facts(),
    )
    event = Event(
        id=digest, source="/vestka/notify", type=EventType.SYSTEM_TEST, subject=digest, time=rfc3339(due), data=data
    )
    return Published(digest, event)
