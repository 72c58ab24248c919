"""A far side that all readers of a channel share (our mail relay, the Bot API) is away: everybody waits, one probes.

Its being away is nobody's fault, so it spends nobody's attempts. While it lasts one waiting delivery is sent every so
often; the first that gets through opens the channel, and whatever waits goes at once. Shared by all notifiers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from redis.asyncio import Redis

PROBE_EVERY: Final = 10.0
"""Seconds between two probes."""
PROBE_AGAIN_AFTER: Final = 20.0
"""Seconds before what failed as a probe is due again, so that others have their turn: one may fail for its own sake."""


class Outage:
    """`ticks` counts seconds and never goes back."""

    def __init__(self, redis: Redis, channel: str, ticks: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._down = f"vestka:channel:{channel}:down"
        self._probe = f"vestka:channel:{channel}:probe"
        self._ticks = ticks
        self._answered = float("-inf")
        self._known = True
        """Whether it may be marked as down, for all we know."""

    def begin(self) -> float:
        """When an attempt begins, for `failed`."""
        return self._ticks()

    async def is_down(self) -> bool:
        self._known = bool(await self._redis.exists(self._down))
        return self._known

    async def take_probe(self) -> bool:
        """Whether it is time for the next probe; whoever hears yes makes it."""
        return bool(await self._redis.set(self._probe, "1", px=int(PROBE_EVERY * 1000), nx=True))

    async def failed(self, began: float) -> bool:
        """A connection failed that was begun at `began`. False: others got through since, so it was this one's own."""
        if self._answered >= began:
            return False
        if await self._redis.set(self._down, "1", nx=True):
            await self._redis.set(self._probe, "1", px=int(PROBE_EVERY * 1000))
        self._known = True
        return True

    async def answered(self) -> None:
        self._answered = self._ticks()
        if self._known:
            await self.end()

    async def end(self) -> None:
        """The channel goes on; also what `vestka retry --channel` asks for."""
        await self._redis.delete(self._down, self._probe)
        self._known = False
