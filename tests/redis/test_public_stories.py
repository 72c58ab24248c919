"""What anybody may see of a story: what was told, and nothing that waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from redis.asyncio import Redis

from services.ingest.article_reading import report_of
from services.ingest.articles import to_article
from services.ingest.stories import Step, Story, hold, place, retract
from services.runtime.clock import unix_of
from tests.redis.ingest_desk import AT, PARDON, Desk, now


@pytest.fixture
def desk(redis: Redis) -> Desk:
    return Desk(redis)


def held_with(story: Story, **facts: int) -> Step:
    """What a rule does with a report that cannot be right."""
    merged = msgspec.structs.replace(story, facts=msgspec.structs.replace(story.facts, **facts))
    return Step(hold(merged, "implausible_number", now()))


async def test_what_was_told_is_shown_and_nothing_that_waits(desk: Desk) -> None:
    story_id = await desk.told(PARDON)
    before = await desk.get(f"/v1/stories/{story_id}")
    assert (before["headline_facts"]["pardoned"], before["state"], before["revision"]) == (20, "open", 1)
    desk.at += 3600
    await desk.decide(story_id, lambda story: held_with(story, minors_at_offence=900))
    assert (await desk.story(story_id)).facts.minors_at_offence == 900
    assert await desk.get(f"/v1/stories/{story_id}") == before
    assert (await desk.get("/v1/stories"))["data"] == [before]


async def test_the_reason_of_an_operators_hold_is_nobodys_business(desk: Desk) -> None:
    story_id = await desk.told(PARDON)
    before = await desk.get(f"/v1/stories/{story_id}")
    assert "hold_reason" not in before
    await desk.decide(story_id, lambda story: Step(hold(story, "the family asks", now(), by_operator=True)))
    assert await desk.get(f"/v1/stories/{story_id}") == before


async def test_a_story_that_was_never_told_is_not_there(desk: Desk) -> None:
    held = await desk.read(replace(PARDON, published=datetime(2025, 1, 20, tzinfo=UTC)))
    assert held.action == "hold"
    assert (await desk.get(f"/v1/stories/{held.story}"))["status"] == 404
    assert (await desk.get("/v1/stories")) == {"data": [], "iterator": None, "done": True}
    await desk.decide(str(held.story), lambda story: retract(story, "a hoax", now()))
    assert (await desk.get("/v1/stories"))["data"] == []


async def test_a_retraction_is_shown_with_its_reason(desk: Desk) -> None:
    story_id = await desk.told(PARDON)
    await desk.decide(story_id, lambda story: retract(story, "It was wrong.", now()))
    shown = await desk.get(f"/v1/stories/{story_id}")
    assert (shown["state"], shown["reason"], shown["revision"]) == ("retracted", "It was wrong.", 2)


async def publish(desk: Desk, story_id: str, at: float) -> None:
    report = report_of(to_article(PARDON))
    assert report
    desk.at = at
    story = msgspec.structs.replace(place(report, [], now()).story, id=story_id)
    await desk.publisher.commit(lambda _: Step(story, publish=True))


async def pages(desk: Desk, **query: str) -> list[list[str]]:
    found: list[list[str]] = []
    more: dict[str, str] = {}
    while True:
        page = await desk.get("/v1/stories", **query, **more)
        found.append([one["story_id"] for one in page["data"]])
        if page["done"]:
            return found
        more = {"iterator": page["iterator"]}


async def test_the_list_pages_the_newest_first_those_of_one_moment_among_them(desk: Desk) -> None:
    start = unix_of(AT)
    for story_id, at in (("a", 0), ("b", 5), ("c", 5), ("d", 5), ("e", 9)):
        await publish(desk, story_id, start + at)
    assert await pages(desk) == [["e", "d", "c", "b", "a"]]
    assert await pages(desk, limit="2") == [["e", "d"], ["c", "b"], ["a"]]
    assert await pages(desk, limit="1") == [["e"], ["d"], ["c"], ["b"], ["a"]]
    assert await pages(desk, limit="5") == [["e", "d", "c", "b", "a"]]


async def test_a_story_told_again_between_two_pages_hides_no_other(desk: Desk) -> None:
    start = unix_of(AT)
    for seconds, story_id in enumerate(("a", "b", "c")):
        await publish(desk, story_id, start + seconds)
    first = await desk.get("/v1/stories", limit="1")
    assert [one["story_id"] for one in first["data"]] == ["c"]
    desk.at = start + 60
    await desk.decide("c", lambda story: retract(story, "It was wrong.", now()))
    rest = await desk.get("/v1/stories", iterator=first["iterator"])
    assert [one["story_id"] for one in rest["data"]] == ["b", "a"]


async def test_the_list_is_bounded_in_time(desk: Desk) -> None:
    start = unix_of(AT)
    for story_id, hours in (("a", 0), ("b", 1), ("c", 2)):
        await publish(desk, story_id, start + 3600 * hours)
    assert await pages(desk, since="2024-12-28T14:00:00Z") == [["c", "b"]]
    assert await pages(desk, until="2024-12-28T14:00:00Z") == [["b", "a"]]
    assert await pages(desk, since="60m", until="2024-12-28T14:59:00Z") == [["b"]]
    assert await pages(desk, limit="1", since="2024-12-28T14:00:00Z") == [["c"], ["b"]]
    assert await pages(desk, since="2025-01-01") == [[]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"), ("limit", "201"), ("limit", "many"), ("limit", "9" * 5000),
        ("since", "yesterday"), ("until", "99999999999999d"), ("until", "2024-13-01"),
        ("iterator", "a"), ("iterator", "-a"), ("iterator", "1-"), ("iterator", "9" * 400 + "-a"),
    ],
)  # fmt: skip
async def test_a_question_that_cannot_be_answered_names_the_parameter(desk: Desk, name: str, value: str) -> None:
    problem = await desk.get("/v1/stories", **{name: value})
    assert (problem["status"], problem["type"]) == (400, f"urn:vestka:problem:{name}")
    assert f"'{name}'" in problem["detail"]
