"""Where every event begins: a story's new state and the entry of the events stream go in one transaction, or neither.

Nobody else makes an event or changes a story. (A dead letter that is redriven puts an entry that was made here on the
stream once more.) What readers were told is kept beside the story, since its state may hold what must not be told.

Whoever decides does so on a snapshot of the stories, and so does whoever only wants to know what would come of it. If
any story changed meanwhile, the decision is made again on the new snapshot; so two reports of one decree, read at the
same moment by two processes, still make one story. Deciding leaves the event loop (`Publisher`, `run`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from services.contract import EVENTS_STREAM, Event, Status, encode_event
from services.ingest.announced import AnnouncedStories, keep_announced
from services.ingest.reports import Report
from services.ingest.store import (
    OPEN_STORIES,
    STORIES_VERSION,
    Reports,
    Stories,
    encode_story,
    keep_report,
    story_key,
)
from services.ingest.stories import Step, Story, StoryState, hold, published, to_event
from services.ingest.system_test import system_test
from services.operations.audit import AuditEntry, note_down
from services.runtime.clock import rfc3339
from services.runtime.kept_events import SEQUENCE, keep
from services.runtime.side_thread import Run, at_once

log = structlog.get_logger(__name__)

Amendment = Callable[[list[Story], Mapping[str, Report]], Sequence[Step]]
"""Stories, and those of their reports that are still kept, by id."""
Note = Callable[[Step], AuditEntry]
Also = Callable[[Pipeline, tuple[Event, ...]], None]
"""Queues what is to be written besides, with the events that go out."""
Check = Callable[[tuple[Event, ...]], None]
"""Raises where these events must not go out."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a decision comes to: its steps, the state to write for each, and the events of those that publish."""

    steps: tuple[Step, ...]
    states: tuple[Story, ...]
    events: tuple[Event, ...]
    now: float
    """Unix seconds."""


_Write = Callable[[Pipeline, _Plan], None]
"""Queues what is to be written."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a change would publish, and what readers were told last of each story that it names, by the story's id."""

    events: tuple[Event, ...]
    announced: Mapping[str, Event]


class UnknownStory(KeyError):
    """There is no story of this id, which is its only argument."""


class Publisher:
    def __init__(
        self, redis: Redis, now: Callable[[], float], known_acts: Iterable[Story] = (), run: Run = at_once
    ) -> None:
        """`run`: how to decide, which compares thousands of stories; `decide` and amendments are called by it."""
        self._redis = redis
        self._stories = Stories(redis, known_acts)
        self._reports = Reports(redis)
        self._announced = AnnouncedStories(redis)
        self._now = now
        self._run = run

    async def commit(self, decide: Callable[[list[Story]], Step]) -> Event | None:
        """Decides on all that may be joined and writes the outcome; the event, where one was published."""
        events = await self._decided(self._stories.joinable, lambda stories: (decide(stories),), _write)
        return events[0] if events else None

    async def add(
        self,
        decide: Callable[[list[Story]], Step],
        also: Also,
        check: Check | None,
        first: Callable[[], Awaitable[object]],
        watched: str,
    ) -> tuple[Event, ...]:
        """As `commit`, for a report that a person answers for: what `also` queues is written with it, or neither is.
        `check` sees the events before anything is written. `first` is asked before each decision and may raise; it
        reads the key `watched`, and a change of that undoes the decision."""

        async def load() -> list[Story]:
            await first()
            return await self._stories.joinable()

        return await self._decided(load, lambda stories: (decide(stories),), _write, check, also, (watched,))

    async def foresee_report(self, decide: Callable[[list[Story]], Step], check: Check | None = None) -> Foreseen:
        """What `add` would publish. Writes nothing."""
        announced: dict[str, Event] = {}
        story_of: list[str] = []

        def decided(stories: list[Story]) -> Sequence[Step]:
            step = decide(stories)
            story_of[:] = [step.story.id]
            return (step,)

        events = await self._decided(self._stories.joinable, decided, _only_look, check)
        for story_id in story_of:
            event = await self._announced.get(story_id)
            if event is not None:
                announced[story_id] = event
        return Foreseen(events, announced)

    async def test(self) -> Event:
        """Publishes a test, which goes to whoever asked for tests."""
        return await self.practise(system_test)

    async def practise(self, make: Callable[[int, float], Event]) -> Event:
        """Publishes what is not about the world, for whoever asked for tests. `make` is given its place in the sequence
        and the time (Unix seconds). Raises ValueError where it is about the world after all."""

        async def once(pipe: Pipeline) -> Event:
            event = make(int(await self._redis.get(SEQUENCE) or 0) + 1, self._now())
            if event.data.status is Status.ACTUAL:
                raise ValueError("only an exercise or a test is published without a story")
            pipe.multi()  # type: ignore[no-untyped-call]
            pipe.incr(STORIES_VERSION)
            _put_on_stream(pipe, event, encode_event(event))
            return event

        published_one: Event = await self._redis.transaction(once, STORIES_VERSION, value_from_callable=True)
        return published_one

    async def amend(
        self, story_ids: Sequence[str], amendment: Amendment, note: Note | None = None, check: Check | None = None
    ) -> tuple[Event, ...]:
        """Changes stories, open or not, all at once, and notes in the audit what became of each; the events that were
        published. `check` sees these before anything is written. Raises UnknownStory, and what `amendment` and `check`
        raise."""
        load, decide = self._to_change(story_ids, amendment)
        return await self._decided(load, decide, partial(_write, note=note), check)

    async def foresee(self, story_ids: Sequence[str], amendment: Amendment, check: Check | None = None) -> Foreseen:
        """What `amend` would publish, decided on a snapshot in the same way. Writes nothing. Raises what `amend` does.

        The event's time and its place in the sequence are those it would have now."""
        load, decide = self._to_change(story_ids, amendment)
        announced: dict[str, Event] = {}

        async def load_with_announced() -> list[Story]:
            found = {story_id: await self._announced.get(story_id) for story_id in story_ids}
            announced.clear()
            announced.update({story_id: event for story_id, event in found.items() if event is not None})
            return await load()

        events = await self._decided(load_with_announced, decide, _only_look, check)
        return Foreseen(events, announced)

    def _to_change(
        self, story_ids: Sequence[str], amendment: Amendment
    ) -> tuple[Callable[[], Awaitable[list[Story]]], Callable[[list[Story]], Sequence[Step]]]:
        reports: dict[str, Report] = {}

        async def load() -> list[Story]:
            stories = await self._named(story_ids)
            reports.clear()
            for story in stories:
                reports.update(await self._reports.of(story))
            return stories

        return load, lambda stories: amendment(stories, reports)

    async def _named(self, story_ids: Sequence[str]) -> list[Story]:
        found = [(story_id, await self._stories.get(story_id)) for story_id in story_ids]
        missing = [story_id for story_id, story in found if story is None]
        if missing:
            raise UnknownStory(missing[0])
        return [story for _, story in found if story is not None]

    async def _decided(
        self,
        load: Callable[[], Awaitable[list[Story]]],
        decide: Callable[[list[Story]], Sequence[Step]],
        write: _Write,
        check: Check | None = None,
        also: Also | None = None,
        watched: tuple[str, ...] = (),
    ) -> tuple[Event, ...]:
        async def once(pipe: Pipeline) -> tuple[Event, ...]:
            # Read on other connections, but after the watch began: what changes from here on undoes the commit.
            sequence = int(await self._redis.get(SEQUENCE) or 0)
            stories, now = await load(), self._now()
            plan = await self._run(lambda: _plan(decide(stories), sequence, now))
            if check is not None:
                check(plan.events)
            pipe.multi()  # type: ignore[no-untyped-call]
            if plan.steps:
                write(pipe, plan)
            if also is not None:
                also(pipe, plan.events)
            return plan.events

        events: tuple[Event, ...] = await self._redis.transaction(
            once, STORIES_VERSION, *watched, value_from_callable=True
        )
        return events


