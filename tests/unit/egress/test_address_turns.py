"""AddressTurns at an address: so many at once, none lost, whoever gives up."""

from __future__ import annotations

import asyncio

import pytest

from services.egress.address_turns import AddressTurns


async def waiting(turns: AddressTurns, address: str) -> asyncio.Task[None]:
    task = asyncio.create_task(turns.wait(address))
    await asyncio.sleep(0)
    return task


async def test_no_more_than_so_many_at_one_address_and_others_are_free() -> None:
    turns = AddressTurns(2)
    assert [turns.take("a"), turns.take("a"), turns.take("a"), turns.take("b")] == [True, True, False, True]
    turns.give_back("a")
    assert turns.take("a")


async def test_who_came_first_is_next_and_nobody_jumps_the_queue() -> None:
    turns = AddressTurns(1)
    assert turns.take("a")
    first, second = await waiting(turns, "a"), await waiting(turns, "a")
    turns.give_back("a")
    assert not turns.take("a")
    await first
    assert not second.done()
    turns.give_back("a")
    await second


@pytest.mark.parametrize("handed_over", [False, True])
async def test_whoever_gives_up_takes_no_turn_along(handed_over: bool) -> None:
    turns = AddressTurns(1)
    assert turns.take("a")
    gone, next_one = await waiting(turns, "a"), await waiting(turns, "a")
    if handed_over:
        turns.give_back("a")
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    if not handed_over:
        turns.give_back("a")
    await next_one
    turns.give_back("a")
    assert turns.take("a")
