"""What ingest remembers in Redis: stories, what was accepted and what became of it, and where each source stands."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec
from redis.asyncio import Redis

from services.ingest.stories import Story

OPEN_STORIES: Final = "vestka:stories:open"
"""Sorted by when a story was last touched (Unix seconds of the real clock, whatever day its reports are read on): those
a new report may belong to."""
STORIES_VERSION: Final = "vestka:stories:version"
"""Counts every change to any story: whoever decided on an older one decides again."""
OPEN_FOR: Final = 60 * 24 * 3600.0
"""Seconds after its last report during which a story may still be joined."""
_REMEMBERED_FOR: Final = 30 * 24 * 3600


class ReadResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an item. `state` is "accepted" until it was read through."""

    state: Literal["accepted", "read"]
    outcome: str | None = None
    """new, revised, joined, known, doubtful: of its story; nothing: no news of ours; unreadable."""
    action: str | None = None
    """publish, publish_unconfirmed, hold or nothing, with `reason`."""
    reason: str | None = None
    story: str | None = None
    event: str | None = None


class Stories:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, story_id: str) -> Story | None:
        raw: Any = await self._redis.get(story_key(story_id))
        return None if raw is None else decode_story(raw)

    async def open(self) -> list[Story]:
        """The lately touched first."""
        return await self._load(await self._redis.zrange(OPEN_STORIES, 0, -1, desc=True))

    async def _load(self, story_ids: Any) -> list[Story]:
        if not story_ids:
            return []
        found: Any = await self._redis.mget([story_key(story_id) for story_id in story_ids])
        return [decode_story(raw) for raw in found if raw is not None]

    async def close_old(self, now: float) -> int:
        """Takes stories that nobody spoke of for long out of those still open; their state stays."""
        return int(await self._redis.zremrangebyscore(OPEN_STORIES, "-inf", now - OPEN_FOR))

    async def count_open(self) -> int:
        return int(await self._redis.zcard(OPEN_STORIES))


class Results:
    """What became of each accepted item, for whoever handed it in."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, item_id: str) -> ReadResult | None:
        raw: Any = await self._redis.get(item_key(item_id))
        return None if raw is None else msgspec.json.decode(raw, type=ReadResult)

    async def put(self, item_id: str, result: ReadResult) -> None:
        await self._redis.set(item_key(item_id), msgspec.json.encode(result), ex=_REMEMBERED_FOR)


def story_key(story_id: str) -> str:
    return f"vestka:story:{story_id}"


def item_key(item_id: str) -> str:
    return f"vestka:item:{item_id}"


def encode_story(story: Story) -> bytes:
    return msgspec.json.encode(story)


def decode_story(raw: str) -> Story:
    return msgspec.json.decode(raw, type=Story)
