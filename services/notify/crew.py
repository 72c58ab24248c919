"""Attempts under way on one channel: so many at once, each started only after it was claimed, all seen to their end.

Whoever starts one does not wait for it, so what hangs holds a place and nothing else. That is safe because of the
claim: a delivery whose attempt never ends, or dies with us, is due again when its claim runs out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class Crew:
    def __init__(self, places: int = 128) -> None:
        self._places = asyncio.Semaphore(places)
        self._under_way: set[asyncio.Task[None]] = set()

    async def place(self) -> None:
        """Waits for a free place and takes it; `start` or `leave` gives it back."""
        await self._places.acquire()

    def leave(self) -> None:
        self._places.release()

    def start(self, attempt: Coroutine[Any, Any, None]) -> None:
        """Carries out a claimed attempt in the place taken before."""
        task = asyncio.create_task(_seen_to(attempt))
        self._under_way.add(task)
        task.add_done_callback(self._done)

    async def finish(self, patience: float) -> None:
        """Waits for what is under way, at most `patience` seconds, so that what was sent is also written down."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=patience)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._places.release()


async def _seen_to(attempt: Coroutine[Any, Any, None]) -> None:
    try:
        await attempt
    except RedisError as error:
        log.warning("attempt_interrupted", error=type(error).__name__)
    except Exception:
        log.exception("attempt_failed")
