"""Deadlines that share a timer end what they should, and nothing else."""

from __future__ import annotations

import asyncio

import pytest

from services.egress.deadlines import Deadlines


def now() -> float:
    return asyncio.get_running_loop().time()


async def forever() -> None:
    await asyncio.Event().wait()


async def test_what_takes_too_long_is_timed_out_and_never_too_early() -> None:
    deadlines, end = Deadlines(), now() + 0.03
    with pytest.raises(TimeoutError), deadlines.at(end):
        await forever()
    assert now() >= end


async def test_a_deadline_long_gone_ends_its_block_at_the_first_wait() -> None:
    with pytest.raises(TimeoutError), Deadlines().at(now() - 5):
        await forever()


async def test_an_earlier_one_does_not_wait_for_a_later_one_that_came_first() -> None:
    deadlines = Deadlines()

    async def ended(seconds: float) -> float:
        with pytest.raises(TimeoutError), deadlines.at(now() + seconds):
            await forever()
        return seconds

    later = asyncio.create_task(ended(0.2))
    await asyncio.sleep(0)
    assert await ended(0.01) == 0.01
    assert not later.done()
    assert await later == 0.2


async def test_what_was_done_in_time_is_left_alone() -> None:
    deadlines = Deadlines(tick=0.001)
    for _ in range(3):
        with deadlines.at(now() + 0.002):
            await asyncio.sleep(0)
    await asyncio.sleep(0.02)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_whoever_is_cancelled_is_cancelled_and_not_timed_out() -> None:
    async def wait() -> None:
        with Deadlines().at(now() + 60):
            await forever()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_within_comes_out_as_it_is() -> None:
    with pytest.raises(KeyError), Deadlines().at(now() + 60):
        raise KeyError
