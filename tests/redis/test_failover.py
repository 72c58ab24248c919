"""Redis found by sentinels: a new master is gone to by itself, and what the replica had is not lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError
from redis.exceptions import ConnectionError as RedisConnectionError
from typer.testing import CliRunner

from services.cli import build_app
from services.notify.app import build_notify
from services.runtime.clock import rfc3339
from services.runtime.connections import CONNECTIONS, open_redis, until_written
from services.runtime.heartbeat import heartbeat_key
from services.runtime.redis_away import says_redis_is_away
from services.runtime.sentinels import NoMaster, Sentinels
from tests.redis.running import a_partner, running
from tests.redis.samples import pardon, put_event
from tests.redis.waiting import eventually
from tests.redis.watched_pair import PASSWORD, SENTINELS_OWN, WatchedPair, a_watched_pair

LATER = rfc3339(4e9)
"""After the subscriber of the file came, whenever the test runs."""


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[WatchedPair]:
    async with a_watched_pair(tmp_path) as pair:
        yield pair


@pytest.fixture
async def found(pair: WatchedPair) -> AsyncIterator[Redis]:
    client = open_redis(pair.url)
    yield client
    await client.aclose()


@pytest.mark.parametrize("how", ["the master is lost", "both live on"])
async def test_who_subscribed_hears_of_what_is_published_after_a_failover(
    pair: WatchedPair, found: Redis, tmp_path: Path, how: str
) -> None:
    before, after = pardon(time=LATER), pardon("pardon-20250101-cccccc", time=LATER)
    async with a_partner(tmp_path) as partner:
        service = await build_notify(partner.settings(), pair.url)
        async with running(service):
            await eventually(lambda: found.exists(heartbeat_key("notify")))
            await put_event(found, before)
            await eventually(lambda: before.id in partner.heard_of())
            await (pair.kill_the_master() if how == "the master is lost" else pair.order_a_failover())
            await asyncio.wait_for(until_written(lambda: put_event(found, after)), 45)
            await eventually(lambda: after.id in partner.heard_of(), within=60)
    assert partner.heard_of() == [before.id, after.id], "each once"
    async with pair.at(pair.second) as successor:
        assert (await successor.info("replication"))["role"] == "master"


async def test_what_the_replica_had_is_still_there(pair: WatchedPair, found: Redis) -> None:
    for number in range(200):
        await found.rpush("sample", number)
    await pair.kill_the_master()
    await asyncio.wait_for(until_written(lambda: found.set("sample:later", "1")), 45)
    assert await found.lrange("sample", 0, -1) == [str(number) for number in range(200)]


async def test_a_connection_to_a_master_that_became_a_replica_goes_to_its_successor(
    pair: WatchedPair, found: Redis
) -> None:
    await found.set("sample", "before")
    connection: Any = await found.connection_pool.get_connection()  # type: ignore[no-untyped-call]
    await found.connection_pool.release(connection)
    assert connection.port == pair.first
    await pair.order_a_failover()
    await asyncio.wait_for(until_written(lambda: found.set("sample", "after")), 45)
    async with found.pipeline(transaction=True) as both:
        both.set("sample:more", "1")
        both.get("sample")
        assert await both.execute() == [True, "after"]
    assert connection.port == pair.second


async def test_neither_a_connection_that_stayed_nor_a_sentinel_that_is_late_keeps_us_at_the_old_master(
    monkeypatch: pytest.MonkeyPatch, pair: WatchedPair, found: Redis
) -> None:
    asked: list[int] = []

    async def says(_: Sentinels, host: tuple[str, int]) -> tuple[str, int]:
        asked.append(host[1])
        return "127.0.0.1", pair.first if host[1] == pair.sentinel else pair.second

    await found.set("sample", "before")
    await pair.change_places()
    monkeypatch.setattr(Sentinels, "asked", says)
    await found.set("sample", "after")
    assert asked[0] == pair.sentinel, "it answered before, so it is asked first, and is late"
    assert await found.get("sample") == "after"
    async with pair.at(pair.second) as successor:
        assert await successor.get("sample") == "after"


async def test_no_more_connections_are_opened_than_before(pair: WatchedPair, found: Redis) -> None:
    await asyncio.gather(*(found.set(f"sample:{number}", "1") for number in range(4 * CONNECTIONS)))
    async with pair.at(pair.first) as master, Redis(port=pair.sentinel, password=SENTINELS_OWN) as sentinel:
        ours = [one for one in await master.client_list() if one["cmd"] == "set"]
        asking = [one for one in await sentinel.client_list() if "get-master-addr" in one["cmd"]]
    assert 0 < len(ours) <= CONNECTIONS
    assert asking == []


@pytest.mark.parametrize(
    ("right", "wrong", "error", "waits"),
    [
        (f":{PASSWORD}@", ":wr0ng@", AuthenticationError, False),
        (SENTINELS_OWN, "wr0ng", AuthenticationError, False),
        ("/main/", "/other/", NoMaster, True),
    ],
)
async def test_who_is_not_let_in_is_told_so_without_a_secret(
    pair: WatchedPair, right: str, wrong: str, error: type[Exception], waits: bool
) -> None:
    client = open_redis(pair.url.replace(right, wrong))
    with pytest.raises(RedisConnectionError) as raised:
        await client.ping()
    await client.aclose()
    assert isinstance(raised.value, error)
    assert says_redis_is_away(raised.value) is waits
    assert "wr0ng" not in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_the_commands_go_the_same_way_and_doctor_tells_of_a_silent_sentinel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pair = WatchedPair(tmp_path)
    try:
        asyncio.run(pair.begin())
        monkeypatch.setenv("REDIS_URL", pair.url)
        answer = CliRunner().invoke(build_app(), ["doctor", "--output", "json"])
    finally:
        pair.end()
    checks = {row["check"]: row for row in json.loads(answer.stdout)}
    assert checks["redis"]["result"] == "ok"
    assert checks["sentinels"]["result"] == "note"
    assert "1 of 2" in checks["sentinels"]["what to do"]
    assert "s3cret" not in answer.output
