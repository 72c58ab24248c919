"""Stories from an item to an event, on a real server: what goes out, what waits, what is buried, who is first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, ITEMS_STREAM, Facts, decode_event
from services.ingest.article_reading import report_of
from services.ingest.articles import to_article
from services.ingest.intake import Intake
from services.ingest.publishing import Publisher
from services.ingest.store import Results, Stories
from services.ingest.stories import Step, Story, approve, hold, place
from services.runtime.clock import unix_of
from services.runtime.dead_letters import DeadLetters
from services.runtime.retention import Retention
from services.runtime.side_thread import SideThread
from services.runtime.streams import entries_between, open_redis
from tests.redis.ingest_desk import ARREST, AT, NAMING, PARDON, Desk, now


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis)


async def test_a_name_that_media_add_waits_while_the_rest_of_the_revision_goes_out(desk: Desk) -> None:
    story_id = await desk.told(ARREST)
    bare = await desk.read(NAMING)
    assert (bare.story, bare.action, bare.event) == (story_id, "publish", f"{story_id}-r2"), "it is confirmed"
    story = await desk.story(story_id)
    assert (story.state, story.hold and story.hold.reason, story.revision) == ("held", "name_not_given_firsthand", 2)
    revised = await desk.read(
        replace(NAMING, body=NAMING.body.replace("They are", "The KGB detained them, Viasna said. They are"))
    )
    assert revised.event == f"{story_id}-r3", revised
    story = await desk.story(story_id)
    assert (story.state, story.hold and story.hold.reason, story.revision) == ("held", "name_not_given_firsthand", 3)
    assert [event.data.revision for event in await desk.events()] == [1, 2, 3]
    assert "Kastusiou" not in str(await desk.events())

    event = await desk.decide(story_id, lambda story: approve(story, now()))
    assert event
    assert (event.data.revision, event.data.headline_facts.names) == (4, ("Ryhor Kastusiou",))
    assert (await desk.story(story_id)).state == "open"


async def test_approving_once_lets_out_no_name_that_comes_later(desk: Desk) -> None:
    held = await desk.read(NAMING)
    assert (held.action, held.event) == ("hold", None)
    event = await desk.decide(str(held.story), lambda story: approve(story, now()))
    assert event
    assert event.data.headline_facts.names == ("Ryhor Kastusiou",)
    another = replace(NAMING, body=NAMING.body.replace("Ryhor Kastusiou", "Mikalai Statkevich"), title="Another name")
    later = await desk.read(replace(another, url="https://third-wire.example/arrest", source_name="Third Wire"))
    assert (later.story, later.action, later.reason) == (held.story, "hold", "name_not_given_firsthand")
    assert "Statkevich" not in str(await desk.events())


async def test_approving_publishes_exactly_what_it_says_it_does(desk: Desk) -> None:
    story_id = await desk.told(PARDON)
    await desk.decide(story_id, lambda story: Step(hold(story, "asking", now(), by_operator=True)))
    assert await desk.decide(story_id, lambda story: approve(story, now())) is None
    story = await desk.story(story_id)
    assert (story.revision, story.last_event_id, story.state) == (1, f"{story_id}-r1", "open")


async def test_a_story_read_as_of_another_day_stays_open_by_the_real_clock(desk: Desk) -> None:
    desk.at = unix_of("2026-05-01T12:00:00Z")
    await desk.told(replace(PARDON, as_of=date(2024, 12, 28), solicited=True))
    stories = Stories(desk.redis)
    assert await stories.close_old(desk.at + 3600) == 0
    assert len(await stories.open()) == 1
    assert await stories.close_old(desk.at + Retention.OPEN_STORIES + 1) == 1


@pytest.mark.parametrize("raw", ["{not json", "[]", '{"source_id": 5}', ""])
async def test_an_item_that_cannot_be_decoded_is_buried_at_once_and_says_so(desk: Desk, raw: str) -> None:
    entry = await desk.redis.xadd(ITEMS_STREAM, {"id": "it-odd", "item": raw})
    await desk.walk()
    (buried,) = await DeadLetters(desk.redis).all()
    letter = buried.letter
    assert (letter.kind, letter.stream, letter.entry) == ("poison", ITEMS_STREAM, entry)
    assert (letter.reason, letter.attempts) == ("undecodable", 1)
    result = await Results(desk.redis).get("it-odd")
    assert result
    assert result.outcome == "unreadable"
    assert "vestka dead list" in str(result.reason)


async def test_an_entry_without_its_fields_is_buried_at_once(desk: Desk) -> None:
    await desk.redis.xadd(ITEMS_STREAM, {"anything": "else"})
    await desk.walk()
    assert [one.letter.reason for one in await DeadLetters(desk.redis).all()] == ["undecodable"]


async def test_an_item_that_fails_time_and_again_leaves_a_letter(desk: Desk) -> None:
    accepted = await Intake(desk.redis).accept(PARDON)
    (entry,) = await entries_between(desk.redis, ITEMS_STREAM)
    await desk.processor.bury(entry, 6)
    (buried,) = await DeadLetters(desk.redis).all()
    assert (buried.letter.kind, buried.letter.reason, buried.letter.attempts) == ("poison", "failed_repeatedly", 6)
    assert (buried.letter.stream, buried.letter.entry) == (ITEMS_STREAM, entry.id)
    result = await Results(desk.redis).get(accepted.id)
    assert result
    assert result.outcome == "unreadable"


async def test_two_who_read_one_decree_at_the_same_moment_make_one_story_every_time(
    redis: Redis, redis_url: str
) -> None:
    reports = [
        report_of(to_article(replace(PARDON, source_name=name, url=f"https://{number}.example/", title=f"{name}: 20")))
        for number, name in enumerate(("Sample Wire", "Other Wire"))
    ]
    clients = [open_redis(redis_url) for _ in reports]
    threads = [SideThread("placing", 60.0) for _ in reports]
    publishers = [
        Publisher(client, lambda: unix_of(AT), run=thread.run) for client, thread in zip(clients, threads, strict=True)
    ]

    def placing(report: Any) -> Callable[[list[Story]], Step]:
        def decide(stories: list[Story]) -> Step:
            placement = place(report, stories, now())
            return Step(placement.story, placement.outcome in ("new", "revised"), placement.changes)

        return decide

    try:
        for _ in range(20):
            await redis.flushall()
            await asyncio.gather(
                *(one.commit(placing(report)) for one, report in zip(publishers, reports, strict=True))
            )
            (story,) = await Stories(redis).open()
            assert len(story.report_ids) == 2
            events = [decode_event(one.fields["event"]) for one in await entries_between(redis, EVENTS_STREAM)]
            assert [event.data.sequence for event in events] == list(range(1, len(events) + 1))
            assert {event.data.story_id for event in events} == {story.id}
            facts = events[0].data.headline_facts
            assert facts == Facts(pardoned=20, attribution=facts.attribution, occurred_on="2024-12-28", act=facts.act)
    finally:
        for client, thread in zip(clients, threads, strict=True):
            thread.close()
            await client.aclose()
