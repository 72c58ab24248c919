"""Attempts under way on one channel: so many at once, each started only after it was claimed, all seen to their end.

Whoever starts one does not wait for it, so what hangs holds a place and nothing else. That is safe because of the
claim: a delivery whose attempt dies with us is due again when its claim runs out. While it is under way here nobody
here begins it again, whatever a clock says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from services.runtime.connections import is_shortage

log = structlog.get_logger(__name__)


class InFlight:
    def __init__(self, limit: int = 128) -> None:
        self._slots = asyncio.Semaphore(limit)
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def acquire(self) -> None:
        """Waits for a free place and takes it; `spawn` or `release` gives it back."""
        await self._slots.acquire()

    def release(self) -> None:
        self._slots.release()

    def has(self, name: str) -> bool:
        """Whether the delivery of this name is under way."""
        return name in self._under_way

    def spawn(self, name: str, attempt: Coroutine[Any, Any, None]) -> None:
        """Carries out a claimed attempt in the place taken before."""
        task = asyncio.create_task(_seen_to(attempt))
        self._under_way[name] = task
        task.add_done_callback(lambda done: self._done(name, done))

    async def drain(self, patience: float) -> None:
        """Waits for what is under way, at most `patience` seconds, so that what was sent is also written down."""
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=patience)

    def _done(self, name: str, task: asyncio.Task[None]) -> None:
        if self._under_way.get(name) is task:
            del self._under_way[name]
        self._slots.release()


async def _seen_to(attempt: Coroutine[Any, Any, None]) -> None:
    try:
        await attempt
    except Exception as error:
        if is_shortage(error):
            log.warning("attempt_interrupted", error=type(error).__name__)
        else:
            log.exception("attempt_failed")
