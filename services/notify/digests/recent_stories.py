"""The stories of the last weeks as the events stream has them, each in its newest revision, read on as it grows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, EventType, Undecodable
from services.notify.digests.period import LOOKED_BACK
from services.notify.fanout.events import Published, read_event
from services.runtime.clock import unix_of
from services.runtime.retention import DAY
from services.runtime.streams import all_entries

_KEPT: Final = (LOOKED_BACK + 8) * DAY


@dataclass(frozen=True, slots=True)
class RecentStory:
    newest: Published
    times: tuple[float, ...]
    """When each of its revisions was published, and when it came on the stream (Unix seconds): of one that was buried
    or lost, and came once more, that is days later."""

    @property
    def newest_time(self) -> float:
        return max(self.times)

    def news_between(self, after: float, until: float) -> bool:
        """Was anything of it published then?"""
        return any(after < time <= until for time in self.times)


class RecentStories:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._stories: dict[str, RecentStory] = {}
        self._read_to: str | None = None

    async def stories(self, now: float) -> list[RecentStory]:
        """Those of which something came within the weeks before `now`, Unix seconds. Tests are none."""
        oldest = now - _KEPT
        first = f"({self._read_to}" if self._read_to else str(max(0, int(oldest * 1000)))
        async for entry in all_entries(self._redis, EVENTS_STREAM, first):
            with suppress(Undecodable):  # a dead letter, and an alarm of its own
                self._take(read_event(entry))
            self._read_to = entry.id
        recent = [story for story in self._stories.values() if story.newest_time >= oldest]
        self._forget_before(min(oldest, max((story.newest_time for story in recent), default=0.0) - _KEPT))
        return recent

    def _forget_before(self, oldest: float) -> None:
        """By what was published, and not by a clock that may be wrong: what is forgotten here is not read again."""
        self._stories = {key: story for key, story in self._stories.items() if story.newest_time >= oldest}

    def _take(self, published: Published) -> None:
        event = published.event
        if event.type is EventType.SYSTEM_TEST:
            return
        known = self._stories.get(event.data.story_id)
        times: tuple[float, ...] = (unix_of(event.time), _came_at(published.entry))
        if known is None:
            self._stories[event.data.story_id] = RecentStory(published, times)
            return
        newer = event.data.revision > known.newest.event.data.revision
        times = tuple(dict.fromkeys((*known.times, *times)))
        self._stories[event.data.story_id] = RecentStory(published if newer else known.newest, times)


def _came_at(entry: str) -> float:
    """Of a stream's entry, by its id: Unix seconds."""
    return int(entry.partition("-")[0]) / 1000
