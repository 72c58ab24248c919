"""Guarantees 1, 4 and 5: what is down is waited for, and what hangs delays nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.contract import EVENTS_STREAM
from services.demo.inbox import Inbox
from services.demo.sample_article import arrest, pardon, pardon_update
from services.runtime.embedded_redis import EmbeddedRedis
from tests.road import Road, eventually


@asynccontextmanager
async def endpoint_that_hangs() -> AsyncIterator[tuple[str, list[bytes]]]:
    """Takes every request and answers none."""
    taken: list[bytes] = []
    open_connections: set[asyncio.StreamWriter] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_connections.add(writer)
        taken.append(await reader.read(1 << 16))

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook", taken
    finally:
        server.close()
        for writer in open_connections:
            writer.close()
        await server.wait_closed()


async def test_an_endpoint_that_never_answers_delays_no_other(road: Road) -> None:
    async with endpoint_that_hangs() as (url, taken):
        road.environment["VESTKA_CHANNELS__WEBHOOK__DEADLINE"] = "600"
        road.environment["VESTKA_WORKERS"] = "2"
        await road.subscribe("webhook", url)
        await road.subscribe("webhook", road.stage.webhooks.url)
        await road.start("ingest", "notify")
        for count, article in enumerate((pardon(), pardon_update(), arrest()), start=1):
            await road.hand_in(article)  # one after another: an update that comes soon takes the first one's place
            await eventually(lambda count=count: len(road.stage.webhooks.calls) == count, "the healthy one has it")  # type: ignore[misc]
        assert taken, "the other endpoint was tried as well"
        await road.kill("notify")


async def test_an_event_published_while_notify_is_down_is_delivered_when_it_returns(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest")
    await road.hand_in(pardon())
    await road.start("notify")
    await eventually(lambda: len(road.stage.inbox.messages) == 1, "the alert")


async def test_a_mail_server_that_was_down_gets_the_letter_when_it_returns(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    port = road.stage.inbox.port
    await road.stage.inbox.stop()
    await road.start("ingest", "notify")
    await road.hand_in(pardon())

    async def waiting() -> None:
        while not await road.redis.zcard("vestka:retries:email"):
            await asyncio.sleep(0.05)

    await asyncio.wait_for(waiting(), 20)
    returned = Inbox(port=port)
    await returned.start()
    try:
        await eventually(lambda: len(returned.messages) == 1, "the letter")
    finally:
        await returned.stop()


async def test_both_services_go_on_by_themselves_after_redis_was_killed_and_came_back(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest", "notify")
    await road.hand_in(pardon())
    await eventually(lambda: len(road.stage.inbox.messages) == 1, "the alert")
    await asyncio.to_thread(road.embedded.stop)
    await asyncio.sleep(0)
    road.embedded = EmbeddedRedis(road.embedded.folder)
    await asyncio.to_thread(road.embedded.start)
    try:
        await road.hand_in(pardon_update())
        await eventually(lambda: len(road.stage.inbox.messages) == 2, "the revision")
        assert len(await road.events()) == 2
    finally:
        await road.stop()
        road.processes.clear()
        await asyncio.to_thread(road.embedded.stop)


async def test_an_entry_that_is_no_event_is_buried_and_the_next_one_goes_out(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest", "notify")
    await road.redis.xadd(EVENTS_STREAM, {"event": "{not an event"})
    await road.redis.xadd(EVENTS_STREAM, {b"\xff": b"\xfe"})
    await road.hand_in(pardon())
    await eventually(lambda: len(road.stage.inbox.messages) == 1, "the alert")
    async with asyncio.timeout(20):
        while await road.redis.xlen("vestka:dead") < 2:
            await asyncio.sleep(0.05)


async def test_a_service_whose_redis_refuses_writes_ends_and_goes_on_once_it_takes_them(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest", "notify")
    await road.redis.config_set("min-replicas-to-write", 1)
    assert await asyncio.wait_for(road.processes.pop("notify").wait(), 30) != 0
    assert await asyncio.wait_for(road.processes.pop("ingest").wait(), 30) != 0
    assert "Redis refuses writes (NOREPLICAS)" in road.log.read_text()
    await road.redis.config_set("min-replicas-to-write", 0)
    await road.start("ingest", "notify")
    await road.hand_in(pardon())
    await eventually(lambda: len(road.stage.inbox.messages) == 1, "the alert")
