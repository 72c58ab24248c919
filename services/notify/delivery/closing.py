"""How attempts ended is written down together: whatever ends within a hundredth of a second, in one step an event.

What is told of here is safe only once it is written; until then its lease is kept alive.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
import structlog

from services.notify.channels.base import Channel
from services.notify.delivery.channel_health import ChannelHealth
from services.notify.delivery.delivery_log import DeliveryLog, LogRow
from services.notify.delivery.ending import Ending
from services.notify.delivery.in_flight import InFlight
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.outage import Outage
from services.notify.delivery.probes import Probes
from services.notify.delivery.record import DeliveryState
from services.runtime.clock import unix_of
from services.runtime.connections import until_written
from services.runtime.metrics import Metrics

log = structlog.get_logger(__name__)

_MINUTE: Final = 60
_TOGETHER: Final = 0.01
"""Seconds for which an ending waits for others."""


class _Told(msgspec.Struct, frozen=True, gc=False):
    ending: Ending
    row: LogRow


@dataclass(slots=True)
class Closing:
    """`now`: Unix seconds."""

    channel: Channel
    ledger: Ledger
    log: DeliveryLog
    in_flight: InFlight
    metrics: Metrics
    health: ChannelHealth
    outage: Outage
    probes: Probes
    now: Callable[[], float]
    _told: list[_Told] = field(default_factory=list, init=False)
    _writing: asyncio.Task[None] | None = field(default=None, init=False)

    def tell(self, ending: Ending, row: LogRow) -> None:
        """Returns at once; it is written soon."""
        self._told.append(_Told(ending, row))
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write_soon())

    async def drain(self, patience: float) -> None:
        """Returns when all that was told is written, after `patience` seconds at most."""
        if self._writing is not None:
            await asyncio.wait({self._writing}, timeout=patience)

    async def _write_soon(self) -> None:
        try:
            await asyncio.sleep(_TOGETHER)
            while self._told:
                told, self._told = self._told, []
                await self._write(told)
        finally:
            self._writing = None

    async def _write(self, told: Sequence[_Told]) -> None:
        by_event: defaultdict[str, list[_Told]] = defaultdict(list)
        for one in told:
            by_event[one.ending.event_id].append(one)
        for event_id, those in by_event.items():
            rows = self.log.sealed(event_id, [one.row for one in those], self.now())
            await self.ledger.close([one.ending for one in those], rows, self.log.kept)
            await self._note_deferred(those)
            self.in_flight.let_go(one.ending.attempt.holder for one in those)
        await self._note_sent([one for one in told if one.ending.state is DeliveryState.SENT])

    async def _note_deferred(self, those: Sequence[_Told]) -> None:
        ends = Counter(int(self.now() + one.ending.wait) // _MINUTE for one in those if one.row.outcome == "deferred")
        if ends:
            await until_written(lambda: self.ledger.note_deferred(ends))

    async def _note_sent(self, sent: Sequence[_Told]) -> None:
        """What is said of those that arrived is said together."""
        if not sent:
            return
        now, name = self.now(), self.channel.name
        self.metrics.deliveries.labels(name, "sent", "").inc(len(sent))
        lag = self.metrics.lag.labels(name)
        for (event_id, time), count in Counter(map(_of_which_event, sent)).items():
            seconds = max(0.0, now - unix_of(time))
            lag.observe_many(seconds, count)
            log.info("delivered", channel=name, event_id=event_id, count=count)
        await until_written(lambda: self._note_far_sides([one.ending.attempt.number for one in sent]))

    async def _note_far_sides(self, numbers: Sequence[int]) -> None:
        if self.channel.shared:
            await self.outage.answered()
            await self.health.forget_sending()
            return
        for number in await self.health.back_again(numbers):
            for waiting in await self.probes.answered(number):
                await self.ledger.hasten(waiting.event_id, waiting.entry, [number])


def _of_which_event(told: _Told) -> tuple[str, str]:
    """Its id and its time."""
    event = told.ending.attempt.event
    return event.id, event.time
