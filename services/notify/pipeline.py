"""READ ME FIRST: an event's road to people.

                 ┌───────────────────── few ───────────────────────┐
    events stream ─ on_event ─▶ deliveries stream of each channel ─ on_shards ─▶ batch ─▶ attempts ─▶ ledger
                                                                                   ▲                   │ Retry
                                                              due-queue ─ on_due ──┴───────────────────┘

`on_event` says where somebody asked for this, some hundred readers to an entry; where they are few, and there is room
to send from, it begins their deliveries itself. `on_shards` finds out who, and begins theirs in batches; `on_due` does
so for what is due, and for what a dead process left behind. All of it may be done twice: the ledger, asked before every
send, makes the second time do nothing. None waits for a far side: a delivery is safe once it is claimed, see `ledger`.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis

from services.contract import Event, Undecodable, deliveries_stream
from services.notify.delivery.audience import Audience
from services.notify.delivery.batch import Batch
from services.notify.delivery.due_queue import Due, DueQueue
from services.notify.delivery.ledger import ExpiredLease
from services.notify.delivery.record import DeliveryState
from services.notify.delivery.revisions import Revisions
from services.notify.delivery.sender import ChannelSender
from services.notify.fanout.events import Events, Published, read_event
from services.notify.fanout.gaps import mark_buried, mark_routed
from services.notify.fanout.shard_work import ShardWork, safe_to_keep, sealed_fields
from services.runtime.clock import rfc3339
from services.runtime.connections import is_shortage
from services.runtime.dead_letters import DeadLetters, poison
from services.runtime.streams import Entry

log = structlog.get_logger(__name__)

RENDERINGS_DIFFER = "renderings_differ"
"""Why an event was buried whose message is not the same in every language."""
_DUE_AT_ONCE = 512
_LEASES_AT_ONCE = 8
_ROOM_WITHIN = 1.0
"""Seconds to wait for room to send from, before the work goes to the deliveries stream and waits there."""
_LOOK_FOR_DUE_EVERY = 0.1  # seconds: a chat that may be written to once a second waits no fourth of one more
_GO_ON_AFTER = 0.02  # seconds
_LOOK_AT_ENDPOINTS_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Notifier:
    """What the road needs: one sender a channel, and what is shared by them."""

    redis: Redis
    events: Events
    senders: Mapping[str, ChannelSender]
    dead_letters: DeadLetters
    revisions: Revisions
    now: Callable[[], float] = time.time
    few: int = 0
    """An event that no more readers of a channel may want is begun at once, and spares the way by the stream."""

    async def on_event(self, entry: Entry) -> None:
        """Puts entries of a few hundred readers each on the deliveries streams."""
        try:
            published = read_event(entry)
        except Undecodable as error:
            log.warning("event_undecodable", entry=entry.id, why=str(error))
            await self.bury(entry, 1, reason="undecodable")
            return
        if differing := self._differing(published.event):
            log.error("renderings_differ", event_id=published.event.id, where=differing)
            await self.bury(entry, 1, reason=RENDERINGS_DIFFER, event_id=published.event.id)
            return
        self.events.keep(published)
        audiences = [Audience(sender, published) for sender in self.senders.values()]
        # Neither needs the other's answer, so their ways to the store and back are one.
        earlier, few = await asyncio.gather(
            self.revisions.note(published.event.data),
            asyncio.gather(*(audience.if_few(self.few) for audience in audiences)),
        )
        works = [
            (audience.sender, await self._spread(audience, numbers, earlier))
            for audience, numbers in zip(audiences, few, strict=True)
        ]
        await asyncio.sleep(0)  # whatever was begun leaves before the rest of this is done
        async with self.redis.pipeline(transaction=any(left for _, left in works)) as pipe:
            for sender, left in works:
                for work in left:
                    fields = work.encode(sender.name, sender.references)
                    pipe.xadd(deliveries_stream(sender.name), fields)  # type: ignore[arg-type]
            mark_routed(pipe, published.event)
            await pipe.execute()
        log.info("event_routed", event_id=published.event.id, type=published.event.type)

    def _differing(self, event: Event) -> list[str]:
        """Where what the event would say is not the same in every language: then nothing of it goes out. What we were
        short of is asked again before a delivery."""
        try:
            return [line for one in self.senders.values() for line in one.render_cache.differing(event, one.channel)]
        except Exception as error:
            if not is_shortage(error):
                raise
            return []

    async def _spread(self, audience: Audience, few: list[int] | None, earlier: Sequence[str]) -> list[ShardWork]:
        """Begins the deliveries of one channel where its readers are few; what is to go by its deliveries stream.

        Until the entry is acknowledged a crash has all of this done again, and the ledger passes over what was begun.
        An update goes by the stream: whom it corrects is found there.
        """
        if not earlier and few is not None:
            left = await audience.begin_soon(few, _ROOM_WITHIN)
            shards = audience.sender.vault.shards
            return [ShardWork(audience.published.entry, (), shards, tuple(left))] if left else []
        return await audience.works(earlier)

    async def on_shards(self, sender: ChannelSender, entry: Entry) -> None:
        """Begins the deliveries to everybody in the shards who asked for the event and did not get it yet."""
        work = ShardWork.decode(entry.fields, sender.name, sender.references)
        published = await self.events.at(work.entry)
        if published is None:
            log.warning("event_gone", entry=work.entry)
            return
        await Audience(sender, published).begin(work)

    async def on_due(self, sender: ChannelSender, queue: DueQueue, dues: Sequence[Due], *, probe: bool = False) -> None:
        """Begins the deliveries whose time has come; drops from the queue what the ledger has closed."""
        by_entry: defaultdict[str, list[Due]] = defaultdict(list)
        for due in dues:
            by_entry[due.entry].append(due)
        for entry, those in by_entry.items():
            published = await self._event_of(entry)
            if published is None:
                await queue.drop(*those)
                continue
            numbers = [due.number for due in those]
            batch = Batch(sender, published, probe=probe)
            await batch.begin(numbers)
            if batch.claimed < len(numbers):
                records = await sender.ledger.records(published.event.id, numbers)
                await queue.drop(*(due for due in those if due.number not in records or records[due.number].closed))

    async def on_expired(self, sender: ChannelSender, lease: ExpiredLease) -> None:
        """Begins anew what a process left behind that is no more."""
        published = await self._event_of(lease.entry)
        if published is not None:
            records = await sender.ledger.records(published.event.id, lease.numbers)
            left = [number for number, record in records.items() if record.state is DeliveryState.SENDING]
            lost = [number for number in lease.numbers if number not in records]
            if lost:  # with the ledger's marks: whoever is still there may get it once more, and would else get nothing
                left += await sender.vault.some(lost)
            await Batch(sender, published).begin(sorted(left))
        await sender.ledger.drop_lease(lease.holder)

    async def _event_of(self, entry: str) -> Published | None:
        try:
            return await self.events.at(entry)
        except Undecodable:
            log.error("due_event_undecodable", entry=entry)
            return None

    async def look_at_endpoints(self, sender: ChannelSender) -> None:
        """Sends early one delivery of each endpoint that was away and is to be looked at."""
        for number, waiting in await sender.probes.take():
            published = await self.events.at(waiting.entry)
            batch = None if published is None else Batch(sender, published, probe=True)
            if batch is not None:
                await batch.begin([number])
            if batch is None or not batch.claimed:
                await sender.probes.drop(number, waiting)

    async def bury(
        self, entry: Entry, deliveries: int, reason: str = "failed_repeatedly", event_id: str | None = None
    ) -> None:
        """Takes an entry that cannot be handled off the road; the letter keeps what stood in it."""
        letter = poison(entry, deliveries, reason, rfc3339(self.now()), self._kept(entry), event_id)
        await self.dead_letters.bury(letter)
        await mark_buried(self.redis, entry)
        log.error("entry_buried", stream=entry.stream, entry=entry.id, deliveries=deliveries, reason=reason)

    def _kept(self, entry: Entry) -> Mapping[str, str]:
        """Its work, sealed where it was not yet; nothing of what is no work of ours."""
        for name, sender in self.senders.items():
            if entry.stream == deliveries_stream(name):
                sealed = sealed_fields(entry.fields, name, sender.references)
                return sealed if safe_to_keep(sealed) else {}
        return {}


async def attempt_due(notifier: Notifier, sender: ChannelSender, queue: DueQueue) -> int:
    """Attempts what is due, or a probe now and then while a far side that all share is away; how many that were."""
    for lease in await sender.ledger.expired(_LEASES_AT_ONCE):
        if lease.holder not in sender.in_flight.holders:
            await notifier.on_expired(sender, lease)
    away = await sender.is_away()
    if away and (not await queue.due(most=1) or not await sender.outage.take_probe()):
        return 0
    dues = await queue.due(most=1 if away else _DUE_AT_ONCE)
    await notifier.on_due(sender, queue, dues, probe=away)
    return len(dues)


async def attempt_due_forever(notifier: Notifier, sender: ChannelSender, queue: DueQueue) -> None:
    """Until cancelled."""
    while True:
        found = 0
        with waiting_out_shortages("due_queue_unreachable", sender):
            found = await attempt_due(notifier, sender, queue)
        await asyncio.sleep(_GO_ON_AFTER if found == _DUE_AT_ONCE else _LOOK_FOR_DUE_EVERY)


async def keep_leases_forever(sender: ChannelSender) -> None:
    """Until cancelled: what is under way here is nobody else's, wherever it waits."""
    while True:
        await asyncio.sleep(sender.claim_lasts / 3)
        sender.in_flight.break_off(sender.ticks() - 2 * sender.claim_lasts)
        with waiting_out_shortages("leases_not_extended", sender):
            if holders := sender.in_flight.holders:
                await sender.ledger.extend(holders, sender.claim_lasts)


async def probe_forever(notifier: Notifier, sender: ChannelSender) -> None:
    """Until cancelled."""
    while True:
        with waiting_out_shortages("endpoints_not_looked_at", sender):
            await notifier.look_at_endpoints(sender)
        await asyncio.sleep(_LOOK_AT_ENDPOINTS_EVERY)


@contextmanager
def waiting_out_shortages(what: str, sender: ChannelSender) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if not is_shortage(error):
            raise
        log.warning(what, channel=sender.name, error=type(error).__name__)
