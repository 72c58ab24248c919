"""READ ME FIRST: an event's road to people.

    events stream ─ on_event ─▶ deliveries stream of each channel ─ on_shard ─▶ attempt ─▶ ledger
                                                                      ▲                      │ Retry
                                                     due-queue ─ on_due ◀────────────────────┘

`on_event` says where somebody asked for this. `on_shard` finds out who, claims each delivery and starts its attempt;
`on_due` does so for what is due. All three may be done twice: the ledger, asked before every send, makes the second
time do nothing. None waits for a far side: a delivery is safe once it is claimed, see `ledger`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis

from services.contract import Undecodable, deliveries_stream, event_id
from services.notify.delivery.due_queue import Due, DueQueue
from services.notify.delivery.revisions import Revisions
from services.notify.delivery.sender import ChannelSender
from services.notify.delivery.sending import start_attempt
from services.notify.fanout.events import Events, Published, read_event
from services.notify.fanout.gaps import mark_buried, mark_routed
from services.notify.fanout.routing import NotSent, goes_first, route
from services.notify.fanout.shard_work import ShardWork, safe_to_keep, sealed_fields
from services.runtime.clock import rfc3339
from services.runtime.connections import is_shortage
from services.runtime.dead_letters import DeadLetters, poison
from services.runtime.streams import Entry
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import topics_of, topics_of_persons

log = structlog.get_logger(__name__)

_DUE_AT_ONCE = 100
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
        """Puts one entry per shard and channel on the deliveries streams."""
        try:
            published = read_event(entry)
        except Undecodable as error:
            log.warning("event_undecodable", entry=entry.id, why=str(error))
            await self.bury(entry, 1, reason="undecodable")
            return
        await self.revisions.note(published.event.data)
        async with self.redis.pipeline() as pipe:
            for name, sender in self.senders.items():
                for shard in await self._shards(sender, published):
                    work = ShardWork(published.entry, shard, sender.vault.shards).encode(name, sender.references)
                    pipe.xadd(deliveries_stream(name), work)  # type: ignore[arg-type]
            mark_routed(pipe, published.event)
            await pipe.execute()
        log.info("event_routed", event_id=published.event.id, type=published.event.type)

    async def _shards(self, sender: ChannelSender, published: Published) -> list[int]:
        """Those in which somebody watches a person that the event names come first."""
        data = published.event.data
        watching = await sender.vault.shards_asking(sender.name, topics_of_persons(data))
        shards = set(await sender.vault.shards_asking(sender.name, topics_of(published.event)))
        for revision in await self.revisions.before(data):  # a correction also goes where what it corrects went
            records = await sender.ledger.records(event_id(data.story_id, revision))
            shards |= {sender.vault.shard_of(number) for number in records}
        return sorted(shards, key=lambda shard: (shard not in watching, shard))

    async def on_shard(self, sender: ChannelSender, entry: Entry) -> None:
        """Starts an attempt for everybody in the shard who asked for the event and did not get it yet."""
        work = ShardWork.decode(entry.fields, sender.name, sender.references)
        published = await self.events.at(work.entry)
        if published is None:
            log.warning("event_gone", entry=work.entry)
            return
        candidates = await self._candidates(sender, published, work)
        for subscriber in await self._who_wants_it(sender, published, candidates):
            await start_attempt(sender, published, subscriber.number)

    async def _candidates(self, sender: ChannelSender, published: Published, work: ShardWork) -> list[Subscriber]:
        """Whoever may want it: all others in the shard surely do not. Who got an earlier revision is among them."""
        if work.numbers is not None:
            return await sender.vault.in_shard(work.shard, work.numbers)
        if work.shards != sender.vault.shards:  # of before there were as many
            return [one for one in await sender.vault.everybody() if one.number % work.shards == work.shard]
        earlier = await self._got_earlier(sender, published, work.shard)
        asking = await sender.vault.asking(work.shard, sender.name, topics_of(published.event), earlier)
        # An address that became another's since: what they got at it, a correction follows there.
        kin = {number for one in asking if one.number in earlier for number in one.kin}
        return asking + await sender.vault.in_shard(work.shard, kin - {one.number for one in asking})

    async def _got_earlier(self, sender: ChannelSender, published: Published, shard: int) -> set[int]:
        """Who in the shard may have an earlier revision."""
        if not await self.revisions.before(published.event.data):
            return set()
        numbers = await sender.vault.numbers_in(shard)
        return set(await sender.had_earlier(published.event, numbers))

    async def _who_wants_it(
        self, sender: ChannelSender, published: Published, candidates: list[Subscriber]
    ) -> list[Subscriber]:
        event, channel = published.event, sender.name
        family = [number for one in candidates for number in (one.number, *one.kin)]
        earlier = await sender.had_earlier(event, family)
        wanted = []
        for subscriber in candidates:
            had_one = not earlier.keys().isdisjoint((subscriber.number, *subscriber.kin))
            verdict = route(event, subscriber, channel, had_one)
            if isinstance(verdict, NotSent):
                sender.metrics.not_sent.labels(channel, verdict).inc()
            else:
                wanted.append(subscriber)
        return sorted(wanted, key=lambda one: not goes_first(event, one))

    async def on_due(self, sender: ChannelSender, queue: DueQueue, due: Due, *, probe: bool = False) -> None:
        """Starts the attempt of a delivery whose time has come; drops it from the queue if the ledger has closed it."""
        try:
            published = await self.events.at(due.entry)
        except Undecodable:
            log.error("due_event_undecodable", entry=due.entry)
            published = None
        if published is None:
            await queue.drop(due)
            return
        if await start_attempt(sender, published, due.number, probe=probe):
            return
        record = (await sender.ledger.records(published.event.id, [due.number])).get(due.number)
        if record is None or record.closed:
            await queue.drop(due)

    async def look_at_endpoints(self, sender: ChannelSender) -> None:
        """Sends early one delivery of each endpoint that was away and is to be looked at."""
        for number, waiting in await sender.probes.take():
            published = await self.events.at(waiting.entry)
            if published is None or not await start_attempt(sender, published, number, probe=True):
                await sender.probes.drop(number, waiting)

    async def bury(self, entry: Entry, deliveries: int, reason: str = "failed_repeatedly") -> None:
        """Takes an entry that cannot be handled off the road; the letter keeps what stood in it."""
        await self.dead_letters.bury(poison(entry, deliveries, reason, rfc3339(self.now()), self._kept(entry)))
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
    away = await sender.is_away()
    if away and (not await queue.due(most=1) or not await sender.outage.take_probe()):
        return 0
    dues = await queue.due(most=1 if away else _DUE_AT_ONCE)
    for due in dues:
        await notifier.on_due(sender, queue, due, probe=away)
    return len(dues)


async def attempt_due_forever(notifier: Notifier, sender: ChannelSender, queue: DueQueue) -> None:
    """Until cancelled."""
    while True:
        found = 0
        with waiting_out_shortages("due_queue_unreachable", sender):
            found = await attempt_due(notifier, sender, queue)
        await asyncio.sleep(_GO_ON_AFTER if found == _DUE_AT_ONCE else _LOOK_FOR_DUE_EVERY)


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
