"""What ingest keeps comes to an end, and never before its time: never what waits, never what is unread."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis

from services.ingest.announced import ANNOUNCED_STORIES, AnnouncedStories, announced_key
from services.ingest.evidence import EvidenceStore, evidence_key
from services.ingest.expiry import Expiry
from services.ingest.store import Stories, report_key, story_key
from services.ingest.stories import Step, approve, hold
from services.ingest.watching.health import SourceState
from services.ingest.watching.poll_memory import SourceStates
from services.operations.audit import AUDIT, REPORTS_AUDIT, Audit
from services.runtime.retention import Retention
from tests.redis.ingest_desk import ARREST, PARDON, Desk, now

DAY = 86_400
KEPT = Retention(stories=400 * DAY, audit=1000 * DAY)


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis)


@pytest.fixture
def expiry(redis: Redis) -> Expiry:
    return Expiry(redis, KEPT, EvidenceStore(redis))


async def days_left(redis: Redis, key: str) -> float:
    """-1: for ever."""
    seconds = await redis.ttl(key)
    return -1 if seconds == -1 else seconds / DAY


async def test_a_story_and_what_was_told_of_it_get_an_end(redis: Redis, desk: Desk, expiry: Expiry) -> None:
    story_id = await desk.told(PARDON)
    await expiry.tidy(desk.at)
    for key in (story_key(story_id), announced_key(story_id)):
        assert 399 < await days_left(redis, key) <= 400


async def test_the_time_counts_from_when_a_story_was_last_touched(redis: Redis, desk: Desk, expiry: Expiry) -> None:
    story_id = await desk.told(PARDON)
    await expiry.tidy(desk.at)
    await redis.expire(story_key(story_id), 7 * DAY)  # as if a year had gone by
    await expiry.tidy(desk.at)
    assert await days_left(redis, story_key(story_id)) <= 7, "looking is not touching"
    await desk.read(replace(PARDON, source_id="other", source_name="Other Wire", url="https://other.example/1",
                            body=PARDON.body + " Eleven of them are women."))  # fmt: skip
    await expiry.tidy(desk.at)
    assert await days_left(redis, story_key(story_id)) > 399


async def test_what_a_story_is_made_of_does_not_go_before_the_story(redis: Redis, desk: Desk) -> None:
    story_id = await desk.told(PARDON)
    report = report_key((await desk.story(story_id)).report_ids[0])
    await redis.expire(report, 7 * DAY)  # as if the first report were a year old, and the story touched today
    long = Retention(stories=1000 * DAY)
    await Expiry(redis, long, EvidenceStore(redis)).tidy(desk.at)
    assert await days_left(redis, report) >= await days_left(redis, story_key(story_id)) > 999


async def test_what_waits_for_an_operator_is_kept_with_all_it_rests_on(
    redis: Redis, desk: Desk, expiry: Expiry
) -> None:
    story_id = await desk.told(PARDON)
    await expiry.tidy(desk.at)
    await desk.decide(story_id, lambda story: Step(hold(story, "asking", now(), by_operator=True)))
    story = await desk.story(story_id)
    report = report_key(story.report_ids[0])
    evidence = evidence_key(str(story.sources[0].evidence))
    for key in (report, evidence):
        await redis.expire(key, 60)
    await expiry.tidy(desk.at)
    assert [await days_left(redis, key) for key in (story_key(story_id), announced_key(story_id))] == [-1, -1]
    assert min(await days_left(redis, report), await days_left(redis, evidence)) > 399

    await desk.decide(story_id, lambda story: approve(story, now()))
    await expiry.tidy(desk.at)
    assert await days_left(redis, story_key(story_id)) > 399
    assert await days_left(redis, announced_key(story_id)) > 399


async def test_the_public_list_forgets_a_story_only_when_what_was_told_of_it_is_gone(
    redis: Redis, desk: Desk, expiry: Expiry
) -> None:
    pardon, arrest = await desk.told(PARDON), await desk.told(ARREST)
    later = desk.at + 401 * DAY
    await expiry.tidy(later)
    assert await redis.zcard(ANNOUNCED_STORIES) == 2
    await redis.delete(announced_key(pardon), story_key(pardon))  # as the server does at the end
    await expiry.tidy(desk.at + 399 * DAY)
    assert await redis.zcard(ANNOUNCED_STORIES) == 2
    await expiry.tidy(later)
    assert [event.data.story_id for event in (await AnnouncedStories(redis).page(10)).events] == [arrest]
    assert await redis.zcard(ANNOUNCED_STORIES) == 1


async def test_a_long_list_is_gone_through_to_its_end(redis: Redis, desk: Desk, expiry: Expiry) -> None:
    kept = await desk.told(PARDON)
    await redis.zadd(ANNOUNCED_STORIES, {f"gone-{number}": number for number in range(1_234)})
    await expiry.tidy(desk.at + 401 * DAY)
    assert await redis.zrange(ANNOUNCED_STORIES, 0, -1) == [kept]


async def test_a_story_that_nobody_can_read_stops_no_other(redis: Redis, desk: Desk, expiry: Expiry) -> None:
    story_id = await desk.told(PARDON)
    await redis.set(story_key("broken"), "{not json")
    await expiry.tidy(desk.at)
    assert await days_left(redis, story_key(story_id)) > 399


async def test_tidying_changes_no_story(redis: Redis, desk: Desk, expiry: Expiry) -> None:
    await desk.told(PARDON)
    await desk.told(ARREST)
    before = await Stories(redis).open()
    await expiry.tidy(desk.at + 5000 * DAY)
    assert await Stories(redis).open() == before


async def test_the_audit_is_trimmed_by_age_each_part_by_itself(redis: Redis, expiry: Expiry) -> None:
    entry: Any = {"who": "maria", "what": "hold", "story": "s", "revision": "1"}
    for stream in (AUDIT, REPORTS_AUDIT):
        for day in (1, 2, 1500, 1999, 2000):
            await redis.xadd(stream, entry, id=f"{day * DAY * 1000}-0")
    await expiry.tidy(2000.0 * DAY)
    for stream in (AUDIT, REPORTS_AUDIT):
        ids = [int(one.id.partition("-")[0]) // DAY // 1000 for one in await Audit(redis).entries(of=stream)]
        assert ids == [1500, 1999, 2000]


async def test_a_source_that_is_asked_no_more_is_forgotten_in_the_end(redis: Redis) -> None:
    await SourceStates(redis).save("sample", SourceState())
    assert await days_left(redis, "vestka:source:sample") > 399


async def test_of_too_many_entries_of_the_audit_the_newest_stay(redis: Redis) -> None:
    entry: Any = {"who": "partner:newsroom", "what": "report", "story": "it-1", "revision": "0"}
    for number in range(8):
        await redis.xadd(REPORTS_AUDIT, entry, id=f"{2000 * DAY * 1000}-{number + 1}")
    await redis.xadd(AUDIT, entry)
    few = Retention(stories=400 * DAY, audit=1000 * DAY, audit_entries=5)
    await Expiry(redis, few, EvidenceStore(redis)).tidy(2000.0 * DAY)
    kept = await Audit(redis).entries(of=REPORTS_AUDIT)
    assert [one.id.partition("-")[2] for one in kept] == ["4", "5", "6", "7", "8"]
    assert len(await Audit(redis).entries()) == 1, "what partners send pushes no decision out"
