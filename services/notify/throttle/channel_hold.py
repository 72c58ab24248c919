"""A channel as a whole that rests: its far side asked for it, or an operator paused it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

LONG_HOLD_SECONDS: Final = 60.0
"""A channel that is held for longer than this needs a person."""

_PAUSE_LOOK_AGAIN = 15.0  # seconds
_BETWEEN_HOLDS: Final = 60.0
"""Seconds within which the next hold is the same trouble going on."""


@dataclass(frozen=True, slots=True)
class HeldChannel:
    """A channel that rests, or has been resting off and on."""

    reason: str
    since: float
    """Unix seconds, by the server's clock: when the first of the holds that follow each other began."""
    until: float
    """Unix seconds. In the past where the channel is being tried again just now."""

    @property
    def is_long(self) -> bool:
        return self.until - self.since > LONG_HOLD_SECONDS


class ChannelHold:
    """Closed while the far side asked us all to wait, or an operator paused the channel. Shared by all notifiers."""

    def __init__(self, redis: Redis, channel: str) -> None:
        self._redis = redis
        self._held = f"vestka:channel:{channel}:held"
        self._trouble = f"vestka:channel:{channel}:trouble"
        self._paused = f"vestka:channel:{channel}:paused"

    async def open_at(self, now: float) -> float:
        """Unix seconds when to come again; not later than `now` when nothing holds the channel."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.pttl(self._held)
            pipe.exists(self._paused)
            milliseconds, paused = await pipe.execute()
        held = now + milliseconds / 1000 if milliseconds > 0 else now
        return max(held, now + _PAUSE_LOOK_AGAIN) if paused else held

    async def hold(self, seconds: float, reason: str = "") -> None:
        """A hold never shortens one that lasts longer. `reason` is for whoever asks `held`."""
        milliseconds = max(1, int(seconds * 1000))
        remembered, now = milliseconds + int(_BETWEEN_HOLDS * 1000), await self._now()
        async with self._redis.pipeline() as pipe:
            pipe.set(self._held, "1", px=milliseconds, nx=True)
            pipe.pexpire(self._held, milliseconds, gt=True)
            pipe.hsetnx(self._trouble, "since", str(now))
            pipe.hset(self._trouble, mapping={"reason": reason, "until": str(now + seconds)})
            pipe.pexpire(self._trouble, remembered)
            await pipe.execute()

    async def held(self) -> HeldChannel | None:
        """What the channel was last held for, and since when; None where it has been well for a minute."""
        said: Any = await self._redis.hgetall(self._trouble)
        return HeldChannel(said["reason"], float(said["since"]), float(said["until"])) if said else None

    async def pause(self) -> None:
        await self._redis.set(self._paused, "1")

    async def resume(self) -> None:
        await self._redis.delete(self._paused, self._held, self._trouble)

    async def is_paused(self) -> bool:
        return bool(await self._redis.exists(self._paused))

    async def _now(self) -> float:
        seconds, microseconds = await self._redis.time()
        return int(seconds) + int(microseconds) / 1_000_000
