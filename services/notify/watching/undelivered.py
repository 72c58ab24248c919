"""The outcome watchdog: of every event, did at least one message arrive on each channel that had somebody to reach?

Everything else may look well and nobody be told. So this one asks only for the end of the road: a confirmed delivery
in the ledger. Where there is none it asks today's subscribers whether there was anybody at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, Event, Undecodable, event_id
from services.notify.delivery.record import DeliveryState
from services.notify.delivery.sender import ChannelSender
from services.notify.fanout.events import Published, read_event
from services.notify.fanout.quiet_hours import quiet_until
from services.notify.fanout.routing import NotSent, route
from services.notify.watching.limits import AlarmLimits
from services.operations.alarms import Found
from services.runtime.retention import Retention
from services.runtime.streams import all_entries, milliseconds_of
from services.subscribers.topics import topics_of

UNDELIVERED: Final = "nobody_reached"

_SAYS: Final = (
    "no message about it has arrived by {channel} within {minutes:g} min, and somebody is waiting for it: see 'vestka "
    "doctor', 'vestka dead list' and the log of notify; then 'vestka replay --event {event}'"
)


@dataclass(frozen=True, slots=True)
class _Open:
    """An event that is not yet known to have arrived on a channel."""

    published: Published
    channel: str


class UndeliveredWatch:
    """Remembers what is settled; a new process looks at the last days once more."""

    kinds: Final = frozenset({UNDELIVERED})

    def __init__(self, redis: Redis, senders: Mapping[str, ChannelSender], limits: AlarmLimits) -> None:
        self._redis = redis
        self._senders = senders
        self._after = limits.undelivered_after
        self._read_to: str | None = None
        self._open: list[_Open] = []

    async def look(self, now: float) -> list[Found]:
        """`now`: Unix seconds."""
        await self._read_new(now)
        still_open, found = [], []
        for one in self._open:
            age = now - milliseconds_of(one.published.entry) / 1000
            waited = age >= self._after  # before, nothing is wrong yet, and asking about all that is new costs most
            if age > Retention.RETRIES or (waited and await self._arrived(one)):
                continue
            still_open.append(one)
            if waited and await self._somebody_waits(one, now):
                found.append(self._found(one))
        self._open = still_open
        return found

    async def _read_new(self, now: float) -> None:
        first = f"({self._read_to}" if self._read_to else str(max(0, int((now - Retention.RETRIES) * 1000)))
        async for entry in all_entries(self._redis, EVENTS_STREAM, first):
            with suppress(Undecodable):  # a dead letter, and an alarm of its own
                published = read_event(entry)
                self._open += [_Open(published, name) for name in self._senders]
            self._read_to = entry.id

    async def _arrived(self, one: _Open) -> bool:
        records = await self._senders[one.channel].ledger.records(one.published.event.id)
        return any(record.state is DeliveryState.SENT for record in records.values())

    async def _somebody_waits(self, one: _Open, now: float) -> bool:
        """Is there, today, anybody to whom it would go? Nobody waits on a paused channel, for what was replaced, or
        within their quiet hours."""
        sender, event = self._senders[one.channel], one.published.event
        if await sender.channel_hold.is_paused() or await sender.revisions.is_replaced(event.data):
            return False
        earlier, topics = await sender.had_earlier(event), topics_of(event)
        shards = set(await sender.vault.shards_asking(one.channel, topics))
        for shard in sorted(shards | set(map(sender.vault.shard_of, earlier))):
            there = [number for number in earlier if sender.vault.shard_of(number) == shard]
            for subscriber in await sender.vault.asking(shard, one.channel, topics, there):
                verdict = route(event, subscriber, one.channel, subscriber.number in earlier)
                if not isinstance(verdict, NotSent) and quiet_until(event, subscriber, now) is None:
                    return True
        return False

    def _found(self, one: _Open) -> Found:
        event: Event = one.published.event
        says = _SAYS.format(channel=one.channel, minutes=self._after / 60, event=event.id)
        return Found(UNDELIVERED, f"{event_id(event.data.story_id, event.data.revision)}/{one.channel}", says)
