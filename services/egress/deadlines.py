"""Many deadlines on one timer: a timer of its own for each request would cost more than the rest of its waiting."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final

_TICK: Final = 0.02
"""Seconds. A deadline passes by so much too late at most, and never too early."""


class Deadlines:
    """Those of one event loop."""

    def __init__(self, tick: float = _TICK) -> None:
        self._tick = tick
        self._due: dict[int, set[Deadline]] = {}
        """By the number of the tick that ends them."""
        self._timer: asyncio.TimerHandle | None = None
        self._next = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    def at(self, when: float) -> Deadline:
        """`when`: by the loop's time."""
        tick = int(when / self._tick) + 1
        together = self._due.get(tick)
        if together is None:
            together = self._due[tick] = set()
            self._look_at(tick)
        return Deadline(together, self._loop)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _look_at(self, tick: int) -> None:
        if self._timer is not None:
            if self._next <= tick:
                return
            self._timer.cancel()
        self._next = tick
        self._loop = loop = asyncio.get_running_loop()
        self._timer = loop.call_at(tick * self._tick, self._end_those_due)

    def _end_those_due(self) -> None:
        self._timer, now = None, asyncio.get_running_loop().time()
        for tick in sorted(tick for tick in self._due if tick * self._tick <= now):
            for deadline in list(self._due.pop(tick)):
                deadline.end()
        if self._due:
            self._look_at(min(self._due))


class Deadline:
    """Raises TimeoutError out of its block where the time is up, as `asyncio.timeout` does."""

    __slots__ = ("_asked_before", "_ended", "_loop", "_task", "_together")

    def __init__(self, together: set[Deadline], loop: asyncio.AbstractEventLoop | None = None) -> None:
        """`loop`: the running one, where that is known."""
        self._together = together
        self._loop = loop
        self._ended = False

    def __enter__(self) -> None:
        task = asyncio.current_task(self._loop)
        assert task is not None
        self._task, self._asked_before = task, task.cancelling()
        self._together.add(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._together.discard(self)
        if self._ended and self._task.uncancel() <= self._asked_before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def end(self) -> None:
        self._ended = True
        self._task.cancel()
