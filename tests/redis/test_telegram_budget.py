"""One pace for all notifiers, on the server's clock: what is looked at is where the places lie, not when they came."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from redis.asyncio import Redis

from services.notify.throttle.send_rate import Later, PlaceInLine, Rates
from services.notify.throttle.shared_send_rate import SharedSendRateLimit, told_to_wait
from services.runtime.streams import open_redis

RATES = Rates()
NEXT = "vestka:pace:telegram"


async def places(redis: Redis, paces: list[SharedSendRateLimit], count: int) -> list[float]:
    """Where the places lie that are taken in turn, in ms."""
    taken = []
    for number in range(count):
        await paces[number % len(paces)].take(number, group=False, patience=60)
        taken.append(float(await redis.get(NEXT) or 0))
    return taken


async def test_two_notifiers_share_one_budget_and_its_places_are_evenly_spaced(redis: Redis, redis_url: str) -> None:
    other = open_redis(redis_url)
    taken = await places(redis, [SharedSendRateLimit(RATES, redis), SharedSendRateLimit(RATES, other)], 120)
    assert min(later - earlier for earlier, later in pairwise(taken)) >= RATES.spacing * 1000 - 0.01
    await other.aclose()


async def test_a_place_that_nobody_used_is_not_kept_for_later(redis: Redis) -> None:
    rate_limit = SharedSendRateLimit(RATES, redis)
    await rate_limit.take(1, group=False, patience=60)
    await redis.set(NEXT, "1000.000")
    assert await rate_limit.take(2, group=False, patience=60) == 0.0
    assert await rate_limit.take(3, group=False, patience=60) > 0


async def test_who_asks_at_the_same_moment_gets_a_block_of_places_in_one_call(redis: Redis) -> None:
    rate_limit = SharedSendRateLimit(RATES, redis)
    await rate_limit.take(100, group=False, patience=60)
    calls = await _script_calls(redis)
    waits = await asyncio.gather(*(rate_limit.take(number, group=False, patience=60) for number in range(20)))
    assert await _script_calls(redis) - calls == 1
    assert [later - earlier for earlier, later in pairwise(waits)] == pytest.approx([RATES.spacing] * 19, abs=0.0011)
    assert [place.turn for place in waits] == list(range(1, 21))


async def test_in_a_block_whoever_cannot_have_a_place_takes_none_from_the_others(redis: Redis) -> None:
    rate_limit = SharedSendRateLimit(RATES, redis)
    await rate_limit.take(7, group=False, patience=60)
    first, busy, second = await asyncio.gather(
        *(rate_limit.take(number, group=False, patience=60) for number in (1, 7, 2)), return_exceptions=True
    )
    assert isinstance(busy, Later)
    assert isinstance(first, PlaceInLine)
    assert isinstance(second, PlaceInLine)
    assert second - first == pytest.approx(RATES.spacing, abs=0.0011)


async def test_a_place_comes_a_second_after_the_thirtieth_before_it_arrived(redis: Redis, redis_url: str) -> None:
    other = open_redis(redis_url)
    one, two = SharedSendRateLimit(RATES, redis), SharedSendRateLimit(RATES, other)
    first = await one.take(0, group=False, patience=60)
    begin = await _last_place(redis)
    for number in range(1, 30):
        await two.take(number, group=False, patience=60)
    thirtieth = await _last_place(redis)
    await one.was_late(first, 0.1)
    await two.take(30, group=False, patience=60)
    assert await _last_place(redis) == pytest.approx(begin + 100 + RATES.period * 1000, abs=0.01)
    for number in range(31, 60):
        await two.take(number, group=False, patience=60)
    caught_up, (seconds, micros) = begin + 59 * RATES.spacing * 1000, await redis.time()
    slow = max(seconds * 1000 + micros / 1000, thirtieth + RATES.period * 1000)
    late = max(caught_up, slow)  # than which no place is, however slow this machine
    assert caught_up - 0.1 <= await _last_place(redis) <= late + 0.1, "they catch up"
    await other.aclose()


async def _last_place(redis: Redis) -> float:
    return float(await redis.hget(f"{NEXT}:places", "last") or 0)


async def _script_calls(redis: Redis) -> int:
    stats = await redis.info("commandstats")
    return sum(int(stats.get(f"cmdstat_{name}", {"calls": 0})["calls"]) for name in ("evalsha", "eval"))


async def test_who_cannot_wait_that_long_takes_no_place(redis: Redis) -> None:
    rate_limit = SharedSendRateLimit(RATES, redis)
    await places(redis, [rate_limit], 100)
    before = await redis.get(NEXT)
    with pytest.raises(Later) as caught:
        await rate_limit.take(1000, group=False, patience=0.01)
    assert 0 < caught.value.seconds <= 100 * RATES.spacing
    assert await redis.get(NEXT) == before


async def test_a_chat_that_was_written_to_waits_and_no_other_does(redis: Redis) -> None:
    rate_limit = SharedSendRateLimit(RATES, redis)
    await rate_limit.take(7, group=False, patience=60)
    with pytest.raises(Later):
        await rate_limit.take(7, group=False, patience=60)
    assert 0.5 < await rate_limit.wait_for(7, group=False) <= RATES.chat_spacing
    assert await rate_limit.wait_for(8, group=False) == 0


async def test_a_group_that_had_its_twenty_waits_for_the_minute_to_pass(redis: Redis) -> None:
    rate_limit = SharedSendRateLimit(RATES, redis)
    for _ in range(20):
        await redis.delete("vestka:pace:telegram:7")
        await rate_limit.take(7, group=True, patience=60)
    await redis.delete("vestka:pace:telegram:7")
    assert 30 < await rate_limit.wait_for(7, group=True) <= RATES.group_period + 1
    assert await rate_limit.wait_for(7, group=False) == 0


async def test_a_chat_that_asked_for_silence_is_left_alone_by_every_notifier(redis: Redis) -> None:
    await SharedSendRateLimit(RATES, redis).pause(7, 3600)
    await SharedSendRateLimit(RATES, redis).pause(7, 5)
    other = SharedSendRateLimit(RATES, redis)
    assert 3500 < await other.wait_for(7, group=False) <= 3600
    assert await other.wait_for(8, group=False) == 0


async def test_a_silence_for_all_is_kept_by_every_notifier(redis: Redis) -> None:
    await SharedSendRateLimit(RATES, redis).hold(30)
    await SharedSendRateLimit(RATES, redis).hold(5)
    with pytest.raises(Later) as caught:
        await SharedSendRateLimit(RATES, redis).take(8, group=False, patience=10)
    assert 25 < caught.value.seconds <= 30.1


async def test_all_that_is_kept_comes_to_an_end_and_names_no_chat(redis: Redis) -> None:
    rate_limit = SharedSendRateLimit(RATES, redis)
    await rate_limit.take(7, group=True, patience=60)
    await rate_limit.pause(7, 10)
    await rate_limit.hold(10)
    async for key in redis.scan_iter("vestka:pace:*"):
        assert await redis.pttl(key) > 0


async def test_chats_that_have_to_wait_for_long_are_counted(redis: Redis) -> None:
    rate_limit = SharedSendRateLimit(RATES, redis)
    await rate_limit.take(1, group=True, patience=60)
    await rate_limit.pause(2, 30)
    await rate_limit.pause(3, 3600)
    await rate_limit.hold(3600)
    assert await told_to_wait(redis) == 1
