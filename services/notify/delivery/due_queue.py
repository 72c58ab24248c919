"""The queue of what is due: every delivery that waits, and when it is to be attempted."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from services.notify.delivery.server_clock import LUA_NOW, Clock, milliseconds


class Due(msgspec.Struct, frozen=True, gc=False):
    """A delivery whose time has come: which entry of the events stream, and which subscriber."""

    entry: str
    number: int

    @property
    def member(self) -> str:
        return f"{self.entry}|{self.number}"

    @classmethod
    def of(cls, member: str) -> Due:
        entry, _, number = member.rpartition("|")
        return cls(entry, int(number))


LUA_MEMBER: Final = """
local function member(entry, number) return entry .. '|' .. number end
"""
"""The same as `Due.member`."""
_DUE: Final = (
    LUA_NOW
    + """
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', number(now), 'LIMIT', 0, ARGV[2])
"""
)


def retries_key(channel: str) -> str:
    return f"vestka:retries:{channel}"


def deferred_key(retries: str) -> str:
    """A hash: a minute (since 1970), and how many deliveries were deferred until then by their readers' quiet hours."""
    return f"{retries}:deferred"


class DueQueue:
    """What is to be attempted, and when, on one channel. The ledger alone writes it; see there."""

    def __init__(self, redis: Redis, channel: str, clock: Clock = None) -> None:
        self._redis = redis
        self._clock = clock
        self._due = redis.register_script(_DUE)
        self.key = retries_key(channel)

    async def due(self, most: int) -> list[Due]:
        """What is due by the server's clock, the oldest first."""
        members: Any = await self._due(keys=[self.key], args=[milliseconds(self._clock), most])
        return [Due.of(member) for member in members]

    async def everything(self) -> list[Due]:
        """Whatever waits, due or not."""
        members: Any = await self._redis.zrange(self.key, 0, -1)
        return [Due.of(member) for member in members]

    async def drop(self, *dues: Due) -> None:
        if dues:
            await self._redis.zrem(self.key, *(due.member for due in dues))

    async def length(self) -> int:
        return int(await self._redis.zcard(self.key))

    async def troubled(self, now: float) -> int:
        """How many wait for another reason than their reader's choice, about. `now`: Unix seconds."""
        return max(0, await self.length() - await self.deferred(now))

    async def deferred(self, now: float) -> int:
        """How many wait for the end of quiet hours, about: who stopped meanwhile is counted until then."""
        ends: Any = await self._redis.hgetall(deferred_key(self.key))
        over = [minute for minute in ends if int(minute) * 60 <= now]
        if over:
            await self._redis.hdel(deferred_key(self.key), *over)
        return sum(int(count) for minute, count in ends.items() if minute not in over)
