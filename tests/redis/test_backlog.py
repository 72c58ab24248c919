"""An entry that is not finished makes its service not ready, says why, and counts as poison in the end."""

from __future__ import annotations

import asyncio

import httpx
from faststream.redis import RedisBroker
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, NOTIFY_GROUP
from services.notify.topology import ensure_groups
from services.runtime.backlog import Backlog, Waiting, too_old, waiting
from services.runtime.deadline import within
from services.runtime.http.web import common_routes, web_app
from services.runtime.metrics import Metrics
from services.runtime.streams import Entry
from tests.redis.readers import Hands, pending, put, reading
from tests.redis.samples import pardon, put_event
from tests.redis.waiting import eventually

LONG_AGO = "1000-0"  # one second after 1970


async def ready(redis: Redis) -> httpx.Response:
    async def nothing() -> None:
        await redis.ping()

    backlog = Backlog(((EVENTS_STREAM, NOTIFY_GROUP),), 120.0)
    app = web_app(common_routes(redis, Metrics(), RedisBroker(), "Sample", nothing, backlog))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notify.example.org") as client:
        return await client.get("/readyz")


async def test_an_old_entry_that_is_unread_or_unfinished_makes_a_service_not_ready_and_is_named(redis: Redis) -> None:
    await ensure_groups(redis, [])
    assert (await ready(redis)).status_code == 200
    await put_event(redis, pardon(), at=LONG_AGO)
    unread = await ready(redis)
    await redis.xreadgroup(NOTIFY_GROUP, "dead", {EVENTS_STREAM: ">"})
    unfinished = await ready(redis)
    for answer in (unread, unfinished):
        assert (answer.status_code, EVENTS_STREAM in answer.json()["detail"]) == (503, True)
        assert "VESTKA_STUCK_AFTER" in answer.json()["detail"]
    await redis.xack(EVENTS_STREAM, NOTIFY_GROUP, LONG_AGO)
    assert (await ready(redis)).status_code == 200


async def test_a_young_entry_is_no_trouble(redis: Redis) -> None:
    await ensure_groups(redis, [])
    await put_event(redis, pardon())
    assert (await ready(redis)).status_code == 200


async def test_a_stream_that_is_not_there_has_nothing_waiting(redis: Redis) -> None:
    assert await waiting(redis, EVENTS_STREAM, NOTIFY_GROUP) == Waiting(EVENTS_STREAM, 0.0)


def test_only_what_is_older_than_the_limit_is_told_of() -> None:
    found = too_old([Waiting("vestka:a", 121.0), Waiting("vestka:b", 120.0)], 120.0)
    assert [one.about for one in found] == ["vestka:a"]


async def test_an_entry_that_takes_too_long_is_poison_in_the_end_and_holds_up_nothing(
    redis: Redis, redis_url: str
) -> None:
    async def hangs(entry: Entry) -> None:
        if entry.fields["n"] == "hangs":
            await asyncio.Event().wait()

    hands = Hands(within(0.05, hangs))
    async with reading(redis_url, hands.consumer(most_deliveries=2, idle=0.3)):
        await put(redis, "hangs", "good")
        await eventually(lambda: hands.buried and "good" in hands.done)
        await eventually(lambda: _nothing_pending(redis))
    assert [number for number, _ in hands.buried] == ["hangs"]


async def _nothing_pending(redis: Redis) -> bool:
    return await pending(redis) == 0
