"""Sending again on purpose: what was asked for, what of it the ledger lacks, and putting just that back on the road.

Planning changes nothing. Carrying out a plan only puts work on the deliveries streams; there every delivery is routed
anew by today's subscriptions and asked of the ledger, so even a plan that has grown old sends nothing twice.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import structlog
from redis.asyncio import Redis

from services.contract import deliveries_stream
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.record import DeliveryState, Record
from services.notify.delivery.revisions import Revisions, had_earlier
from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.notify.fanout.events import Events, Published
from services.notify.fanout.routing import NotSent, route
from services.notify.fanout.shard_work import ShardWork
from services.notify.references import References
from services.runtime.clock import unix_of
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import Vault

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 200
STALE_AFTER: Final = 7 * 24 * 3600.0
"""Seconds: an alert this old, sent now, would be taken for news."""

Lack = Literal["missing", "failed", "sent", "unsure"]
ReplayStatus = Literal["missing", "failed", "all"]
_STATE_OF: Final[Mapping[Lack, DeliveryState]] = {
    "failed": DeliveryState.REFUSED,
    "sent": DeliveryState.SENT,
    "unsure": DeliveryState.UNSURE,
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which deliveries an operator means. Times are Unix seconds; None means: any."""

    event_id: str | None = None
    since: float | None = None
    until: float | None = None
    type: str | None = None
    story: str | None = None
    channel: str | None = None
    subscriber: int | None = None
    status: ReplayStatus = "all"
    """missing: never attempted; failed: given up; all: both."""
    force: bool = False
    """Also what was sent, or may have been."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What one event lacks on one channel: the subscribers' numbers, by what the ledger says of them."""

    published: Published
    channel: str
    numbers: Mapping[int, Lack]


@dataclass(slots=True)
class ChannelStanding:
    """How the deliveries of one channel stand, of all that today's subscriptions ask for."""

    sent: int = 0
    waiting: int = 0
    """On its way, or to be attempted again by itself."""
    next_at: float | None = None
    """Unix seconds of the first of those."""
    refused: int = 0
    unsure: int = 0
    missing: int = 0

    def add(self, record: Record | None) -> None:
        if record is None:
            self.missing += 1
        elif not record.closed:
            self.waiting += 1
            self.next_at = record.until if self.next_at is None else min(self.next_at, record.until)
        else:
            self.sent += record.state is DeliveryState.SENT
            self.refused += record.state is DeliveryState.REFUSED
            self.unsure += record.state is DeliveryState.UNSURE


@dataclass(frozen=True, slots=True)
class Plan:
    """What a replay would send."""

    gaps: tuple[Lacking, ...] = ()
    events: int = 0
    """How many events the selection found, with gaps or without."""
    counts: Counter[tuple[str, Lack]] = field(default_factory=Counter)
    stale: int = 0
    """How many of the events with gaps are older than `STALE_AFTER`."""
    standing: Mapping[str, ChannelStanding] = field(default_factory=dict)
    """By channel."""

    @property
    def deliveries(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Replayer:
    redis: Redis
    events: Events
    vault: Vault
    ledgers: Mapping[str, Ledger]
    revisions: Revisions
    references: References
    now: Callable[[], float] = time.time

    async def plan(self, selection: Selection) -> Plan:
        everybody = await self._people(selection)
        gaps: list[Lacking] = []
        counts: Counter[tuple[str, Lack]] = Counter()
        standing = {channel: ChannelStanding() for channel in self.ledgers if selection.channel in (None, channel)}
        found, stale = 0, set()
        async for published in self.events.between(selection.since, selection.until):
            if not _selected(published, selection) or await self.revisions.is_replaced(published.event.data):
                continue
            found += 1
            for one in await self._gaps(published, everybody, selection, standing):
                gaps.append(one)
                counts.update((one.channel, gap) for gap in one.numbers.values())
                if self.now() - unix_of(published.event.time) > STALE_AFTER:
                    stale.add(published.event.id)
        return Plan(tuple(gaps), found, counts, len(stale), standing)

    async def carry_out(self, plan: Plan, rate: float | None, on_put: Callable[[int], None] = lambda _: None) -> int:
        """Puts the plan's work on the road, at most `rate` deliveries a second; how many were put there."""
        done = 0
        for gaps in plan.gaps:
            for numbers in _parts(gaps.numbers, rate):
                for number in numbers:
                    state = _STATE_OF.get(gaps.numbers[number])
                    if state is not None:
                        await self.ledgers[gaps.channel].forget(gaps.published.event.id, number, state)
                await self._put(gaps, numbers)
                done += len(numbers)
                on_put(len(numbers))
                if rate:
                    await asyncio.sleep(len(numbers) / rate)
        return done

    async def _put(self, gaps: Lacking, numbers: list[int]) -> None:
        work = ShardWork(gaps.published.entry, (), self.vault.shards, tuple(numbers)).encode(
            gaps.channel, self.references
        )
        await self.redis.xadd(deliveries_stream(gaps.channel), work)  # type: ignore[arg-type]

    async def _people(self, selection: Selection) -> list[Subscriber]:
        if selection.subscriber is None:
            return await self.vault.everybody()
        return [await self.vault.get(selection.subscriber)]

    async def _gaps(
        self,
        published: Published,
        everybody: list[Subscriber],
        selection: Selection,
        standing: Mapping[str, ChannelStanding],
    ) -> list[Lacking]:
        found = []
        answers = await DoubtfulMatches(self.redis, self.references).answers(published.event.data)
        for channel, counted in standing.items():
            ledger = self.ledgers[channel]
            earlier = await had_earlier(ledger, self.revisions, published.event)
            due = [
                one.number
                for one in everybody
                if not isinstance(route(published.event, one, channel, one.number in earlier, answers), NotSent)
            ]
            records = await ledger.records(published.event.id, due)
            for number in due:
                counted.add(records.get(number))
            numbers = {number: gap for number in due if (gap := _gap(records.get(number), selection)) is not None}
            if numbers:
                found.append(Lacking(published, channel, numbers))
        return found


def _selected(published: Published, selection: Selection) -> bool:
    event = published.event
    return (
        selection.event_id in (None, event.id)
        and selection.type in (None, event.type.value)
        and selection.story in (None, event.data.story_id)
    )


def _gap(record: Record | None, selection: Selection) -> Lack | None:
    """What the ledger says, if the selection means it. What is being sent or waits for its next try is no gap."""
    if record is None:
        return "missing" if selection.status in ("missing", "all") else None
    if record.state is DeliveryState.REFUSED and selection.status in ("failed", "all"):
        return "failed"
    if not selection.force:
        return None
    return {DeliveryState.SENT: "sent", DeliveryState.UNSURE: "unsure"}.get(record.state)  # type: ignore[return-value]


def _parts(numbers: Iterable[int], rate: float | None) -> Iterator[list[int]]:
    """As many at a time as one entry holds well, and no more than go out in a second."""
    every, size = sorted(numbers), min(_AT_ONCE, max(1, int(rate or _AT_ONCE)))
    for first in range(0, len(every), size):
        yield every[first : first + size]
