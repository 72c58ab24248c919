"""A limit on connections that all notifiers share: so many places at one relay, counted in Redis.

    vestka:places:KEY    a hash: who, to "held wanted until", the last in ms by the server's clock

Whoever holds or wants places says so every second; what a dead process held is free once that has run out. While one
has less than its share and wants more, who has more than theirs gives back.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

LEASE_SECONDS: Final = 5.0
"""After which the places of a process that says nothing are free."""
_SAY_EVERY: Final = 1.0  # seconds

_SAY: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local me, lease, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local held, asked, wanted = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local others, parties, taken = {}, 1, held
local told = redis.call('HGETALL', KEYS[1])
for index = 1, #told, 2 do
  local has, wants, ends = string.match(told[index + 1], '^(%d+) (%d+) (%d+)$')
  if not ends or tonumber(ends) < now then
    redis.call('HDEL', KEYS[1], told[index])
  elseif told[index] ~= me then
    taken, parties = taken + has, parties + 1
    table.insert(others, {tonumber(has), tonumber(wants)})
  end
end
local share, lacking = math.max(1, math.floor(most / parties)), 0
for _, other in ipairs(others) do
  if other[1] < share then lacking = lacking + math.min(other[2], share - other[1]) end
end
local free = math.max(0, most - taken)
local mine = math.min(free, math.max(0, share - held))
local granted = math.max(0, math.min(asked, math.max(mine, free - lacking)))
local back = math.max(taken - most, lacking - free)
back = math.max(0, math.min(back, held - share))
held, wanted = held + granted, math.max(0, wanted - granted)
if held + wanted > 0 then
  redis.call('HSET', KEYS[1], me, string.format('%d %d %.0f', held, wanted, now + lease))
  redis.call('PEXPIRE', KEYS[1], 2 * lease)
else
  redis.call('HDEL', KEYS[1], me)
end
return {granted, back}
"""
"""ARGV: who, the lease (ms), how many places there are; how many this one holds, asks for now, and could use in all
beside them. Gives how many it gets, and how many it is to give back."""


class Places(Protocol):
    def attach(self, wanted: Callable[[], int], give_back: Callable[[int], None]) -> None:
        """`wanted`: how many more could be used now; `give_back` is called with how many others are to have."""
        ...

    async def take(self) -> bool:
        """One place, if there is one."""
        ...

    def release(self) -> None:
        """One that was taken."""
        ...

    async def close(self) -> None: ...


class OwnPlaces:
    """Of whoever shares with nobody: as many as are asked for."""

    def attach(self, wanted: Callable[[], int], give_back: Callable[[int], None]) -> None:
        pass

    async def take(self) -> bool:
        return True

    def release(self) -> None:
        pass

    async def close(self) -> None:
        pass


class SharedPlaces:
    """`most` places at what `key` stands for. While Redis is away nothing new is granted, and what is held stays."""

    def __init__(self, redis: Redis, key: str, most: int) -> None:
        self._redis = redis
        self._key = f"vestka:places:{key}"
        self._most = most
        self._me = secrets.token_hex(6)
        self._say = redis.register_script(_SAY)
        self._held = 0
        self._line = asyncio.Lock()
        """What is said is said one after the other, so that the last is true."""
        self._news = asyncio.Event()
        self._saying: asyncio.Task[None] | None = None
        self._wanted: Callable[[], int] = lambda: 0
        self._give_back: Callable[[int], None] = lambda _: None

    def attach(self, wanted: Callable[[], int], give_back: Callable[[int], None]) -> None:
        self._wanted, self._give_back = wanted, give_back

    async def take(self) -> bool:
        """False as well while Redis is away."""
        with suppress(RedisError):
            granted = await self._tell(asked=1)
            if self._saying is None:
                self._saying = asyncio.get_running_loop().create_task(self._say_while_needed())
            return granted > 0
        return False

    def release(self) -> None:
        self._held = max(0, self._held - 1)
        self._news.set()

    async def close(self) -> None:
        if self._saying is not None:
            self._saying.cancel()
        self._held, self._wanted = 0, lambda: 0
        with suppress(RedisError):
            await self._tell(asked=0)

    async def _tell(self, asked: int) -> int:
        """How many were granted."""
        async with self._line:
            wanted = max(asked, self._wanted())
            args: list[str | int] = [self._me, int(LEASE_SECONDS * 1000), self._most, self._held, asked, wanted]
            answer: Any = await self._say(keys=[self._key], args=args)
            granted, back = map(int, answer)
            self._held += granted
        if back:
            self._give_back(back)
        return granted

    async def _say_while_needed(self) -> None:
        """Whoever holds and wants nothing is forgotten at once."""
        try:
            while self._held or self._wanted():
                with suppress(TimeoutError):
                    async with asyncio.timeout(_SAY_EVERY):
                        await self._news.wait()
                self._news.clear()
                with suppress(RedisError):
                    await self._tell(asked=0)
        finally:
            self._saying = None
