"""What holds deliveries back for a while: a channel as a whole, or the lane to one address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis

_PAUSE_LOOK_AGAIN = 15.0  # seconds


class ChannelGate:
    """Closed while the far side asked us all to wait, or an operator paused the channel. Shared by all notifiers."""

    def __init__(self, redis: Redis, channel: str) -> None:
        self._redis = redis
        self._held = f"vestka:channel:{channel}:held"
        self._paused = f"vestka:channel:{channel}:paused"

    async def open_at(self, now: float) -> float:
        """Unix seconds when to come again; not later than `now` when the gate is open."""
        milliseconds, paused = await self._redis.pttl(self._held), await self._redis.exists(self._paused)
        held = now + milliseconds / 1000 if milliseconds > 0 else now
        return max(held, now + _PAUSE_LOOK_AGAIN) if paused else held

    async def hold(self, seconds: float) -> None:
        """A hold never shortens one that lasts longer."""
        milliseconds = max(1, int(seconds * 1000))
        async with self._redis.pipeline() as pipe:
            pipe.set(self._held, "1", px=milliseconds, nx=True)
            pipe.pexpire(self._held, milliseconds, gt=True)
            await pipe.execute()

    async def pause(self) -> None:
        await self._redis.set(self._paused, "1")

    async def resume(self) -> None:
        await self._redis.delete(self._paused, self._held)

    async def is_paused(self) -> bool:
        return bool(await self._redis.exists(self._paused))


class Lanes:
    """One lane an address, within this process: few at once, and none while the far side is slow.

    So an endpoint that hangs takes a few places and no more, and delays nobody else.
    """

    def __init__(self, most_at_once: int = 4, look_again: float = 1.0) -> None:
        self._most = most_at_once
        self._look_again = look_again
        self._inside: Counter[str] = Counter()
        self._slow: dict[str, float] = {}

    def open_at(self, target: str, now: float) -> float:
        """Unix seconds when to come again; not later than `now` when there is room."""
        slow_until = self._slow.get(target, 0.0)
        if slow_until <= now:
            self._slow.pop(target, None)
        full_until = now + self._look_again if self._inside[target] >= self._most else now
        return max(slow_until, full_until)

    def slow(self, target: str, until: float) -> None:
        self._slow[target] = max(until, self._slow.get(target, 0.0))

    @contextmanager
    def busy(self, target: str) -> Iterator[None]:
        self._inside[target] += 1
        try:
            yield
        finally:
            self._inside[target] -= 1
            if not self._inside[target]:
                del self._inside[target]
