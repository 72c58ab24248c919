"""Where every event begins: a story's new state and the entry of the events stream go in one transaction, or neither.

Nobody else makes an event or changes a story. (A dead letter that is redriven puts an entry that was made here on the
stream once more.) What readers were told is kept beside the story, since its state may hold what must not be told.

Whoever decides does so on a snapshot of the stories. If any story changed meanwhile, the decision is made again on the
new snapshot; so two reports of one decree, read at the same moment by two processes, still make one story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from services.contract import EVENTS_STREAM, Event, encode_event, event_id
from services.ingest.store import (
    OPEN_STORIES,
    STORIES_VERSION,
    Stories,
    encode_story,
    story_key,
)
from services.ingest.stories import Step, Story, event_data, event_type, hold, published
from services.ingest.told import keep_told
from services.runtime.clock import rfc3339

log = structlog.get_logger(__name__)

SEQUENCE: Final = "vestka:events:sequence"
EVENT_SOURCE: Final = "/vestka/ingest"
"""The `source` of our CloudEvents: an URI reference, the same wherever we run."""


class Publisher:
    def __init__(self, redis: Redis, now: Callable[[], float], known_acts: Iterable[Story] = ()) -> None:
        self._redis = redis
        self._stories = Stories(redis, known_acts)
        self._now = now

    async def commit(self, decide: Callable[[list[Story]], Step]) -> Event | None:
        """Decides on all that may be joined and writes the outcome; the event, where one was published."""
        return await self._commit(self._stories.joinable, decide)

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
                # Read on other connections, but after the watch began: what changes from here on undoes the commit.
                sequence = int(await self._redis.get(SEQUENCE) or 0) + 1
                step = decide(await load())
                if not step.write:
                    return None
                now = self._now()
                event = _event(step, sequence, now) if step.publish else None
                pipe.multi()  # type: ignore[no-untyped-call]
                _write_story(pipe, _state_after(step, now), now)
                if event is not None:
                    _write_event(pipe, event, now)
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                return event


def _event(step: Step, sequence: int, now: float) -> Event:
    story = step.story
    return Event(
        id=event_id(story.id, story.revision),
        source=EVENT_SOURCE,
        type=event_type(story),
        subject=story.id,
        time=rfc3339(now),
        data=event_data(story, sequence=sequence, changes=step.changes, replaces=story.last_event_id),
    )


def _state_after(step: Step, now: float) -> Story:
    if not step.publish:
        return step.story
    story = published(step.story)
    return hold(story, step.waits_for, datetime.fromtimestamp(now, UTC)) if step.waits_for else story


def _write_story(pipe: Pipeline, story: Story, now: float) -> None:
    pipe.incr(STORIES_VERSION)
    pipe.set(story_key(story.id), encode_story(story))
    if story.state != "known":  # a known act is always among those that may be joined
        pipe.zadd(OPEN_STORIES, {story.id: now})


def _write_event(pipe: Pipeline, event: Event, now: float) -> None:
    encoded = encode_event(event)
    pipe.set(SEQUENCE, event.data.sequence)
    pipe.xadd(EVENTS_STREAM, {"id": event.id, "type": event.type.value, "event": encoded})
    keep_told(pipe, event, encoded, now)
