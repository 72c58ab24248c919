"""Which acts there were, and on which days: of every story one small mark, read again only where it was told anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from redis.asyncio import Redis

from services.contract import Event
from services.ingest.announced import ANNOUNCED_STORIES, AnnouncedStories
from services.portal.news.act_timeline import KINDS, ActMark, day_of
from services.portal.news.story_board import is_real, stands

_LOOKS_EVERY: Final = 5.0  # seconds
_AT_ONCE: Final = 100


class ActMarks:
    def __init__(self, redis: Redis, clock: Callable[[], float]) -> None:
        """`clock`: seconds that never go back."""
        self._redis = redis
        self._announced = AnnouncedStories(redis)
        self._clock = clock
        self._marks: dict[str, tuple[float, ActMark | None]] = {}
        self._looked: float | None = None
        self._looking = asyncio.Lock()

    async def all(self) -> tuple[ActMark, ...]:
        """As they were a few seconds ago at most."""
        async with self._looking:
            if self._looked is None or self._clock() - self._looked >= _LOOKS_EVERY:
                await self._look()
                self._looked = self._clock()
        return tuple(mark for _, mark in self._marks.values() if mark is not None)

    async def _look(self) -> None:
        found: Any = await self._redis.zrange(ANNOUNCED_STORIES, 0, -1, withscores=True)
        told = dict(found)
        for gone in self._marks.keys() - told.keys():
            del self._marks[gone]
        changed = [one for one, at in told.items() if one not in self._marks or self._marks[one][0] != at]
        for start in range(0, len(changed), _AT_ONCE):
            ids = changed[start : start + _AT_ONCE]
            events = await self._announced.several(ids)
            self._marks |= {one: (told[one], _mark(events.get(one))) for one in ids}


def _mark(event: Event | None) -> ActMark | None:
    if event is None or event.data.kind not in KINDS or not is_real(event) or not stands(event):
        return None
    data = event.data
    return ActMark(data.story_id, data.kind, day_of(data.occurred_on or data.headline_facts.occurred_on, event.time))
