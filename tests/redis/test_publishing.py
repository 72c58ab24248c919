"""A story's state and the stream's entry go in one transaction, or neither."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import msgspec
import pytest
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from services.contract import (
    EVENTS_STREAM,
    Certainty,
    Event,
    EventType,
    Facts,
    Kind,
    Status,
    decode_event,
)
from services.ingest.publishing import Publisher, UnknownStory
from services.ingest.store import Stories, story_key
from services.ingest.stories import Step, Story, retract
from services.ingest.stories.dating import Dated, DayBasis
from services.ingest.stories.story import Hold, keep_back
from services.runtime.clock import unix_of
from services.runtime.retention import Retention
from services.runtime.streams import entries_between

NOW = unix_of("2024-12-28T12:00:00Z")
STAMP = "2024-12-28T12:00:00Z"


@pytest.fixture
def publisher(redis: Redis) -> Publisher:
    return Publisher(redis, lambda: NOW)


def a_story(story_id: str = "pardon-20241228-aaaaaa", **fields: object) -> Story:
    usual = Story(
        id=story_id,
        kind=Kind.PARDON,
        status=Status.ACTUAL,
        certainty=Certainty.REPORTED,
        facts=Facts(pardoned=20),
        dated=Dated(day="2024-12-28", basis=DayBasis.TEXT),
        opened_at=STAMP,
        updated_at=STAMP,
        revision=1,
    )
    return msgspec.structs.replace(usual, **fields)


def joins_or_opens(story_id: str) -> Callable[[list[Story]], Step]:
    """What two readers of one decree decide: a story that is open is joined, else one is opened."""

    def decide(stories: list[Story]) -> Step:
        if not stories:
            return Step(a_story(story_id), publish=True)
        joined = stories[0]
        return Step(msgspec.structs.replace(joined, revision=joined.revision + 1), publish=True)

    return decide


async def entries(redis: Redis) -> list[Event]:
    return [decode_event(one.fields["event"]) for one in await entries_between(redis, EVENTS_STREAM)]


async def test_the_entry_is_plain_fields_that_any_client_can_read(redis: Redis, publisher: Publisher) -> None:
    event = await publisher.commit(lambda _: Step(a_story(), publish=True))
    assert event
    (entry,) = await entries_between(redis, EVENTS_STREAM)
    fields = entry.fields
    assert set(fields) == {"id", "type", "event"}
    assert (fields["id"], fields["type"]) == ("pardon-20241228-aaaaaa-r1", "pardon.announced")
    document = msgspec.json.decode(fields["event"])
    assert document["specversion"] == "1.0"
    assert document["data"]["headline_facts"] == {"pardoned": 20}
    assert decode_event(fields["event"]) == event


async def test_state_and_entry_appear_together(redis: Redis, publisher: Publisher) -> None:
    await publisher.commit(lambda _: Step(a_story(), publish=True))
    story = await Stories(redis).get("pardon-20241228-aaaaaa")
    assert story
    assert story.last_event_id == "pardon-20241228-aaaaaa-r1"
    assert story.announcement is not None
    assert [one.id for one in await entries(redis)] == [story.last_event_id]


async def test_a_decision_that_fails_leaves_nothing(redis: Redis, publisher: Publisher) -> None:
    def fails(stories: list[Story]) -> Step:
        raise RuntimeError("we failed")

    with pytest.raises(RuntimeError):
        await publisher.commit(fails)
    assert await redis.dbsize() == 0


async def test_a_process_that_is_stopped_before_the_commit_leaves_nothing(redis: Redis, publisher: Publisher) -> None:
    def stopped(stories: list[Story]) -> Step:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await publisher.commit(stopped)
    assert await redis.dbsize() == 0
    event = await publisher.commit(joins_or_opens("pardon-20241228-aaaaaa"))
    assert event
    assert event.data.sequence == 1


async def test_a_connection_lost_before_the_commit_decides_anew_and_publishes_once(
    redis: Redis, redis_url: str, publisher: Publisher
) -> None:
    decisions: list[int] = []

    def decide(stories: list[Story]) -> Step:
        decisions.append(len(stories))
        if len(decisions) == 1:
            with closing(SyncRedis.from_url(redis_url)) as other:
                other.client_kill_filter(_type="normal", skipme=True)
        return joins_or_opens("pardon-20241228-aaaaaa")(stories)

    assert await publisher.commit(decide)
    assert decisions == [0, 0]
    assert [one.data.sequence for one in await entries(redis)] == [1]


async def test_two_who_read_one_decree_at_once_make_one_story(redis: Redis, redis_url: str) -> None:
    publishers = [Publisher(redis, lambda: NOW) for _ in range(8)]
    events = await asyncio.gather(
        *(one.commit(joins_or_opens(f"pardon-20241228-{number:06d}")) for number, one in enumerate(publishers))
    )
    assert len({event.data.story_id for event in events if event}) == 1
    published = await entries(redis)
    assert [one.data.revision for one in published] == list(range(1, 9))
    assert [one.data.sequence for one in published] == list(range(1, 9))
    assert [one.data.replaces for one in published] == [None, *(one.id for one in published[:-1])]


async def test_the_sequence_has_no_gaps_whatever_is_not_published(redis: Redis, publisher: Publisher) -> None:
    for number in range(4):
        story = a_story(f"pardon-20241228-{number:06d}")
        await publisher.commit(lambda _, story=story, number=number: Step(story, publish=number % 2 == 0))  # type: ignore[misc]
    assert [one.data.sequence for one in await entries(redis)] == [1, 2]


async def test_what_changes_nothing_writes_nothing(redis: Redis, publisher: Publisher) -> None:
    assert await publisher.commit(lambda _: Step(a_story(), write=False)) is None
    assert await redis.dbsize() == 0


async def test_a_story_that_is_held_is_kept_and_not_told(redis: Redis, publisher: Publisher) -> None:
    assert await publisher.commit(lambda _: Step(keep_back(a_story(), Hold(reason="names")))) is None
    held = await Stories(redis).get("pardon-20241228-aaaaaa")
    assert held
    assert (held.state, held.announcement) == ("held", None)
    assert await entries(redis) == []


async def test_the_decision_sees_the_open_stories_the_lately_touched_first(redis: Redis) -> None:
    moments = iter((1.0, 3.0, 2.0, 4.0))
    publisher = Publisher(redis, lambda: next(moments))
    for story_id in ("a", "b", "c"):
        story = a_story(story_id)
        await publisher.commit(lambda _, story=story: Step(story))  # type: ignore[misc]
    seen: list[str] = []

    def look(stories: list[Story]) -> Step:
        seen.extend(story.id for story in stories)
        return Step(stories[0], write=False)

    await publisher.commit(look)
    assert seen == ["b", "c", "a"]


async def test_a_story_nobody_spoke_of_for_long_is_no_longer_joined_and_can_still_be_retracted(
    redis: Redis, publisher: Publisher
) -> None:
    await publisher.commit(lambda _: Step(a_story(), publish=True))
    stories = Stories(redis)
    assert await stories.close_old(NOW + Retention.OPEN_STORIES - 1) == 0
    assert await stories.close_old(NOW + Retention.OPEN_STORIES + 1) == 1
    assert await stories.open() == []
    (event,) = await publisher.amend(
        ["pardon-20241228-aaaaaa"],
        lambda stories, _: [retract(stories[0], "It was wrong.", datetime(2025, 3, 1, tzinfo=UTC))],
    )
    assert (event.type, event.data.revision, event.data.replaces) == (
        EventType.STORY_RETRACTED,
        2,
        "pardon-20241228-aaaaaa-r1",
    )


async def test_what_waits_for_an_operator_is_listed_however_long_it_waits(redis: Redis, publisher: Publisher) -> None:
    await publisher.commit(lambda _: Step(keep_back(a_story(revision=0), Hold(reason="undated"))))
    stories = Stories(redis)
    assert await stories.close_old(NOW + 2 * Retention.OPEN_STORIES) == 0
    assert [story.state for story in await stories.open()] == ["held"]


async def test_amending_what_is_not_there_says_so(publisher: Publisher) -> None:
    with pytest.raises(UnknownStory):
        await publisher.amend(["nothing"], lambda stories, _: [Step(stories[0])])


async def test_two_retractions_at_once_make_one(redis: Redis, publisher: Publisher) -> None:
    await publisher.commit(lambda _: Step(a_story(), publish=True))

    def once(stories: list[Story], _: object) -> list[Step]:
        if stories[0].state == "retracted":
            return []
        return [retract(stories[0], "It was wrong.", datetime(2025, 3, 1, tzinfo=UTC))]

    made = await asyncio.gather(*(publisher.amend(["pardon-20241228-aaaaaa"], once) for _ in range(5)))
    assert [len(events) for events in made if events] == [1]
    assert [one.data.revision for one in await entries(redis)] == [1, 2]


async def test_a_story_survives_being_stored(redis: Redis, publisher: Publisher) -> None:
    await publisher.commit(lambda _: Step(a_story(candidates=("other",), released=("a",))))
    assert await redis.exists(story_key("pardon-20241228-aaaaaa"))
    stored = await Stories(redis).get("pardon-20241228-aaaaaa")
    assert stored == a_story(candidates=("other",), released=("a",))
