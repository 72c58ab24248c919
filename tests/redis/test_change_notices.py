"""A stop is acknowledged when nobody can still send by what was before it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis

from services.subscribers.change_notices import SENDERS, THERE_FOR, ChangesHeard, announce


@dataclass
class Ticks:
    at: float = 100.0

    def __call__(self) -> float:
        return self.at


async def test_what_was_read_before_a_change_does_not_stand_after_it(redis: Redis) -> None:
    clock = Ticks()
    heard = ChangesHeard(redis, clock)
    await heard.open()
    try:
        clock.at += 1
        read_at = heard.now()
        clock.at += 1
        assert heard.still_stands(7, read_at)
        await announce(redis, [7, 8])
        assert heard.still_stands(7, read_at) is False
        assert heard.still_stands(9, read_at) is True
        clock.at += 0.5
        assert heard.still_stands(7, heard.now()) is True, "what is read anew stands"
    finally:
        await heard.close()


async def test_all_who_send_have_heard_when_it_is_acknowledged(redis: Redis) -> None:
    senders = [ChangesHeard(redis) for _ in range(4)]
    for one in senders:
        await one.open()
    try:
        read_at = [one.now() for one in senders]
        await asyncio.sleep(0)
        await announce(redis, [7])
        assert [one.still_stands(7, at) for one, at in zip(senders, read_at, strict=True)] == [False] * 4
    finally:
        for one in senders:
            await one.close()


async def test_hundreds_who_stop_at_once_are_told_of_together(redis: Redis) -> None:
    """Each for itself, they would take all connections, and nobody could say that it heard."""
    heard = ChangesHeard(redis)
    await heard.open()
    try:
        read_at = heard.now()
        await asyncio.gather(*(announce(redis, [number]) for number in range(500)))
        assert [heard.still_stands(number, read_at) for number in range(501)] == [False] * 500 + [True]
        rounds = [key async for key in redis.scan_iter("vestka:changes:heard:*")]
        assert len(rounds) < 10
    finally:
        await heard.close()


async def test_who_has_not_said_that_it_is_there_sends_nothing_and_begins_anew(redis: Redis) -> None:
    clock = Ticks()
    heard = ChangesHeard(redis, clock)
    assert heard.still_stands(7, heard.now()) is None, "before it was opened"
    await heard.open()
    try:
        clock.at += 1
        read_at = heard.now()
        clock.at += THERE_FOR
        assert heard.still_stands(7, read_at) is None, "it stood still for too long"
        await heard.say()
        assert heard.still_stands(7, read_at) is None, "a change may have passed it by"
        clock.at += 0.1
        assert heard.still_stands(7, heard.now()) is True
    finally:
        await heard.close()
    assert heard.still_stands(7, heard.now()) is None, "after it was closed"


async def test_nobody_waits_for_whoever_is_gone(redis: Redis) -> None:
    await announce(redis, [7])
    gone = ChangesHeard(redis)
    await gone.open()
    await gone.close()
    await announce(redis, [7])
    assert await redis.zcard(SENDERS) == 0


async def test_who_died_is_waited_for_as_long_as_it_could_still_send(redis: Redis) -> None:
    seconds, _ = await redis.time()
    await redis.zadd(SENDERS, {"one that died": (int(seconds) + 2) * 1000})
    async with asyncio.timeout(30):
        await announce(redis, [7])
    assert await redis.zcard(SENDERS) == 0


async def test_nothing_of_a_change_is_kept(redis: Redis) -> None:
    heard = ChangesHeard(redis)
    await heard.open()
    try:
        await announce(redis, [4815162342])
        async for key in redis.scan_iter("vestka:changes*"):
            assert await redis.ttl(key) > 0
            assert "4815162342" not in str(await redis.lrange(key, 0, -1))
    finally:
        await heard.close()
