"""What ingest remembers in Redis: stories, what was accepted and what became of it, and where each source stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from services.ingest.reports import Report
from services.ingest.stories import Story, StoryState, brought_up_to_date
from services.ingest.stories.stored import StoredStory, opened, stored
from services.runtime.retention import Retention

OPEN_STORIES: Final = "vestka:stories:open"
"""Sorted by when a story was last touched (Unix seconds of the real clock, whatever day its reports are read on): those
a new report may belong to."""
STORIES_VERSION: Final = "vestka:stories:version"
"""Counts every change to any story: whoever decided on an older one decides again."""
_AT_ONCE: Final = 500
"""Stories asked for and decoded in one go: between two, the event loop turns to others."""
_MOST_DECODED: Final = 20_000
"""Stories of which the decoded state is kept beside the stored one, some 3 kB each."""


class ReadResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an item. `state` is "accepted" until it was read through."""

    state: Literal["accepted", "read"]
    outcome: str | None = None
    """new, revised, joined, known, crowded, known_act, doubtful: of its story; old: past its age, so nobody is alerted;
    near_miss: no news by the rules, and it waits for an operator; nothing: no news of ours; unreadable."""
    action: str | None = None
    """publish, publish_unconfirmed, hold or nothing, with `reason`."""
    reason: str | None = None
    story: str | None = None
    event: str | None = None
    near_miss: str | None = None
    """The id of what waits."""
    further: tuple[ReadResult, ...] = ()
    """What became of the second act that the item tells."""


_PUT_FIRST: Final = """
local kept = redis.call('GET', KEYS[1])
if not kept or kept == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
end
"""


class Stories:
    """`known_acts` are stories that were there before us; Redis keeps only what was reported of them."""

    def __init__(self, redis: Redis, known_acts: Iterable[Story] = ()) -> None:
        self._redis = redis
        self._acts = {act.id: act for act in known_acts}
        self._decoded: dict[str, tuple[str, Story]] = {}

    async def get(self, story_id: str) -> Story | None:
        act = self._acts.get(story_id)
        raw: Any = await self._redis.get(story_key(story_id))
        if raw is None:
            return act
        return brought_up_to_date(decode_story(raw), act) if act else decode_story(raw)

    async def open(self) -> list[Story]:
        """The lately touched first."""
        lately: Any = await self._redis.zrange(OPEN_STORIES, 0, -1, desc=True)
        return await self._load(lately)

    async def preexisting(self) -> list[Story]:
        """The known acts, in the order of their dates."""
        counted = {story.id: story for story in await self._load(list(self._acts))}
        acts = (brought_up_to_date(counted.get(act.id, act), act) for act in self._acts.values())
        return sorted(acts, key=lambda act: act.dated.day)

    async def joinable(self) -> list[Story]:
        """All that a report may belong to."""
        return [*await self.open(), *(await self.preexisting() if self._acts else ())]

    async def _load(self, story_ids: Sequence[str]) -> list[Story]:
        stories: list[Story] = []
        for start in range(0, len(story_ids), _AT_ONCE):
            ids = story_ids[start : start + _AT_ONCE]
            raws: Any = await self._redis.mget([story_key(story_id) for story_id in ids])
            stories += (self._decode(story_id, raw) for story_id, raw in zip(ids, raws, strict=True) if raw is not None)
        return stories

    def _decode(self, story_id: str, raw: str) -> Story:
        """Thousands of open stories are read for every report, and one of them has changed since."""
        kept = self._decoded.get(story_id)
        if kept is not None and kept[0] == raw:
            return kept[1]
        story = decode_story(raw)
        if len(self._decoded) >= _MOST_DECODED:
            self._decoded.clear()
        self._decoded[story_id] = (raw, story)
        return story

    async def close_old(self, now: float) -> int:
        """Takes stories that nobody spoke of for long out of those still open; their state stays. What waits for an
        operator stays where it is listed, however long it waits."""
        long_ago: Any = await self._redis.zrange(OPEN_STORIES, "-inf", now - Retention.OPEN_STORIES, byscore=True)
        closed = [story.id for story in await self._load(long_ago) if story.state is not StoryState.HELD]
        return int(await self._redis.zrem(OPEN_STORIES, *closed)) if closed else 0

    async def count_open(self) -> int:
        return int(await self._redis.zcard(OPEN_STORIES))


class Reports:
    """The reports that stories are made of, so that a story can be put together anew."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def of(self, story: Story) -> dict[str, Report]:
        """By id; without those that are no longer kept."""
        if not story.report_ids:
            return {}
        found: Any = await self._redis.mget([report_key(report_id) for report_id in story.report_ids])
        reports = (msgspec.json.decode(raw, type=Report) for raw in found if raw is not None)
        return {report.id: report for report in reports}

    async def keep(self, report_ids: Iterable[str], kept: int) -> None:
        """For so many seconds from now."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for report_id in report_ids:
                pipe.expire(report_key(report_id), kept)
            await pipe.execute()


def keep_report(pipe: Pipeline, report: Report) -> None:
    """Queues the write that belongs into the transaction by which the report's story is written."""
    pipe.set(report_key(report.id), msgspec.json.encode(report), ex=Retention().reports)


class Results:
    """What became of each accepted item, for whoever handed it in."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._put_first = redis.register_script(_PUT_FIRST)

    async def get(self, item_id: str) -> ReadResult | None:
        raw: Any = await self._redis.get(item_key(item_id))
        return None if raw is None else msgspec.json.decode(raw, type=ReadResult)

    async def put(self, item_id: str, result: ReadResult) -> None:
        await self._redis.set(item_key(item_id), msgspec.json.encode(result), ex=Retention.RESULTS)

    async def put_first(self, item_id: str, result: ReadResult) -> None:
        """Only where nothing is known but that it was accepted: reading an item again finds its report counted, and
        what became of it the first time stays."""
        accepted = msgspec.json.encode(ReadResult(state="accepted"))
        await self._put_first(keys=[item_key(item_id)], args=[accepted, msgspec.json.encode(result), Retention.RESULTS])


def story_key(story_id: str) -> str:
    return f"vestka:story:{story_id}"


def report_key(report_id: str) -> str:
    return f"vestka:report:{report_id}"


def item_key(item_id: str) -> str:
    return f"vestka:item:{item_id}"


def encode_story(story: Story) -> bytes:
    return msgspec.json.encode(stored(story))


def decode_story(raw: str) -> Story:
    return opened(msgspec.json.decode(raw, type=StoredStory))
