"""The only writer of the events stream: a story's new state and the stream's entry go in one transaction, or neither.

Whoever decides does so on a snapshot of the stories. If any story changed meanwhile, the decision is made again on the
new snapshot; so two reports of one decree, read at the same moment by two processes, still make one story.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from services.contract import EVENTS_STREAM, Change, Event, encode_event, event_id
from services.ingest.store import (
    OPEN_STORIES,
    STORIES_VERSION,
    Stories,
    encode_story,
    story_key,
)
from services.ingest.stories import Story, event_data, event_type, published
from services.runtime.clock import rfc3339, unix_of

log = structlog.get_logger(__name__)

SEQUENCE: Final = "vestka:events:sequence"
EVENT_SOURCE: Final = "/vestka/ingest"
"""The `source` of our CloudEvents: an URI reference, the same wherever we run."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a decision comes to: the story's new state, and whether an event tells of it."""

    story: Story
    publish: bool = False
    changes: tuple[Change, ...] = ()
    write: bool = True
    """False: nothing changed, so nothing is written."""


class Publisher:
    def __init__(self, redis: Redis, now: Callable[[], float]) -> None:
        self._redis = redis
        self._stories = Stories(redis)
        self._now = now

    async def commit(self, decide: Callable[[list[Story]], Step]) -> Event | None:
        """Decides on the open stories and writes the outcome; the event, where one was published."""
        return await self._commit(self._stories.open, decide)

    async def amend(self, story_id: str, change: Callable[[Story], Step]) -> Event | None:
        """Changes one story, open or not. Raises KeyError where there is none, and what `change` raises."""

        async def only() -> list[Story]:
            story = await self._stories.get(story_id)
            if story is None:
                raise KeyError(story_id)
            return [story]

        return await self._commit(only, lambda stories: change(stories[0]))

    async def _commit(self, load: Callable[[], Any], decide: Callable[[list[Story]], Step]) -> Event | None:
        async with self._redis.pipeline() as pipe:
            while True:
                await pipe.watch(STORIES_VERSION)
                sequence = int(await self._redis.get(SEQUENCE) or 0) + 1
                step = decide(await load())
                if not step.write:
                    return None
                event = self._event(step, sequence) if step.publish else None
                pipe.multi()  # type: ignore[no-untyped-call]
                _write(pipe, step, event, sequence)
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                return event

    def _event(self, step: Step, sequence: int) -> Event:
        story = step.story
        return Event(
            id=event_id(story.id, story.revision),
            source=EVENT_SOURCE,
            type=event_type(story),
            subject=story.id,
            time=rfc3339(self._now()),
            data=event_data(story, sequence=sequence, changes=step.changes, replaces=story.last_event_id),
        )


def _write(pipe: Pipeline, step: Step, event: Event | None, sequence: int) -> None:
    story = step.story if event is None else published(step.story)
    pipe.incr(STORIES_VERSION)
    pipe.set(story_key(story.id), encode_story(story))
    pipe.zadd(OPEN_STORIES, {story.id: unix_of(story.updated_at)})
    if event is not None:
        pipe.set(SEQUENCE, sequence)
        pipe.xadd(EVENTS_STREAM, {"id": event.id, "type": event.type.value, "event": encode_event(event)})
