"""What holds deliveries back for a while: a channel as a whole, or the lane to one address."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

LONG_HOLD_SECONDS: Final = 60.0
"""A channel that is held for longer than this needs a person."""

_PAUSE_LOOK_AGAIN = 15.0  # seconds
_BETWEEN_HOLDS: Final = 60.0
"""Seconds within which the next hold is the same trouble going on."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A channel that rests, or has been resting off and on."""

    reason: str
    since: float
    """Unix seconds, by the server's clock: when the first of the holds that follow each other began."""
    until: float
    """Unix seconds. In the past where the channel is being tried again just now."""

    @property
    def is_long(self) -> bool:
        return self.until - self.since > LONG_HOLD_SECONDS


class ChannelGate:
    """Closed while the far side asked us all to wait, or an operator paused the channel. Shared by all notifiers."""

    def __init__(self, redis: Redis, channel: str) -> None:
        self._redis = redis
        self._held = f"vestka:channel:{channel}:held"
        self._trouble = f"vestka:channel:{channel}:trouble"
        self._paused = f"vestka:channel:{channel}:paused"

    async def open_at(self, now: float) -> float:
        """Unix seconds when to come again; not later than `now` when the gate is open."""
        milliseconds, paused = await self._redis.pttl(self._held), await self._redis.exists(self._paused)
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

    async def held(self) -> Hold | None:
        """What the channel was last held for, and since when; None where it has been well for a minute."""
        said: Any = await self._redis.hgetall(self._trouble)
        return Hold(said["reason"], float(said["since"]), float(said["until"])) if said else None

    async def pause(self) -> None:
        await self._redis.set(self._paused, "1")

    async def resume(self) -> None:
        await self._redis.delete(self._paused, self._held, self._trouble)

    async def is_paused(self) -> bool:
        return bool(await self._redis.exists(self._paused))

    async def _now(self) -> float:
        seconds, microseconds = await self._redis.time()
        return int(seconds) + int(microseconds) / 1_000_000


_PROMPT: Final = 2.0
"""Seconds in which a far side that is well has answered."""


class Lanes:
    """One lane an address, within this process: few at once, and none while the far side is slow.

    An address has one place until it has answered promptly, and again once it did not. So an endpoint that hangs takes
    one and no more, however many messages there are for it, and fifty of them leave room for all the others.
    `clock` counts seconds and never goes back.
    """

    def __init__(
        self, most_at_once: int = 4, look_again: float = 1.0, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most_at_once
        self._look_again = look_again
        self._clock = clock
        self._prompt: set[str] = set()
        self._inside: Counter[str] = Counter()
        self._slow: dict[str, float] = {}

    def open_at(self, target: str, now: float) -> float:
        """Unix seconds when to come again; not later than `now` when there is room."""
        slow_until = self._slow.get(target, 0.0)
        if slow_until <= now:
            self._slow.pop(target, None)
        most = self._most if target in self._prompt else 1
        full_until = now + self._look_again if self._inside[target] >= most else now
        return max(slow_until, full_until)

    def slow(self, target: str, until: float) -> None:
        self._slow[target] = max(until, self._slow.get(target, 0.0))

    @contextmanager
    def busy(self, target: str) -> Iterator[None]:
        self._inside[target] += 1
        began = self._clock()
        try:
            yield
        finally:
            self._note(target, prompt=self._clock() - began <= _PROMPT)
            self._inside[target] -= 1
            if not self._inside[target]:
                del self._inside[target]

    def _note(self, target: str, *, prompt: bool) -> None:
        if prompt:
            self._prompt.add(target)
        else:
            self._prompt.discard(target)
