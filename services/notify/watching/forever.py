"""Looks every few seconds, in one process of several, and sounds and clears what was found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence, Set
from typing import Final, Protocol

import structlog
from redis.exceptions import RedisError

from services.operations.alarms import Alarms, Found
from services.runtime.lease import Lease

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 5.0  # seconds


class Watch(Protocol):
    @property
    def kinds(self) -> Set[str]:
        """What it may find; it clears these and no others."""
        ...

    async def look(self, now: float) -> list[Found]:
        """What is wrong at `now` (Unix seconds)."""
        ...


async def watch_forever(watches: Sequence[Watch], alarms: Alarms, lease: Lease, now: Callable[[], float]) -> None:
    """Until cancelled. One watch that fails keeps no other from looking."""
    while True:
        try:
            if await lease.take():
                for watch in watches:
                    await look_once(watch, alarms, now())
        except RedisError as error:
            log.warning("not_looked_for_alarms", error=type(error).__name__)
        await asyncio.sleep(LOOK_EVERY)


async def look_once(watch: Watch, alarms: Alarms, now: float) -> None:
    """Raises RedisError."""
    try:
        found = await watch.look(now)
    except RedisError:
        raise
    except Exception:
        log.exception("watch_failed", watch=type(watch).__name__)
        return
    await alarms.settle(watch.kinds, found)
