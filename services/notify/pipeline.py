"""READ ME FIRST: an event's road to people.

    events stream ─ on_event ─▶ deliveries stream of each channel ─ on_shards ─▶ batch ─▶ attempts ─▶ ledger
                                                                                   ▲                   │ Retry
                                                              due-queue ─ on_due ──┴───────────────────┘

`on_event` says where somebody asked for this, some hundred readers to an entry. `on_shards` finds out who, and begins
their deliveries in batches; `on_due` does so for what is due, and for what a dead process left behind. All of it may be
done twice: the ledger, asked before every send, makes the second time do nothing. None waits for a far side: a delivery
is safe once it is claimed, see `ledger`.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis

from services.contract import Event, Undecodable, deliveries_stream
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
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import topics_of, topics_of_persons

log = structlog.get_logger(__name__)

RENDERINGS_DIFFER = "renderings_differ"
"""Why an event was buried whose message is not the same in every language."""
_DUE_AT_ONCE = 512
_LEASES_AT_ONCE = 8
_READERS_AN_ENTRY = 512
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
        await self.revisions.note(published.event.data)
        if published.event.data.merged_from:
            await self.revisions.note_end(published.event.data.merged_from)
        self.events.keep(published)
        async with self.redis.pipeline() as pipe:
            for name, sender in self.senders.items():
                for work in await self._works(sender, published):
                    pipe.xadd(deliveries_stream(name), work.encode(name, sender.references))  # type: ignore[arg-type]
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

    async def _works(self, sender: ChannelSender, published: Published) -> list[ShardWork]:
        """For those who watch a person that the event names, and then for everybody: whoever had it is passed over."""
        data, vault = published.event.data, sender.vault
        watching = await vault.shards_asking(sender.name, topics_of_persons(data))
        asking = Counter(await vault.shards_asking(sender.name, topics_of(published.event)))
        for earlier in await self.revisions.earlier(data):  # a correction also goes where what it corrects went
            records = await sender.ledger.records(earlier)
            asking.update(vault.shard_of(number) for number in records)
        first = [ShardWork(published.entry, part, vault.shards, watchers=True) for part in _parts(watching)]
        return first + [ShardWork(published.entry, part, vault.shards) for part in _parts(asking)]

    async def on_shards(self, sender: ChannelSender, entry: Entry) -> None:
        """Begins the deliveries to everybody in the shards who asked for the event and did not get it yet."""
        work = ShardWork.decode(entry.fields, sender.name, sender.references)
        published = await self.events.at(work.entry)
        if published is None:
            log.warning("event_gone", entry=work.entry)
            return
        await Batch(sender, published, fresh=True).begin(await self._candidates(sender, published, work))

    async def _candidates(self, sender: ChannelSender, published: Published, work: ShardWork) -> list[int]:
        """Whoever may want it: all others in the shards surely do not. Who got an earlier revision is among them."""
        event, vault = published.event, sender.vault
        if work.numbers is not None:
            return list(work.numbers)
        if work.watchers:
            return await vault.numbers_asking(work.shards, sender.name, topics_of_persons(event.data))
        if work.of != vault.shards:  # of before there were as many
            return [one.number for one in await vault.everybody() if one.number % work.of in work.shards]
        asking = await vault.numbers_asking(work.shards, sender.name, topics_of(event))
        if not await self.revisions.earlier(event.data):
            return asking
        shards = set(work.shards)
        earlier = {number for number in await sender.had_earlier(event) if vault.shard_of(number) in shards}
        # An address that became another's since: what they got at it, a correction follows there.
        known = await vault.some(sorted(earlier))
        kin = {kin for one in known.values() if isinstance(one, Subscriber) for kin in one.kin}
        return sorted(earlier.union(asking, kin))

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


def _parts(asking: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """Shards, by how many in each may ask: enough together that a batch is worth it, and few enough to be shared."""
    part, count = list[int](), 0
    for shard in sorted(asking):
        part.append(shard)
        count += asking[shard]
        if count >= _READERS_AN_ENTRY:
            yield tuple(part)
            part, count = [], 0
    if part:
        yield tuple(part)


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
