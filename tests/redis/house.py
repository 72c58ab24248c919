"""The road through notify with real stations, walked by hand: without FastStream, and by a clock of the test's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, Event, deliveries_stream
from services.notify.content.render_cache import RenderCache
from services.notify.delivery.channel_health import ChannelHealth
from services.notify.delivery.delivery_log import DeliveryLog
from services.notify.delivery.due_queue import DueQueue, retries_key
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.outage import Outage
from services.notify.delivery.probes import Probes
from services.notify.delivery.record import Record
from services.notify.delivery.revisions import Revisions
from services.notify.delivery.sender import ChannelSender
from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.notify.fanout.events import Events
from services.notify.pipeline import Notifier, attempt_due
from services.notify.references import References
from services.notify.repair.redriving import redrive
from services.notify.repair.replay import Plan, Replayer, Selection
from services.notify.throttle.channel_hold import ChannelHold
from services.runtime.clock import unix_of
from services.runtime.dead_letters import Buried, DeadLetters
from services.runtime.metrics import Metrics
from services.runtime.retention import Retention
from services.runtime.streams import all_entries
from services.subscribers.change_notices import ChangesHeard
from services.subscribers.keyring import Keyring
from services.subscribers.stop_links import StopLinks
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest
from tests.letters import renderer_at
from tests.redis.far_side import ChatSide, FarSide, MailSide
from tests.redis.samples import TIME, put_event, subscriber
from tests.store import vault_on

_RENDERER = renderer_at()


@dataclass
class Clock:
    """Stands still until it is put forward. Unix seconds."""

    at: float = unix_of(TIME) + 1.0

    def __call__(self) -> float:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += seconds


class House:
    """Everything notify is made of, with two far sides for the outside."""

    def __init__(self, redis: Redis, render_cache: RenderCache | None = None) -> None:
        """`render_cache`: where several houses that follow one another tell the same events."""
        self.redis = redis
        self.render_cache = render_cache or RenderCache(_RENDERER)
        self.clock = Clock()
        self.metrics = Metrics()
        self.events = Events(redis)
        self.revisions = Revisions(redis)
        self.keyring = Keyring(b"a key for this house")
        self.vault = vault_on(redis)
        self.references = References(self.keyring)
        self.matches = DoubtfulMatches(redis, self.references)
        self.changes = ChangesHeard(redis)
        self.mail: FarSide = MailSide()
        self.chat: FarSide = ChatSide()
        self.senders = {side.name: self._desk(side) for side in (self.mail, self.chat)}
        self.queues = {name: DueQueue(redis, name, self.clock) for name in self.senders}
        self.dead = DeadLetters(redis)
        self.notifier = Notifier(redis, self.events, self.senders, self.dead, self.revisions)
        self.replayer = Replayer(
            redis,
            self.events,
            self.vault,
            {name: sender.ledger for name, sender in self.senders.items()},
            self.revisions,
            self.references,
            self.clock,
        )
        self._walked: dict[str, str] = {}

    def _desk(self, side: FarSide) -> ChannelSender:
        return ChannelSender(
            channel=side,
            ledger=Ledger(self.redis, side.name, retries_key(side.name), self.clock),
            vault=self.vault,
            render_cache=self.render_cache,
            channel_hold=ChannelHold(self.redis, side.name),
            revisions=self.revisions,
            metrics=self.metrics,
            references=self.references,
            health=ChannelHealth(self.redis, side, self.clock),
            stop_url=StopLinks(self.keyring, "https://alerts.example.org").url,
            outage=Outage(self.redis, side.name, self.clock),
            probes=Probes(self.redis, side.name, self.clock),
            changes=self.changes,
            log=DeliveryLog(self.references, side.name, _RENDERER.version, Retention().attempts),
            matches=self.matches,
            now=self.clock,
            ticks=self.clock,
            dice=lambda: 0.0,
        )

    def add(self, side: FarSide) -> None:
        """One channel more."""
        self.senders[side.name] = self._desk(side)
        self.queues[side.name] = DueQueue(self.redis, side.name)

    async def subscribe(self, *interests: Interest, **fields: Any) -> Subscriber:
        return await self.vault.add(subscriber(*interests, **fields))

    async def publish(self, event: Event) -> str:
        """Puts the event on its stream; its place there."""
        return await put_event(self.redis, event)

    async def miss(self, *events: Event) -> None:
        """Puts events on the stream as if no notifier ran: the first at 1 s after 1970, the next at 2 s."""
        for seconds, event in enumerate(events, start=1):
            self._walked[EVENTS_STREAM] = "(" + await put_event(self.redis, event, at=f"{seconds}000-0")

    async def deliver(self, *events: Event) -> None:
        """Publishes, walks whatever is new on the streams, and sees the attempts to their end."""
        await self.begin(*events)
        await self.finish()

    async def begin(self, *events: Event) -> None:
        """`deliver` without waiting for a far side."""
        for event in events:
            await self.publish(event)
        async for entry in self._new_on(EVENTS_STREAM):
            await self.notifier.on_event(entry)
        for name, sender in self.senders.items():
            async for entry in self._new_on(deliveries_stream(name)):
                await self.notifier.on_shards(sender, entry)

    async def deliver_due(self) -> None:
        """Attempts what the clock says is due, to its end."""
        for name, queue in self.queues.items():
            await attempt_due(self.notifier, self.senders[name], queue)
        await self.finish()

    def counted(self, name: str) -> dict[tuple[str, ...], float]:
        """What a counter of ours says, by its labels."""
        samples = [sample for metric in getattr(self.metrics, name).collect() for sample in metric.samples]
        return {tuple(one.labels.values()): one.value for one in samples if one.name.endswith("_total")}

    async def finish(self) -> None:
        for sender in self.senders.values():
            await sender.drain(patience=10.0)

    async def replay(self, selection: Selection) -> Plan:
        """Plans and carries out; the deliveries are made when they are walked to."""
        plan = await self.replayer.plan(selection)
        await self.replayer.carry_out(plan, rate=None)
        return plan

    async def redrive(self, buried: Buried) -> None:
        await redrive(self.redis, buried, lambda channel: self.senders[channel].ledger, self.references, self.vault)

    async def whose_link(self, url: str) -> Subscriber | None:
        seed = StopLinks(self.keyring, "").seed(url.rpartition("/")[2])
        return None if seed is None else await self.vault.by_stop_seed(seed)

    async def record(self, event: Event, number: int, channel: str = "email") -> Record | None:
        return (await self.senders[channel].ledger.records(event.id, [number])).get(number)

    async def _new_on(self, stream: str) -> Any:
        async for entry in all_entries(self.redis, stream, self._walked.get(stream, "-")):
            self._walked[stream] = f"({entry.id}"
            yield entry
