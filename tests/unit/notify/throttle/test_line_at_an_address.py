"""Whoever finds no place at an address stands in line for a moment, and no longer than that is worth anything."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from services.notify.throttle.address_throttle import AddressThrottle

NOW = 1000.0
FOR_GOOD = 1e6
"""Seconds that no test lasts."""


async def in_line(throttle: AddressThrottle, count: int = 1) -> list[asyncio.Task[float | None]]:
    """So many stand there when it returns."""
    waiting = [asyncio.create_task(throttle.wait("one")) for _ in range(count)]
    await asyncio.sleep(0)
    return waiting


def entered(throttle: AddressThrottle) -> float:
    at = throttle.enter("one")
    assert at is not None
    return at


async def test_who_stands_in_line_has_the_place_of_whoever_leaves_and_the_first_has_it_first() -> None:
    throttle = AddressThrottle(most_at_once=1, patience=FOR_GOOD)
    first = entered(throttle)
    waiting = await in_line(throttle, 3)
    throttle.leave("one", first)
    for one in waiting:
        assert [each.done() for each in waiting[waiting.index(one) + 1 :]] == [False] * (2 - waiting.index(one))
        place = await one
        assert place is not None
        throttle.leave("one", place)
    assert throttle.enter("one") is not None


async def test_an_address_that_answers_promptly_lets_in_as_many_as_it_has_places() -> None:
    throttle = AddressThrottle(most_at_once=3, patience=FOR_GOOD)
    first = entered(throttle)
    waiting = await in_line(throttle, 4)
    throttle.leave("one", first)
    await asyncio.wait(waiting[:3])
    assert [one.done() for one in waiting] == [True, True, True, False]
    waiting[3].cancel()


async def test_who_waited_in_vain_comes_again_and_nobody_else_waits_there() -> None:
    throttle = AddressThrottle(most_at_once=1, look_again=1.0, patience=0.0)
    entered(throttle)
    assert throttle.open_at("one", NOW) == NOW
    assert await throttle.wait("one") is None
    assert throttle.open_at("one", NOW) == NOW + 1.0
    assert await throttle.wait("one") is None


async def test_once_it_has_answered_promptly_again_there_is_a_line_again() -> None:
    throttle = AddressThrottle(most_at_once=1, patience=0.0, clock=lambda: 0.0)
    first = entered(throttle)
    assert await throttle.wait("one") is None
    throttle.leave("one", first)
    entered(throttle)
    assert throttle.open_at("one", NOW) == NOW


async def test_a_line_has_an_end() -> None:
    throttle = AddressThrottle(most_at_once=1, look_again=1.0, patience=FOR_GOOD)
    entered(throttle)
    waiting = await in_line(throttle, 40)
    turned_away = [one for one in waiting if one.done()]
    assert 0 < len(turned_away) < 40
    assert {one.result() for one in turned_away} == {None}
    assert throttle.open_at("one", NOW) == NOW + 1.0
    for one in waiting:
        one.cancel()


async def test_an_address_that_asks_to_be_left_alone_has_no_line() -> None:
    throttle = AddressThrottle(most_at_once=1, patience=FOR_GOOD)
    entered(throttle)
    waiting = await in_line(throttle, 2)
    throttle.slow("one", NOW + 60)
    assert [await one for one in waiting] == [None, None]


@pytest.mark.parametrize("handed_over", [False, True])
async def test_the_place_of_somebody_who_is_no_more_is_the_next_ones(handed_over: bool) -> None:
    throttle = AddressThrottle(most_at_once=1, patience=FOR_GOOD)
    first = entered(throttle)
    gone, there = await in_line(throttle, 2)
    if handed_over:
        throttle.leave("one", first)
        gone.cancel()
    else:
        gone.cancel()
        throttle.leave("one", first)
    with suppress(asyncio.CancelledError):
        await gone
    place = await there
    assert place is not None
    throttle.leave("one", place)
    assert throttle.enter("one") is not None
