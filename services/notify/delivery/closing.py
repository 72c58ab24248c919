"""How attempts ended is written down together: whatever ends within a hundredth of a second, in one step an event.

What is told of here is safe only once it is written; until then its lease is kept alive.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from services.notify.delivery.delivery_log import LogRow
from services.notify.delivery.ending import Ending
from services.notify.delivery.record import DeliveryState
from services.runtime.clock import unix_of
from services.runtime.connections import until_written

if TYPE_CHECKING:
    from services.notify.delivery.sender import ChannelSender

log = structlog.get_logger(__name__)

_TOGETHER: Final = 0.01
"""Seconds for which an ending waits for others."""


@dataclass(frozen=True, slots=True)
class _Told:
    ending: Ending
    row: LogRow


class Closing:
    def __init__(self, sender: ChannelSender) -> None:
        self._sender = sender
        self._told: list[_Told] = []
        self._writing: asyncio.Task[None] | None = None

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
            sender, now = self._sender, self._sender.now()
            rows = sender.log.sealed(event_id, [one.row for one in those], now)
            await sender.ledger.close([one.ending for one in those], rows, sender.log.kept)
            sender.in_flight.let_go(one.ending.attempt.holder for one in those)
        await self._note_sent([one for one in told if one.ending.state is DeliveryState.SENT])

    async def _note_sent(self, sent: Sequence[_Told]) -> None:
        """What is said of those that arrived is said together."""
        if not sent:
            return
        sender, now = self._sender, self._sender.now()
        sender.metrics.deliveries.labels(sender.name, "sent", "").inc(len(sent))
        lag = sender.metrics.lag.labels(sender.name)
        by_event: defaultdict[str, int] = defaultdict(int)
        for one in sent:
            event = one.ending.attempt.event
            lag.observe(max(0.0, now - unix_of(event.time)))
            by_event[event.id] += 1
        for event_id, count in by_event.items():
            log.info("delivered", channel=sender.name, event_id=event_id, count=count)
        await until_written(lambda: self._note_far_sides([one.ending.attempt.number for one in sent]))

    async def _note_far_sides(self, numbers: Sequence[int]) -> None:
        sender = self._sender
        if sender.channel.shared:
            await sender.outage.answered()
            await sender.health.forget_sending()
            return
        for number in await sender.health.back_again(numbers):
            for waiting in await sender.probes.answered(number):
                await sender.ledger.hasten(waiting.event_id, waiting.entry, [number])
