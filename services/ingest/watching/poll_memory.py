"""Where the state of each source is kept between two askings, and the flag by which an operator pauses one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from services.ingest.watching.health import SourceState
from services.runtime.retention import Retention

_PAUSED: Final = "vestka:sources:paused"
_LOOK_REQUESTED: Final = "vestka:sources:wished-for"
"""Seconds after a source was last asked: one that was taken out of the file is forgotten in the end."""
_HELD_FOR: Final = 60
"""Seconds; renewed every twenty while a source is left alone."""

_HOLD: Final = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""
_LET_GO: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""


class SourceStates:
    """`health.SourceMemory` on Redis. `holder`: the name of this process, for those that ask sources."""

    def __init__(self, redis: Redis, holder: str = "nobody") -> None:
        self._redis = redis
        self._holder = holder
        self._hold = redis.register_script(_HOLD)
        self._let_go = redis.register_script(_LET_GO)

    async def load(self, source_id: str) -> SourceState:
        raw: Any = await self._redis.get(_key(source_id))
        return SourceState() if raw is None else msgspec.json.decode(raw, type=SourceState)

    async def save(self, source_id: str, state: SourceState) -> None:
        await self._redis.set(_key(source_id), msgspec.json.encode(state), ex=Retention.SOURCES)

    async def is_paused(self, source_id: str) -> bool:
        return bool(await self._redis.sismember(_PAUSED, source_id))

    async def hold(self, source_id: str) -> bool:
        return bool(await self._hold(keys=[f"{_key(source_id)}:holder"], args=[self._holder, _HELD_FOR]))

    async def let_go(self, source_ids: Iterable[str]) -> None:
        for source_id in source_ids:
            await self._let_go(keys=[f"{_key(source_id)}:holder"], args=[self._holder])

    async def request_look(self, source_id: str) -> None:
        """Whoever watches the source looks at it soon, however long it was to be left alone."""
        await self._redis.sadd(_LOOK_REQUESTED, source_id)

    async def take_look_request(self, source_id: str) -> bool:
        return bool(await self._redis.srem(_LOOK_REQUESTED, source_id))

    async def forget(self, source_id: str) -> None:
        """All that is remembered of the source: it is met as if for the first time."""
        await self._redis.delete(_key(source_id))

    async def pause(self, source_id: str) -> None:
        await self._redis.sadd(_PAUSED, source_id)

    async def resume(self, source_id: str) -> None:
        await self._redis.srem(_PAUSED, source_id)


def _key(source_id: str) -> str:
    return f"vestka:source:{source_id}"
