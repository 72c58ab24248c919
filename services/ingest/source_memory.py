"""Where the state of each source is kept between two askings, and the flag by which an operator pauses one."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from services.ingest.source_health import SourceState

_PAUSED: Final = "vestka:sources:paused"
_WISHED_FOR: Final = "vestka:sources:wished-for"


class SourceStates:
    """`source_health.SourceMemory` on Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def load(self, source_id: str) -> SourceState:
        raw: Any = await self._redis.get(_key(source_id))
        return SourceState() if raw is None else msgspec.json.decode(raw, type=SourceState)

    async def save(self, source_id: str, state: SourceState) -> None:
        await self._redis.set(_key(source_id), msgspec.json.encode(state))

    async def is_paused(self, source_id: str) -> bool:
        return bool(await self._redis.sismember(_PAUSED, source_id))

    async def wish(self, source_id: str) -> None:
        """Whoever watches the source looks at it soon, however long it was to be left alone."""
        await self._redis.sadd(_WISHED_FOR, source_id)

    async def take_wish(self, source_id: str) -> bool:
        return bool(await self._redis.srem(_WISHED_FOR, source_id))

    async def forget(self, source_id: str) -> None:
        """All that is remembered of the source: it is met as if for the first time."""
        await self._redis.delete(_key(source_id))

    async def pause(self, source_id: str) -> None:
        await self._redis.sadd(_PAUSED, source_id)

    async def resume(self, source_id: str) -> None:
        await self._redis.srem(_PAUSED, source_id)


def _key(source_id: str) -> str:
    return f"vestka:source:{source_id}"
