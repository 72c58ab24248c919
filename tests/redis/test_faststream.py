"""FastStream 0.7.8 on Redis Streams: what it loses, leaves lying or takes too much of, we do not."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from anyio.to_thread import current_default_thread_limiter
from redis.asyncio import Redis

from services.runtime.streams import Entry, ensure_group
from tests.redis.readers import GROUP, STREAM, Hands, pending, put, reading, take_and_die
from tests.redis.waiting import eventually

SERVICES = Path(__file__).parents[2] / "services"


async def test_what_was_published_before_any_reader_ever_started_is_read(redis: Redis, redis_url: str) -> None:
    await put(redis, 1, 2)
    hands = Hands()
    async with reading(redis_url, hands.consumer()):
        await eventually(lambda: hands.done == ["1", "2"])


async def test_a_reader_that_starts_again_reads_on_and_not_from_the_start(redis: Redis, redis_url: str) -> None:
    first, second = Hands(), Hands()
    await put(redis, 1)
    async with reading(redis_url, first.consumer()):
        await eventually(lambda: first.done == ["1"])
        await eventually(lambda: _is_acknowledged(redis))
    await put(redis, 2)
    async with reading(redis_url, second.consumer()):
        await eventually(lambda: second.done == ["2"])
    assert second.begun == ["2"]


async def _is_acknowledged(redis: Redis) -> bool:
    return await pending(redis) == 0


@pytest.mark.parametrize("together", [1, 4])
async def test_an_entry_is_handled_without_asking_a_thread(redis: Redis, redis_url: str, together: int) -> None:
    threads, hands = current_default_thread_limiter(), Hands()
    for _ in range(int(threads.available_tokens)):
        threads.acquire_on_behalf_of_nowait(object())
    async with reading(redis_url, hands.consumer(together=together), reclaims=False):
        await put(redis, 1)
        await eventually(lambda: hands.done == ["1"])


async def test_creating_a_group_again_keeps_its_place(redis: Redis) -> None:
    await put(redis, 1)
    await take_and_die(redis)
    await ensure_group(redis, STREAM, GROUP)
    assert await pending(redis) == 1


async def test_an_entry_whose_handler_raised_comes_back_and_is_acknowledged_after_success(
    redis: Redis, redis_url: str
) -> None:
    async def fails_once(entry: Entry) -> None:
        if hands.begun.count("1") == 1:
            raise RuntimeError("we failed")

    hands = Hands(fails_once)
    async with reading(redis_url, hands.consumer()):
        await put(redis, 1)
        await eventually(lambda: hands.done == ["1"])
        await eventually(lambda: _is_acknowledged(redis))
    assert hands.begun == ["1", "1"]
    assert hands.buried == []


async def test_without_the_reclaimer_a_failed_entry_would_lie_for_ever(redis: Redis, redis_url: str) -> None:
    """FastStream alone: this is why the reclaimer exists. Should it fail one day, the reclaimer may go."""

    async def fails(entry: Entry) -> None:
        if entry.fields["n"] == "1":
            raise RuntimeError("we failed")

    hands = Hands(fails)
    async with reading(redis_url, hands.consumer(), reclaims=False):
        await put(redis, 1, 2)
        await eventually(lambda: hands.done == ["2"])
    again = Hands()
    async with reading(redis_url, again.consumer(), reclaims=False):
        await put(redis, 3)
        await eventually(lambda: again.done == ["3"])
    assert await pending(redis) == 1


async def test_what_a_killed_consumer_left_pending_is_taken_over(redis: Redis, redis_url: str) -> None:
    await put(redis, 1, 2, 3)
    await take_and_die(redis)
    hands = Hands()
    async with reading(redis_url, hands.consumer()):
        await eventually(lambda: sorted(hands.done) == ["1", "2", "3"])
        await eventually(lambda: _is_acknowledged(redis))


async def test_more_than_a_page_left_pending_is_taken_over_at_once(redis: Redis, redis_url: str) -> None:
    await put(redis, *range(35))
    await take_and_die(redis)
    hands = Hands()
    async with reading(redis_url, hands.consumer()):
        await eventually(lambda: len(hands.done) == 35)
    assert sorted(hands.begun, key=int) == [str(number) for number in range(35)]


async def test_a_slow_handler_keeps_its_claim(redis: Redis, redis_url: str) -> None:
    finish = asyncio.Event()

    async def waits(entry: Entry) -> None:
        await finish.wait()

    slow, other = Hands(waits), Hands()
    await put(redis, 1)
    async with reading(redis_url, slow.consumer()):
        await eventually(lambda: slow.begun == ["1"])
        async with reading(redis_url, other.consumer("other")):
            # Two readers look twice in an idle time each: after twelve looks it is over three times.
            looked = await _times_called(redis, "xautoclaim")
            await eventually(
                lambda: _called_since(redis, "xautoclaim", looked + 12)
            )  # two look, twice an idle time each
            finish.set()
            await eventually(lambda: _is_acknowledged(redis))
    assert slow.done == ["1"]
    assert slow.begun + other.begun == ["1"]


async def _times_called(redis: Redis, command: str) -> int:
    counted: Any = await redis.info("commandstats")
    return int(counted.get(f"cmdstat_{command}", {}).get("calls", 0))


async def _called_since(redis: Redis, command: str, times: int) -> bool:
    return await _times_called(redis, command) >= times


async def test_what_waits_behind_a_slow_entry_is_done_by_another_reader(redis: Redis, redis_url: str) -> None:
    finish = asyncio.Event()

    async def waits(entry: Entry) -> None:
        await finish.wait()

    slow, other = Hands(waits), Hands()
    await put(redis, 1, 2)
    async with reading(redis_url, slow.consumer(), reclaims=False):
        await eventually(lambda: slow.begun == ["1"])
        async with reading(redis_url, other.consumer("other")):
            await eventually(lambda: other.done == ["2"])
            finish.set()


async def test_a_handler_that_fails_again_and_again_is_not_run_twice_at_once(redis: Redis, redis_url: str) -> None:
    inside: list[str] = []

    async def alone(entry: Entry) -> None:
        assert not inside
        inside.append(entry.id)
        await asyncio.sleep(0.6)  # longer than the idle time
        inside.clear()
        if len(hands.begun) < 3:
            raise RuntimeError("we failed")

    hands = Hands(alone)
    async with reading(redis_url, hands.consumer()):
        await put(redis, 1)
        await eventually(lambda: hands.done == ["1"])
    assert len(hands.begun) == 3


async def test_one_consumer_does_not_take_the_whole_backlog(redis: Redis, redis_url: str) -> None:
    finish = asyncio.Event()

    async def waits(entry: Entry) -> None:
        await finish.wait()

    busy, idle = Hands(waits), Hands()
    await put(redis, *range(60))
    async with reading(redis_url, busy.consumer("busy", idle=60.0)):
        await eventually(lambda: busy.begun)
        async with reading(redis_url, idle.consumer("idle", idle=60.0)):
            await eventually(lambda: len(idle.done) >= 40)
            finish.set()


@pytest.mark.parametrize("workers", [1, 4])
async def test_as_many_entries_as_there_are_workers_are_handled_at_once(
    redis: Redis, redis_url: str, workers: int
) -> None:
    finish = asyncio.Event()

    async def waits(entry: Entry) -> None:
        await finish.wait()

    hands = Hands(waits)
    await put(redis, *range(8))
    async with reading(redis_url, hands.consumer(workers=workers, idle=60.0)):
        await eventually(lambda: len(hands.begun) == workers)
        finish.set()
        await eventually(lambda: len(hands.done) == 8)


async def test_entries_taken_together_are_handled_side_by_side(redis: Redis, redis_url: str) -> None:
    finish = asyncio.Event()

    async def waits(entry: Entry) -> None:
        await finish.wait()

    hands = Hands(waits)
    await put(redis, *range(8))
    async with reading(redis_url, hands.consumer(together=4, idle=60.0)):
        await eventually(lambda: len(hands.begun) == 4)
        finish.set()
        await eventually(lambda: len(hands.done) == 8)
        await eventually(lambda: _is_acknowledged(redis))


async def test_of_entries_taken_together_only_the_one_that_failed_comes_back(redis: Redis, redis_url: str) -> None:
    async def fails_once(entry: Entry) -> None:
        if entry.fields["n"] == "2" and hands.begun.count("2") == 1:
            raise RuntimeError("we failed")

    hands = Hands(fails_once)
    await put(redis, 1, 2, 3)
    async with reading(redis_url, hands.consumer(together=8)):
        await eventually(lambda: sorted(hands.done) == ["1", "2", "3"])
        await eventually(lambda: _is_acknowledged(redis))
    assert sorted(hands.begun) == ["1", "2", "2", "3"]


async def test_a_slow_entry_among_others_keeps_the_claim_of_all(redis: Redis, redis_url: str) -> None:
    finish = asyncio.Event()

    async def waits_with_one(entry: Entry) -> None:
        if entry.fields["n"] == "1":
            await finish.wait()

    slow, other = Hands(waits_with_one), Hands()
    await put(redis, 1, 2)
    async with reading(redis_url, slow.consumer(together=8)):
        await eventually(lambda: slow.done == ["2"])
        async with reading(redis_url, other.consumer("other")):
            looked = await _times_called(redis, "xautoclaim")
            await eventually(lambda: _called_since(redis, "xautoclaim", looked + 12))
            finish.set()
            await eventually(lambda: _is_acknowledged(redis))
    assert other.begun == []


def test_no_writer_of_ours_cuts_a_stream_by_length() -> None:
    writers = [path for path in SERVICES.rglob("*.py") if "xadd" in path.read_text().lower()]
    assert writers
    assert [path.name for path in writers if "maxlen" in path.read_text().lower()] == []


def test_nothing_is_published_in_the_envelope_of_a_library() -> None:
    """Its binary envelope cannot be read by others, and a header that is not ASCII costs the body."""
    published = [
        path.name for path in SERVICES.rglob("*.py") if re.search(r"broker\.publish|\.publisher\(", path.read_text())
    ]
    assert published == []
