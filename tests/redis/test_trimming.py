"""Streams are trimmed by age, and never past what somebody has not finished with."""

from __future__ import annotations

from redis.asyncio import Redis

from services.runtime.streams import ensure_group, entries_between, trim
from tests.redis.readers import GROUP, STREAM, put


async def test_trimming_never_drops_what_is_unread_or_unfinished(redis: Redis) -> None:
    await put(redis, *range(10))
    await ensure_group(redis, STREAM, GROUP)
    assert await trim(redis, STREAM, older_than=0, now=2e9) == 0
    await redis.xreadgroup(GROUP, "one", {STREAM: ">"}, count=6)
    read = [entry.id for entry in await entries_between(redis, STREAM, count=6)]
    await redis.xack(STREAM, GROUP, *read[:3])
    assert await trim(redis, STREAM, older_than=0, now=2e9) == 3
    assert await redis.xlen(STREAM) == 7
    await redis.xack(STREAM, GROUP, *read[3:])
    await trim(redis, STREAM, older_than=0, now=2e9)
    assert [entry.fields["n"] for entry in await entries_between(redis, STREAM)][-4:] == ["6", "7", "8", "9"]


async def test_trimming_leaves_what_the_slowest_group_has_not_read(redis: Redis) -> None:
    await put(redis, *range(4))
    for group in ("fast", "slow"):
        await ensure_group(redis, STREAM, group)
    await redis.xreadgroup("fast", "one", {STREAM: ">"}, noack=True)
    assert await trim(redis, STREAM, older_than=0, now=2e9) == 0


async def test_trimming_leaves_what_is_young(redis: Redis) -> None:
    for moment in (1_000, 2_000_000):
        await redis.xadd(STREAM, {"n": str(moment)}, id=f"{moment}-0")
    await ensure_group(redis, STREAM, GROUP)
    await redis.xreadgroup(GROUP, "one", {STREAM: ">"}, noack=True)
    assert await trim(redis, STREAM, older_than=600, now=2_100.0) == 1
    assert [entry.fields["n"] for entry in await entries_between(redis, STREAM)] == ["2000000"]
