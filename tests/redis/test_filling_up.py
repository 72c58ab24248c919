"""What fills up is an alarm before it is full, and a full house takes nothing more from guests."""

from __future__ import annotations

import msgspec
import pytest
from redis.asyncio import Redis

from services.contract import INGEST_GROUP, ITEMS_STREAM
from services.ingest.filling_up import LETTERS, MEMORY, CapacityCheck, filling
from services.operations.alarms import Alarms
from services.runtime.dead_letters import DEAD_STREAM, DeadLetter, DeadLetters
from services.runtime.memory import Memory, memory_of
from services.runtime.metrics import Metrics
from services.runtime.streams import ensure_group, entries_between
from tests.partner_routes import Gates, asking

NOW = 1_735_380_900.0


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def alarms(redis: Redis, metrics: Metrics) -> Alarms:
    return Alarms(redis, metrics, lambda: NOW)


@pytest.fixture
def capacity(redis: Redis, alarms: Alarms, metrics: Metrics) -> CapacityCheck:
    return CapacityCheck(redis, alarms, metrics, most_letters=100)


async def sounding(alarms: Alarms) -> set[str]:
    return {alarm.kind for alarm in await alarms.list()}


def letter(kind: str, number: int) -> DeadLetter:
    return msgspec.convert({"kind": kind, "reason": f"r{number}", "at": "2024-12-28T10:00:00Z"}, DeadLetter)


@pytest.mark.parametrize(
    ("used", "most", "kinds"), [(79, 100, []), (80, 100, [MEMORY]), (120, 100, [MEMORY]), (9, 0, [])]
)
def test_memory_is_an_alarm_at_four_fifths_of_a_limit(used: int, most: int, kinds: list[str]) -> None:
    assert [found.kind for found in filling(Memory(used, most), {}, 100)] == kinds


async def test_a_server_that_fills_up_sounds_and_falls_silent_when_there_is_room_again(
    redis: Redis, capacity: CapacityCheck, alarms: Alarms, metrics: Metrics
) -> None:
    used = (await memory_of(redis)).used
    await redis.config_set("maxmemory", str(int(used / 0.85)))
    try:
        await capacity.run(NOW)
        assert await sounding(alarms) == {MEMORY}
        assert not capacity.full
        assert metrics.registry.get_sample_value("vestka_redis_memory_bytes", {"kind": "limit"}) == int(used / 0.85)
        await redis.config_set("maxmemory", str(int((await memory_of(redis)).used / 0.95)))
        await capacity.run(NOW)
        assert capacity.full
    finally:
        await redis.config_set("maxmemory", str(2**30))
    await capacity.run(NOW)
    assert await sounding(alarms) == set()
    assert not capacity.full


async def test_where_memory_is_short_what_was_read_goes_and_what_is_unread_stays(
    redis: Redis, capacity: CapacityCheck
) -> None:
    for number in range(10):
        await redis.xadd(ITEMS_STREAM, {"n": str(number)}, id=f"{number + 1}-0")
    await ensure_group(redis, ITEMS_STREAM, INGEST_GROUP)
    await redis.xreadgroup(INGEST_GROUP, "one", {ITEMS_STREAM: ">"}, count=4)
    await redis.xack(ITEMS_STREAM, INGEST_GROUP, "1-0", "2-0")
    await capacity.run(NOW)
    assert await redis.xlen(ITEMS_STREAM) == 10
    await redis.config_set("maxmemory", str(int((await memory_of(redis)).used / 0.9)))
    try:
        await capacity.run(NOW)
    finally:
        await redis.config_set("maxmemory", str(2**30))
    assert (await entries_between(redis, ITEMS_STREAM))[0].id == "3-0"


async def test_a_full_house_takes_nothing_from_a_partner_and_says_when_to_come_again(redis: Redis) -> None:
    gates = Gates(full=True)
    door = gates.partners(redis, burst=1)
    async with asking(door) as client:
        await client.post("/v1/reports", json={"text": "A text.", "source": "s"})
        refused = await client.post("/v1/reports", json={"text": "A text.", "source": "s"})
        gates.full = False
        accepted = await client.post("/v1/reports", json={"text": "A text.", "source": "s"})
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:vestka:problem:memory")
    assert refused.headers["retry-after"] == "300"
    assert accepted.status_code == 202
    assert gates.refused("reports", "memory") == 2


async def test_of_too_many_dead_letters_the_oldest_go_and_the_counts_stay_right(
    redis: Redis, capacity: CapacityCheck, alarms: Alarms, metrics: Metrics
) -> None:
    letters = DeadLetters(redis)
    for number in range(150):
        await letters.bury(letter("poison" if number % 3 else "undeliverable", number))
    await capacity.run(NOW)
    kept = await letters.all()
    assert [one.letter.reason for one in kept] == [f"r{number}" for number in range(50, 150)]
    counted = {kind: sum(one.letter.kind == kind for one in kept) for kind in ("poison", "undeliverable", "unsure")}
    assert await letters.counts() == counted
    dropped = [
        metrics.registry.get_sample_value("vestka_dead_letters_dropped_total", {"kind": kind})
        for kind in ("poison", "undeliverable")
    ]
    assert dropped == [33, 17]
    assert await sounding(alarms) == {LETTERS}

    for one in kept[:40]:
        await letters.drop(one)
    await capacity.run(NOW)
    assert await sounding(alarms) == set()
    assert sum((await letters.counts()).values()) == 60


async def test_a_flood_of_letters_is_dropped_in_one_look(redis: Redis, capacity: CapacityCheck) -> None:
    async with redis.pipeline(transaction=False) as pipe:
        for number in range(2_345):
            pipe.xadd(DEAD_STREAM, {"letter": letter("poison", number).encode()})
        await pipe.execute()
    await redis.hset("vestka:dead:counts", "poison", "2345")
    await capacity.run(NOW)
    assert await redis.xlen(DEAD_STREAM) == 100
    assert await DeadLetters(redis).counts() == {"poison": 100, "undeliverable": 0, "unsure": 0}


async def test_a_letter_that_nobody_can_read_goes_with_the_others(redis: Redis) -> None:
    letters = DeadLetters(redis)
    for text in ("{not json", "5", "null", '{"kind": 7}'):
        await redis.xadd(DEAD_STREAM, {"letter": text})
    await letters.bury(letter("poison", 1))
    assert await letters.keep_newest(1) == {"unreadable": 4}
    assert await letters.counts() == {"poison": 1, "undeliverable": 0, "unsure": 0}
