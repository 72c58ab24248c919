"""Entries of the events stream that nobody of ours writes: buried at the door, and what stands behind them goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, encode_event
from services.contract_bounds import MOST_REVISIONS
from tests.redis.house import House
from tests.redis.samples import arrest, pardon, put_event

PLAIN: dict[str, Any] = json.loads(encode_event(pardon()))


def _with(data: dict[str, Any] | None = None, **whole: Any) -> str:
    return json.dumps({**PLAIN, **whole, "data": {**PLAIN["data"], **(data or {})}})


BROKEN = {
    "a revision no story has": _with({"revision": 50_000_000}),
    "a sequence below one": _with({"sequence": -1}),
    "a time in words": _with(time="yesterday"),
    "a day no calendar has": _with({"occurred_on": "2026-99-99"}),
    "an id that is a path": _with({"story_id": "../../x"}),
    "an id with a line break": _with(id="a\r\nX-Other: 1"),
    "lists within lists": '{"data":' + "[" * 50_000,
}


@pytest.mark.parametrize("name", BROKEN)
async def test_what_is_out_of_bounds_is_buried_and_the_next_event_reaches_readers(
    house: House, redis: Redis, name: str
) -> None:
    await house.subscribe()
    await redis.xadd(EVENTS_STREAM, {"id": "x", "type": "pardon.announced", "event": BROKEN[name]})
    await house.deliver(arrest())
    assert [letter.letter.reason for letter in await house.dead.all()] == ["undecodable"]
    assert [one.event.id for one in house.mail.taken] == [arrest().id]


async def test_a_foreign_event_whose_id_does_not_follow_from_its_story_is_buried(house: House, redis: Redis) -> None:
    """It would close the deliveries of the event whose id it takes."""
    await house.subscribe()
    await redis.xadd(EVENTS_STREAM, {"id": "x", "type": "pardon.announced", "event": _with(id=arrest().id)})
    await house.deliver(arrest())
    assert [letter.letter.reason for letter in await house.dead.all()] == ["undecodable"]
    assert [one.event.id for one in house.mail.taken] == [arrest().id]


async def test_how_much_is_asked_for_a_high_revision_depends_on_what_was_told_and_not_on_its_number(
    house: House, redis: Redis
) -> None:
    await house.subscribe()
    await house.deliver(pardon())
    before = await _asked(redis)
    await house.deliver(pardon(revision=MOST_REVISIONS))
    asked = await _asked(redis) - before
    assert len(house.mail.taken) == 2
    assert asked < 20


async def _asked(redis: Redis) -> int:
    counted: Any = await redis.info("commandstats")
    return sum(int(counted.get(f"cmdstat_{name}", {}).get("calls", 0)) for name in ("hmget", "hgetall"))


async def test_revisions_of_before_they_were_listed_are_taken_to_have_been_told(house: House, redis: Redis) -> None:
    await house.subscribe()
    await house.deliver(pardon())
    await redis.delete(f"vestka:story-revisions:{pardon().data.story_id}")
    await put_event(redis, pardon(revision=2))
    assert await house.revisions.before(pardon(revision=2).data) == [1]
    await house.deliver()
    assert await house.revisions.before(pardon(revision=3).data) == [1, 2]
