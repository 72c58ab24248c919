"""Begins the digests whose hour has come, and takes up those that wait or that a dead process left behind.

Up to when the hours were looked at is kept in Redis, and written when all of theirs were begun: whoever is killed
before has it done again, and the ledger passes over what was begun.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

import structlog
from redis.asyncio import Redis

from services.notify.delivery.due_queue import DueQueue
from services.notify.delivery.record import DeliveryState
from services.notify.delivery.server_clock import Clock
from services.notify.digests.calendar import Calendar
from services.notify.digests.digest_batch import DigestSender
from services.notify.digests.digest_ledger import digest_channel
from services.notify.digests.period import day_of_digest, due_at, due_between, monday_before
from services.subscribers.digest_topics import digest_topic
from services.subscribers.habits import Frequency

log = structlog.get_logger(__name__)

_SHARDS_AT_ONCE: Final = 8
_DUE_AT_ONCE: Final = 128
_LEASES_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class DigestDesk:
    """`hour`: of the reader's day at which a digest is due; `now`: Unix seconds."""

    redis: Redis
    senders: Mapping[str, DigestSender]
    calendar: Calendar
    hour: time
    now: Callable[[], float]
    clock: Clock = None
    """The ledger's."""

    async def begin_due(self) -> int:
        """Begins all whose hour came since this was last done; in how many zones it did."""
        now = self.now()
        after = await self.calendar.looked_to(now)
        due: defaultdict[tuple[date, bool], list[str]] = defaultdict(list)
        for day, zone in due_between(after, now, self.hour):
            # Of Monday; or of a later day, where nobody looked on Monday.
            weekly = due_at(monday_before(day), zone, self.hour) > after
            due[day, weekly].append(zone)
        await self.calendar.note_weekly(*(day for day, weekly in due if weekly))
        for (day, weekly), zones in sorted(due.items()):
            for sender in self.senders.values():
                await _begin(sender, day, zones, ("daily", "weekly") if weekly else ("daily",))
        await self.calendar.note_begun(*{day for day, _ in due})
        await self.calendar.note_looked(max(now, after))  # a clock put back looks at nothing twice
        return sum(map(len, due.values()))

    async def take_up(self, sender: DigestSender) -> int:
        """Attempts what waits for another attempt and is due, and what a dead process left; how many that were."""
        for lease in await sender.ledger.expired(_LEASES_AT_ONCE):
            if lease.holder not in sender.sender.in_flight.holders:
                records = await sender.ledger.records(lease.entry, lease.numbers)
                left = [number for number, record in records.items() if record.state is DeliveryState.SENDING]
                await sender.begin(day_of_digest(lease.entry), sorted(left))
                await sender.ledger.drop_lease(lease.holder)
        queue = DueQueue(self.redis, digest_channel(sender.sender.name), self.clock)
        away = await sender.sender.is_away()
        if away and (not await queue.due(most=1) or not await sender.sender.outage.take_probe()):
            return 0
        dues = await queue.due(most=1 if away else _DUE_AT_ONCE)
        by_digest: defaultdict[str, list[int]] = defaultdict(list)
        for due in dues:
            by_digest[due.entry].append(due.number)
        for digest, numbers in by_digest.items():
            await sender.begin(day_of_digest(digest), numbers, probe=away)
            records = await sender.ledger.records(digest, numbers)
            closed = {number for number in numbers if number not in records or records[number].closed}
            await queue.drop(*(due for due in dues if due.entry == digest and due.number in closed))
        return len(dues)


async def _begin(sender: DigestSender, day: date, zones: Sequence[str], frequencies: Sequence[Frequency]) -> None:
    vault, channel = sender.sender.vault, sender.sender.name
    topics = [digest_topic(frequency, zone) for frequency in frequencies for zone in zones]
    shards = sorted(await vault.shards_asking(channel, topics))
    for first in range(0, len(shards), _SHARDS_AT_ONCE):
        numbers = await vault.numbers_asking(shards[first : first + _SHARDS_AT_ONCE], channel, topics)
        await sender.begin(day, list(dict.fromkeys(numbers)))
    if shards:
        log.info("digests_begun", channel=channel, day=day.isoformat())
