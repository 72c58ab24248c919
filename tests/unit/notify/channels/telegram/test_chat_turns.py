"""What stands in line when a silence is asked for, on a clock of ours."""

from __future__ import annotations

import asyncio

import pytest

from services.notify.channels.telegram.chat_turns import Turns
from services.notify.throttle.send_rate import Later, OwnSendRateLimit, Place, Rates
from services.subscribers.address import Address
from tests.conformance.samples import delivery


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_silence_that_is_asked_for_while_one_waits_for_its_place_is_kept() -> None:
    clock = Clock()
    rate_limit = OwnSendRateLimit(Rates(), clock)

    async def sleep(seconds: float) -> None:
        """Somebody else is told to be silent meanwhile."""
        clock.now += seconds
        await rate_limit.hold(7.0)

    turns = Turns(rate_limit, clock, sleep)
    first, second = (delivery(Address("telegram", str(number)), number=number) for number in (1, 2))
    async with turns.turn(first, 5.0) as turn:
        await turns.reached(turn, first, clock() + 5.0)
    async with turns.turn(second, 5.0) as turn:
        with pytest.raises(Later) as later:
            await turns.reached(turn, second, clock() + 5.0)
    assert later.value.seconds == pytest.approx(7.0)


async def test_what_would_leave_too_late_to_be_answered_does_not_leave() -> None:
    class Busy(OwnSendRateLimit):
        async def take(self, number: int, *, group: bool, patience: float) -> Place:
            """The store takes longer to answer than there is time."""
            await asyncio.sleep(60)
            return await super().take(number, group=group, patience=patience)

    clock = Clock()
    turns = Turns(Busy(Rates(), clock), clock, asyncio.sleep)
    late = delivery(Address("telegram", "1"), number=1)
    async with turns.turn(late, 5.0) as turn:
        with pytest.raises(Later):
            await turns.reached(turn, late, clock() + 0.05)
