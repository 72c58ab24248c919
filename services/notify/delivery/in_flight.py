"""Attempts under way on one channel: so many at once, each started only after it was claimed, all seen to their end.

Whoever starts one does not wait for it, so what hangs holds a place and nothing else. That is safe because of the
lease: what dies with us is anybody's once it has run out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterable
from typing import Any, Final, Protocol

import structlog

from services.notify.delivery.attempt import Attempt
from services.runtime.connections import is_shortage

log = structlog.get_logger(__name__)

_GATHER: Final = 0.005  # seconds
_GATHER_TIMES: Final = 4


class UnderWay(Protocol):
    """What is known of an attempt while it is made."""

    attempt: Attempt
    began: float
    overdue: bool


class InFlight:
    def __init__(self, limit: int = 512) -> None:
        self._free = limit
        self._loop: asyncio.AbstractEventLoop | None = None
        self._line = asyncio.Lock()
        """First come, first served."""
        self._room = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], UnderWay] = {}
        self._held: Counter[str] = Counter()

    @property
    def holders(self) -> list[str]:
        """Of the leases under which something of ours has not been written down yet."""
        return list(self._held)

    def hold(self, holders: Iterable[str]) -> None:
        """One for every attempt claimed."""
        self._held.update(holders)

    def let_go(self, holders: Iterable[str]) -> None:
        """One for every attempt whose end is written."""
        for holder, count in Counter(holders).items():
            self._held[holder] -= count
            if self._held[holder] <= 0:
                del self._held[holder]

    async def acquire(self, most: int) -> int:
        """Waits until there is a free place, and takes as many as are, `most` at most; how many that were.

        Who had to wait waits a little longer for as many as are wanted: places come free one by one, and a batch for
        each of them would cost Redis and us a claim a delivery.
        """
        async with self._line:
            if not self._free:
                await self._room.wait()
                for _ in range(_GATHER_TIMES):
                    if self._free >= most:
                        break
                    await asyncio.sleep(_GATHER)
            taken = min(most, self._free)
            self._free -= taken
            if not self._free:
                self._room.clear()
            return taken

    async def acquire_soon(self, most: int, patience: float) -> int:
        """As `acquire`; 0 where that takes longer than `patience` seconds."""
        try:
            async with asyncio.timeout(patience):
                return await self.acquire(most)
        except TimeoutError:
            return 0

    def release(self, places: int = 1) -> None:
        self._free += places
        if self._free:
            self._room.set()

    def spawn(self, sending: UnderWay, attempt: Coroutine[Any, Any, None]) -> None:
        """Carries out a claimed attempt in a place taken before, and gives the place back."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        task = self._loop.create_task(attempt)  # without the wrapper that names it
        self._under_way[task] = sending
        task.add_done_callback(self._done)

    async def drain(self, patience: float) -> None:
        """Waits for what is under way, at most `patience` seconds."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=patience)

    def break_off(self, begun_before: float) -> None:
        """What a channel should have ended by itself, and did not. `begun_before`: as `UnderWay.began`."""
        for task, sending in self._under_way.items():
            if sending.began < begun_before:
                sending.overdue = True
                task.cancel()

    def _done(self, task: asyncio.Task[None]) -> None:
        sending = self._under_way.pop(task)
        self.release()
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is None:
            return
        self.let_go([sending.attempt.holder])  # its lease runs out
        if task.cancelled() or is_shortage(error):
            log.warning("attempt_interrupted", error=type(error).__name__)
        else:
            log.error("attempt_failed", exc_info=error)