def _plan(decided: Sequence[Step], sequence: int, now: float) -> _Plan:
    """`sequence`: of the newest event."""
    steps = tuple(step for step in decided if step.write)
    publishing = (step for step in steps if step.publish)
    return _Plan(
        steps=steps,
        states=tuple(_state_after(step, now) for step in steps),
        events=tuple(
            to_event(step.story, sequence=number, changes=step.changes, now=now)
            for number, step in enumerate(publishing, start=sequence + 1)
        ),
        now=now,
    )


def _state_after(step: Step, now: float) -> Story:
    if not step.publish:
        return step.story
    story = published(step.story, rfc3339(now))
    return hold(story, step.waits_for, datetime.fromtimestamp(now, UTC)) if step.waits_for else story


def _only_look(pipe: Pipeline, _plan: _Plan) -> None:
    """A transaction has to do something to notice that a story changed meanwhile."""
    pipe.get(STORIES_VERSION)


def _write(pipe: Pipeline, plan: _Plan, note: Note | None = None) -> None:
    pipe.incr(STORIES_VERSION)
    for step, state in zip(plan.steps, plan.states, strict=True):
        _write_story(pipe, state, plan.now)
        if step.report is not None:
            keep_report(pipe, step.report)
        if note is not None:
            note_down(pipe, note(step), plan.now)
    for event in plan.events:
        _write_event(pipe, event, plan.now)


def _write_story(pipe: Pipeline, story: Story, now: float) -> None:
    pipe.set(story_key(story.id), encode_story(story))
    if story.state is StoryState.MERGED:  # what would join it joins the story that goes on
        pipe.zrem(OPEN_STORIES, story.id)
    elif not story.is_preexisting:  # a known act is always among those that may be joined
        pipe.zadd(OPEN_STORIES, {story.id: now})


def _write_event(pipe: Pipeline, event: Event, now: float) -> None:
    encoded = encode_event(event)
    _put_on_stream(pipe, event, encoded)
    keep_announced(pipe, event, encoded, now)
    if event.data.merged_from:
        _write_end_of_merged(pipe, event, event.data.merged_from, now)


def _put_on_stream(pipe: Pipeline, event: Event, encoded: str) -> None:
    pipe.set(SEQUENCE, event.data.sequence)
    pipe.xadd(EVENTS_STREAM, {"id": event.id, "type": event.type.value, "event": encoded})
    keep(pipe, event, encoded)


def _write_end_of_merged(pipe: Pipeline, event: Event, story_id: str, now: float) -> None:
    """Whoever asks for the story that ended is told where it goes on."""
    data = msgspec.structs.replace(event.data, story_id=story_id, merged_into=event.subject, merged_from=None)
    end = msgspec.structs.replace(event, subject=story_id, data=data)
    keep_announced(pipe, end, encode_event(end), now)
