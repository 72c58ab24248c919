"""The books that are kept of a house: what is due to whom, which faults there were, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from tests.faults.suite.counting import Due, Reader, Span, Tally, tally
from tests.faults.suite.far_sides.base import KEYS, FarSide
from tests.faults.suite.readers import Readers
from tests.faults.suite.table import BACK_WITHIN, Row

_LOOK_EVERY: Final = 0.3
_CHANNELS: Final = ("email", "telegram", "webhook")


class Books(ABC):
    def __init__(self, readers: Readers, far_sides: tuple[FarSide, ...]) -> None:
        self.readers, self.far_sides = readers, far_sides
        self.due: set[Due] = set()
        self.faults: list[Span] = []
        self.stopped: dict[Reader, float] = {}
        self.spared: set[Reader] = set()
        """Readers whose deliveries are not counted as due: their far side refuses for good."""
        self.healed: float | None = None
        self.waiting = 0
        """Deliveries that waited for another try when our own patience was at its end."""
        self._keys: Iterator[int] = iter(KEYS)

    def number(self) -> int:
        """The number of people of the next event, which is how it is told."""
        return next(self._keys)

    def expect(self, number: int) -> None:
        """From now on this event is due to everybody who has not stopped and is not spared."""
        wanted = (one for one in self.readers.everybody() if one not in self.stopped and one not in self.spared)
        self.due |= {(channel, reader, number) for channel, reader in wanted}

    def leave(self, *readers: Reader) -> None:
        """They get nothing from now on, and what they do not have yet is not due any more."""
        self.stopped |= dict.fromkeys(readers, time.time())
        had = {(one.channel, one.reader, one.event) for side in self.far_sides for one in side.receipts}
        self.due = {one for one in self.due if one in had or one[:2] not in readers}

    def struck(self) -> None:
        """A fault of one moment: now."""
        self.faults.append(Span(time.time(), time.time()))

    @contextmanager
    def fault(self) -> Iterator[None]:
        """A fault that lasts as long as the block; what comes after it is "back"."""
        begin = time.time()
        try:
            yield
        finally:
            self.back()
            self.faults.append(Span(begin, time.time()))

    def back(self) -> None:
        self.healed = time.time()

    async def until_sending(self, *channels: str, patience: float = 20.0) -> None:
        """Until a copy is in flight on every one of the channels, or the patience is at its end."""
        wanted = [side for side in self.far_sides if side.channel in channels]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while not all(side.inside for side in wanted):
                    await asyncio.sleep(0.02)

    def tally(self, channels: Iterable[str] = _CHANNELS, events: Iterable[int] = ()) -> Tally:
        """Of these channels and, where any are named, of these events only."""
        channels, events = set(channels), set(events)
        due = {one for one in self.due if one[0] in channels and (not events or one[2] in events)}
        receipts = [one for side in self.far_sides if side.channel in channels for one in side.receipts]
        stopped = {reader: since for reader, since in self.stopped.items() if reader[0] in channels}
        return tally(receipts, due, self.faults, stopped)

    async def settle(self, patience: float = 120.0, quiet: float = 6.0) -> None:
        """Until nothing is lacking, or the patience is at its end; then until nothing has come for `quiet` seconds."""
        end = time.time() + patience
        while time.time() < end and self.tally().lost:
            await asyncio.sleep(_LOOK_EVERY)
        self.waiting = await self.pending() if self.tally().lost else 0
        end = time.time() + 60.0 + quiet
        while time.time() < end and time.time() - self._last_receipt() < quiet:
            await asyncio.sleep(_LOOK_EVERY)

    def _last_receipt(self) -> float:
        return max((one.arrived for side in self.far_sides for one in side.receipts[-1:]), default=time.time())

    def row(
        self,
        fault: str,
        *remarks: str,
        channels: Iterable[str] = _CHANNELS,
        events: Iterable[int] = (),
        note: str = "",
        within: float = BACK_WITHIN,
    ) -> Row:
        """`remarks`: what else is wrong; empty ones are left out."""
        counted = self.tally(channels, events)
        if counted.lost and self.waiting:
            note = f"{note}; {self.waiting} wait for another try".lstrip("; ")
        waited = None if self.healed is None or counted.last is None else max(0.0, counted.last - self.healed)
        return Row(fault, counted, waited, tuple(filter(None, (*remarks, *self.leaks()))), note, within=within)

    @abstractmethod
    def leaks(self) -> list[str]:
        """What stands in a log and must not."""

    @abstractmethod
    async def pending(self) -> int:
        """How many deliveries wait for another try, by notify's own metric."""
