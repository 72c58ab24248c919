"""What may be shown to anybody: the stories as readers were told of them last, the newest first.

It is what ingest keeps beside its own state for just that, so that nothing that waits for an operator is ever here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from services.contract import Event, EventType, Status
from services.ingest.announced import AnnouncedStories, PageEnd
from services.ingest.watching.removals import Removals

PER_PAGE: Final = 25
_STORY_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class BoardPage:
    events: tuple[Event, ...]
    older: str | None
    """What the next page is asked by; None on the last one."""


class StoryBoard:
    def __init__(self, redis: Redis) -> None:
        self._announced = AnnouncedStories(redis)
        self._removals = Removals(redis)

    async def page(self, before: str | None, limit: int = PER_PAGE) -> BoardPage:
        """Of what really happened: exercises and tests are for those who get them. Raises ValueError for a `before`
        that no page gave."""
        after = None if before is None else PageEnd.read(before)
        page = await self._announced.page(limit, after=after)
        events = tuple(event for event in page.events if is_real(event))
        return BoardPage(events, None if page.done or page.end is None else str(page.end))

    async def story(self, story_id: str) -> Event | None:
        """The last that was told of it."""
        return await self._announced.get(story_id) if _STORY_ID.fullmatch(story_id) else None

    async def removed(self, event: Event) -> dict[str, str]:
        """Which of its sources' pages are gone, by address: RFC 3339, when we noticed."""
        return await self._removals.dates(source.url for source in event.data.sources)


def is_real(event: Event) -> bool:
    return event.data.status is Status.ACTUAL and event.type is not EventType.SYSTEM_TEST


def stands(event: Event) -> bool:
    """Is it still told as a happening of its own: neither taken back nor one with another?"""
    return event.type is not EventType.STORY_RETRACTED and not event.data.merged_into
