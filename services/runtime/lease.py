"""One process of several does a thing: whoever holds the lease, which runs out by itself where its holder dies."""

from __future__ import annotations

from typing import Final

from redis.asyncio import Redis

_TAKE: Final = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_GIVE_BACK: Final = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


class Lease:
    """`holder`: this process, by a name that no other has. `lasts`: seconds, longer than between two takings."""

    def __init__(self, redis: Redis, name: str, holder: str, lasts: float = 25.0) -> None:
        self._key = f"vestka:lease:{name}"
        self._holder = holder
        self._milliseconds = int(lasts * 1000)
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)

    async def take(self) -> bool:
        """Takes it where it is free, prolongs it where it is ours; False: another process holds it."""
        return bool(await self._take(keys=[self._key], args=[self._holder, self._milliseconds]))

    async def give_back(self) -> None:
        await self._give_back(keys=[self._key], args=[self._holder])
