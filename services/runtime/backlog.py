"""How long the oldest entry of a stream waits to be finished, and when that is too long: it makes a service not ready.

Ages are by the server's clock, which gave the entries their ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from services.runtime.streams import milliseconds_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """`seconds`: the age of the oldest entry that is unread or unfinished; 0 where there is none."""

    stream: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Stuck:
    """A condition as `alarms` takes it."""

    about: str
    says: str
    kind: str = field(default="entry_stuck", init=False)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a service must get done: its streams, each with the group that reads it, within `limit` seconds."""

    streams: tuple[tuple[str, str], ...]
    limit: float

    async def stuck(self, redis: Redis) -> tuple[Stuck, ...]:
        """Raises RedisError."""
        return too_old([await waiting(redis, stream, group) for stream, group in self.streams], self.limit)


def too_old(found: Iterable[Waiting], limit: float) -> tuple[Stuck, ...]:
    return tuple(
        Stuck(
            one.stream,
            f"the oldest entry of {one.stream} waits for {one.seconds:.0f} s (VESTKA_STUCK_AFTER is {limit:g}): see "
            "the log of the service, 'vestka dead list', and whether Redis and the machine keep up",
        )
        for one in found
        if one.seconds > limit
    )


async def waiting(redis: Redis, stream: str, group: str) -> Waiting:
    """Raises RedisError. A stream that is not there yet has nothing waiting."""
    try:
        oldest = [*await _unfinished(redis, stream, group), *await _unread(redis, stream, group)]
    except ResponseError as error:
        if "NOGROUP" in str(error) or "no such key" in str(error):
            return Waiting(stream, 0.0)
        raise
    now: Any = await redis.time()
    ages = [int(now[0]) + int(now[1]) / 1e6 - milliseconds_of(entry_id) / 1000 for entry_id in oldest]
    return Waiting(stream, max([0.0, *ages]))


async def _unfinished(redis: Redis, stream: str, group: str) -> list[str]:
    pending: Any = await redis.xpending(stream, group)
    return [str(pending["min"])] if pending["pending"] else []


async def _unread(redis: Redis, stream: str, group: str) -> list[str]:
    groups: Any = await redis.xinfo_groups(stream)
    last = next((one["last-delivered-id"] for one in groups if one["name"] == group), "0-0")
    first: Any = await redis.xrange(stream, f"({last}", "+", 1)
    return [str(entry_id) for entry_id, _ in first]
