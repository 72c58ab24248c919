"""What readers were told of each story last: all that may be shown of it to somebody without a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from services.contract import Event, decode_event

ANNOUNCED_STORIES: Final = "vestka:stories:told"
"""Sorted by when a story's last event was published, Unix milliseconds."""


@dataclass(frozen=True, slots=True)
class PageEnd:
    """A place in the list: where a page ended. Stories published in one millisecond are ordered by id."""

    milliseconds: int
    story_id: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError for what no page gave."""
        milliseconds, _, story_id = text.partition("-")
        if not milliseconds.isascii() or not milliseconds.isdigit() or len(milliseconds) > 15 or not story_id:
            raise ValueError("no mark of ours")
        return cls(int(milliseconds), story_id)

    def __str__(self) -> str:
        return f"{self.milliseconds}-{self.story_id}"

    def is_before(self, other: PageEnd) -> bool:
        """Is this one shown earlier, the newest being first?"""
        return (self.milliseconds, self.story_id) > (other.milliseconds, other.story_id)


@dataclass(frozen=True, slots=True)
class StoriesPage:
    events: tuple[Event, ...]
    end: PageEnd | None
    """Where the next page goes on; None for an empty page."""
    done: bool


def keep_announced(pipe: Pipeline, event: Event, encoded: str, now: float) -> None:
    """Queues the writes that belong into the transaction by which the event is published. `now`: Unix seconds."""
    story_id = event.data.story_id
    pipe.set(announced_key(story_id), encoded)
    pipe.zadd(ANNOUNCED_STORIES, {story_id: int(now * 1000)})


class AnnouncedStories:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, story_id: str) -> Event | None:
        """The last event of a story, or None where nothing of it was ever told."""
        raw: Any = await self._redis.get(announced_key(story_id))
        return None if raw is None else decode_event(raw)

    async def several(self, story_ids: Sequence[str]) -> dict[str, Event]:
        """The last event of each, by story; without those that are no longer kept."""
        raws: Any = await self._redis.mget([announced_key(story_id) for story_id in story_ids]) if story_ids else []
        return {one: decode_event(raw) for one, raw in zip(story_ids, raws, strict=True) if raw is not None}

    async def page(
        self, limit: int, *, after: PageEnd | None = None, since: float | None = None, until: float | None = None
    ) -> StoriesPage:
        """The newest first; published from `since` to `until`, Unix seconds, both included."""
        marks = await self._marks(limit + 1, after, since, until)
        shown = marks[:limit]
        raws: Any = await self._redis.mget([announced_key(mark.story_id) for mark in shown]) if shown else []
        events = tuple(decode_event(raw) for raw in raws if raw is not None)
        return StoriesPage(events, shown[-1] if shown else None, done=len(marks) <= limit)

    async def _marks(
        self, count: int, after: PageEnd | None, since: float | None, until: float | None
    ) -> list[PageEnd]:
        lowest: float = -1 if since is None else since * 1000
        highest = float("inf") if until is None else until * 1000
        beside = 0
        if after is not None:
            highest = min(highest, after.milliseconds)
            beside = int(await self._redis.zcount(ANNOUNCED_STORIES, after.milliseconds, after.milliseconds))
        found: Any = await self._redis.zrange(
            ANNOUNCED_STORIES, highest, lowest, byscore=True, desc=True, offset=0, num=count + beside, withscores=True
        )
        marks = [PageEnd(int(score), story_id) for story_id, score in found]
        return [mark for mark in marks if after is None or after.is_before(mark)][:count]


def announced_key(story_id: str) -> str:
    return f"vestka:story:{story_id}:told"
