"""What an operator decides is done, and noted, all at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from services.ingest.announced import AnnouncedStories
from services.ingest.desk.correction_request import read_correction_request
from services.ingest.desk.decisions import Desk, Operator
from services.ingest.publishing import UnknownStory
from services.ingest.sources.base import Item
from services.ingest.store import Reports, Stories
from services.ingest.stories import WrongState
from services.operations.audit import AUDIT, Audit
from tests.redis.ingest_desk import ACTS, ARREST, PARDON, RULES
from tests.redis.ingest_desk import Desk as Road

MARIA = Operator("maria", "cli")
WOMEN: Item = replace(
    PARDON,
    source_id="other-wire",
    source_name="Other Wire",
    body="Alexander Lukashenko pardoned 20 people on 28 December 2024, his press service said. There are 11 women.",
    url="https://other-wire.example/pardon",
)


@pytest.fixture
def road(redis: Redis) -> Road:
    return Road(redis)


@pytest.fixture
def desk(road: Road) -> Desk:
    return Desk(road.publisher, lambda: road.at, ACTS, RULES.limits)


async def test_a_decision_is_noted_with_who_what_and_why(redis: Redis, road: Road, desk: Desk) -> None:
    story_id = await road.told(PARDON)
    await desk.hold(MARIA, story_id, "the number is being checked")
    await desk.correct(MARIA, story_id, read_correction_request("pardoned", "22"), "it was misread")
    await desk.approve(Operator("night shift", "http"), story_id)
    entries = await Audit(redis).entries()
    assert [(one.who, one.via, one.what, one.revision, one.reason, one.detail) for one in entries] == [
        ("maria", "cli", "hold", 2, "the number is being checked", ""),
        ("maria", "cli", "correct", 2, "it was misread", "pardoned: 22"),
        ("night shift", "http", "approve", 3, "", ""),
    ]
    assert {one.story for one in entries} == {story_id}
    assert entries[0].at == "2024-12-28T13:00:00.000Z"


async def test_what_could_not_be_done_is_not_noted(redis: Redis, road: Road, desk: Desk) -> None:
    story_id = await road.told(PARDON)
    with pytest.raises(WrongState):
        await desk.approve(MARIA, story_id)
    with pytest.raises(UnknownStory):
        await desk.retract(MARIA, "pardon-20240101-nobody", "a hoax")
    with pytest.raises(UnknownStory):
        await desk.merge(MARIA, story_id, "pardon-20240101-nobody", "the same")
    assert not await redis.exists(AUDIT)


async def test_the_audit_can_be_asked_about_one_story(redis: Redis, road: Road, desk: Desk) -> None:
    first, second = await road.told(PARDON), await road.told(ARREST)
    await desk.retract(MARIA, first, "a hoax")
    await desk.hold(MARIA, second, "asking")
    assert [one.what for one in await Audit(redis).entries(story=second)] == ["hold"]


async def test_merging_ends_one_story_tells_its_readers_and_sends_what_comes_later_to_the_other(
    redis: Redis, road: Road, desk: Desk
) -> None:
    kept = await road.told(PARDON)
    part = await desk.split(MARIA, kept, [await _add(road, kept, WOMEN)], "another decree")
    apart = part.stories[-1].id
    await desk.approve(MARIA, apart)
    decision = await desk.merge(MARIA, kept, apart, "it was one decree after all")
    assert [(event.type, event.data.story_id) for event in decision.events] == [("story.merged", kept)]
    assert decision.events[0].data.merged_from == apart
    ended = await AnnouncedStories(redis).get(apart)
    assert ended is not None
    assert (ended.data.story_id, ended.data.merged_into) == (apart, kept)
    events = await road.events()
    assert [event.data.sequence for event in events] == list(range(1, len(events) + 1))
    assert [story.id for story in await Stories(redis).open()] == [kept]
    again = await road.read(replace(WOMEN, body=WOMEN.body + " They have gone home."))
    assert again.story == kept
    assert [one.story for one in await Audit(redis).entries()] == [kept, apart, apart, kept, apart]


async def test_a_story_is_split_by_the_reports_that_were_kept(redis: Redis, road: Road, desk: Desk) -> None:
    story_id = await road.told(PARDON)
    second = await _add(road, story_id, WOMEN)
    assert set(await Reports(redis).of(await road.story(story_id))) == set((await road.story(story_id)).report_ids)
    decision = await desk.split(MARIA, story_id, [second], "another decree")
    rest, new = decision.stories
    assert (rest.facts.women, new.facts.women, new.state) == (None, 11, "held")
    assert [(change.field, change.after) for change in decision.events[0].data.changes] == [("women", None)]
    assert (await road.read(WOMEN)).story in (story_id, new.id), "the same text is a duplicate and moves nothing"
    assert (await road.story(story_id)).report_ids == rest.report_ids


async def test_a_report_that_was_split_off_is_known_where_it_is_now(road: Road, desk: Desk) -> None:
    story_id = await road.told(PARDON)
    decision = await desk.split(MARIA, story_id, [await _add(road, story_id, WOMEN)], "another decree")
    copied = await road.read(replace(WOMEN, url="https://other-wire.example/the-same-page-elsewhere"))
    assert (copied.outcome, copied.story) == ("known", decision.stories[-1].id)


async def _add(road: Road, story_id: str, item: Item) -> str:
    """The id of the report that the item adds to the story."""
    result = await road.read(item)
    assert result.story == story_id, result
    return (await road.story(story_id)).report_ids[-1]
