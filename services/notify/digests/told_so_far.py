"""What the digests before this one came to for somebody, and so what it has to tell. Pure.

A digest was told where it arrived, may have arrived, or had nothing to say. What failed for good was not: the next one
tells what it should have told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from services.notify.delivery.record import DIGEST, DeliveryState, Record
from services.notify.digests.calendar import Begun
from services.notify.digests.period import day_of_digest, days_before, digest_id, due_at, last_due, monday_before
from services.notify.digests.recent_stories import RecentStory
from services.notify.fanout.routing import NotSent
from services.runtime.retention import DAY
from services.subscribers.habits import Frequency

_ZONES_APART: Final = 26 * 3600
"""Seconds: whoever moved had the digest before by another clock. What they were told since, the ledger knows."""

_WEEK: Final = 7 * DAY
ANSWERED_WITHIN: Final = 14 * DAY
"""Seconds: for a week an operator may answer who is meant (see `replay`), and a weekly digest is as far away."""


@dataclass(frozen=True, slots=True)
class Window:
    """After when, and until when (Unix seconds) news is told; None: this frequency is not told now."""

    daily: float
    weekly: float | None
    until: float
    owed_weekly: float = math.inf
    """After when that is told which an interest told weekly asked for until its reader wanted it sooner."""

    @property
    def start(self) -> float:
        """What came before is of no interest."""
        weekly = self.until if self.weekly is None else self.weekly
        return min(self.daily, weekly, self.owed_weekly) - _ZONES_APART

    @property
    def start_of_answered(self) -> float:
        """What came before is old news, whatever was answered since."""
        return self.until - ANSWERED_WITHIN

    def holds(
        self,
        story: RecentStory,
        asked: frozenset[Frequency],
        owed: frozenset[Frequency] = frozenset(),
        *,
        answered: bool = False,
    ) -> bool:
        """Is there news of the story for interests of these frequencies? `owed`: those that asked for it before, up to
        whatever moment they were changed at; `answered`: they ask for it by what an operator said of it, perhaps days
        after its own digest."""
        waited = [self.daily] if "daily" in owed else []
        waited += [self.owed_weekly] if "weekly" in owed else []
        if any(story.news_between(start - _ZONES_APART, math.inf) for start in waited):
            return True
        starts = [self.daily] if "daily" in asked else []
        starts += [self.weekly] if "weekly" in asked and self.weekly is not None else []
        if answered:
            starts = [min(start, self.start_of_answered) for start in starts]
        return any(story.news_between(start - _ZONES_APART, self.until) for start in starts)


@dataclass(frozen=True, slots=True)
class ToldSoFar:
    """`before`: the records of the digests of the last weeks, by day; `since`: when they joined, in Unix seconds."""

    day: date
    zone: str
    hour: time
    before: Mapping[date, Record]
    begun: Begun
    since: float = 0.0
    owes_weekly: bool = False
    """See `Window.owed_weekly`."""

    @property
    def is_waited_for(self) -> bool:
        """An earlier one is still under way: it tells what is new as well, as soon as it can."""
        return any(not record.closed for record in self.before.values())

    def window(self, now: float) -> Window:
        """What waits longer tells what came meanwhile too."""
        last = max(self.day, last_due(self.zone, self.hour, now))
        told = [day for day in days_before(self.day) if self._was_told(day)]
        weekly = self._weekly_after(told, monday_before(last)) if self._is_weekly_owed(last) else None
        owed = self._weekly_after(told, monday_before(last)) if self.owes_weekly else math.inf
        return Window(self._daily_after(told), weekly, self._due(last), owed)

    def is_told_by_another(self, record: Record) -> bool:
        """Of an event's record: was it told in a digest before this one, or will be?"""
        if not record.note.startswith(DIGEST) or record.note == digest_id(self.day):
            return False
        other = self.before.get(day_of_digest(record.note))
        return other is None or not other.closed or _told(other)

    def _is_weekly_owed(self, last: date) -> bool:
        """On Monday; and later where nobody looked on Monday, or what was due then was not told."""
        monday = monday_before(last)
        if last == monday or self.day < monday or not self.begun.weekly.isdisjoint((self.day, last)):
            return True
        since = [record for day, record in self.before.items() if day >= monday]
        return bool(since) and not any(map(_told, since))

    def _daily_after(self, told: Sequence[date]) -> float:
        """From the one that was told last; where none was, from before the first that should have been."""
        if told:
            return self._due(told[0])
        first = min([*(day for day in self.before if self.before[day].attempt > 0), self.day])
        start = self._due(max((day for day in self.begun.days if day < first), default=first - timedelta(days=1)))
        # Whoever joined within a week may have waited for their first Monday, and changed their mind before.
        return min(start, self.since) if self.since > start - _WEEK else start

    def _weekly_after(self, told: Sequence[date], monday: date) -> float:
        """From the Monday of the last week before this one in which it was told; where it never was, begun."""
        weeks = {monday_before(day) for day in told} or set(map(monday_before, self.begun.weekly))
        return self._due(max((week for week in weeks if week < monday), default=monday - timedelta(weeks=1)))

    def _was_told(self, day: date) -> bool:
        return day in self.before and _told(self.before[day])

    def _due(self, day: date) -> float:
        return due_at(day, self.zone, self.hour)


def _told(record: Record) -> bool:
    arrived = record.state in (DeliveryState.SENT, DeliveryState.UNSURE)
    return arrived or (record.state is DeliveryState.REFUSED and record.note == NotSent.NOTHING_NEW)


def is_untold(record: Record | None, so_far: ToldSoFar) -> bool:
    """Of an event's record: nobody else tells it, and nobody did."""
    if record is None:
        return True
    if record.note == NotSent.IN_DIGEST:  # put off when it was to go at once; better twice than perhaps never
        return record.state in (DeliveryState.REFUSED, DeliveryState.UNSURE)
    return (
        record.state is DeliveryState.UNSURE
        and record.note.startswith(DIGEST)
        and not (so_far.is_told_by_another(record))
    )
