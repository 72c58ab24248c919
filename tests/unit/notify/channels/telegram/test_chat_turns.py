"""What stands in line when a silence is asked for, on a clock of ours."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from services.notify.channels.base import NoLongerWanted
from services.notify.channels.telegram.chat_turns import Turns
from services.notify.throttle.send_rate import Later, OwnSendRateLimit, PlaceInLine, Rates
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
        async def take(self, number: int, *, group: bool, patience: float) -> PlaceInLine:
            """The store takes longer to answer than there is time."""
            await asyncio.sleep(60)
            return await super().take(number, group=group, patience=patience)

    clock = Clock()
    turns = Turns(Busy(Rates(), clock), clock, asyncio.sleep)
    late = delivery(Address("telegram", "1"), number=1)
    async with turns.turn(late, 5.0) as turn:
        with pytest.raises(Later):
            await turns.reached(turn, late, clock() + 0.05)


async def test_those_who_found_no_place_in_line_are_told_to_come_one_after_the_other() -> None:
    clock = Clock()
    turns = Turns(OwnSendRateLimit(Rates(), clock), clock, asyncio.sleep, in_line=1)
    hints = []
    async with turns.turn(delivery(Address("telegram", "1"), number=1), 5.0):
        for number in range(2, 6):
            with pytest.raises(Later) as later:
                async with turns.turn(delivery(Address("telegram", str(number)), number=number), 0.001):
                    raise AssertionError("there was one place in line")
            hints.append(later.value.seconds)
    assert [behind - before for before, behind in pairwise(hints)] == pytest.approx([Rates().spacing] * 3)


async def test_what_is_answered_late_is_told_and_what_is_answered_as_usual_is_not() -> None:
    clock = Clock()
    told: list[float] = []

    class Told(OwnSendRateLimit):
        async def was_late(self, place: PlaceInLine, seconds: float) -> None:
            told.append(seconds)
            await super().was_late(place, seconds)

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    turns = Turns(Told(Rates(), clock), clock, sleep)
    for number in range(101):
        one = delivery(Address("telegram", str(number + 1)), number=number)
        async with turns.turn(one, 5.0) as turn:
            await turns.reached(turn, one, clock() + 5.0)
            clock.now += 0.2 if number == 100 else 0.025
            await turns.answered(turn)
    assert told[-1] == pytest.approx(0.175)
    assert told[50:-1] == pytest.approx([0.0] * len(told[50:-1]), abs=1e-9)


async def test_whether_all_must_be_silent_is_asked_before_the_place_comes_so_that_the_answer_delays_nothing() -> None:
    clock = Clock()

    class Slow(OwnSendRateLimit):
        async def held_for(self) -> float:
            clock.now += 0.005
            return await super().held_for()

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    turns = Turns(Slow(Rates(), clock), clock, sleep)
    left = []
    for number in range(40):
        one = delivery(Address("telegram", str(number + 1)), number=number)
        async with turns.turn(one, 5.0) as turn:
            await turns.reached(turn, one, clock() + 5.0)
            left.append(turn.left - turn.due)
            await turns.answered(turn)
    assert left[1:] == pytest.approx([0.0] * 39, abs=1e-9)


async def test_who_stops_in_the_last_moment_before_the_place_comes_gets_nothing() -> None:
    clock = Clock()
    turned: list[float] = []

    async def sleep(seconds: float) -> None:
        clock.now += seconds
        turned.append(seconds)

    turns = Turns(OwnSendRateLimit(Rates(), clock), clock, sleep)
    first = delivery(Address("telegram", "1"), number=1)
    second = delivery(Address("telegram", "2"), number=2, still_wanted=lambda: len(turned) < 2)
    async with turns.turn(first, 5.0) as turn:
        await turns.reached(turn, first, clock() + 5.0)
    async with turns.turn(second, 5.0) as turn:
        with pytest.raises(NoLongerWanted):
            await turns.reached(turn, second, clock() + 5.0)
    assert len(turned) == 2


@pytest.mark.parametrize("before", [0, 1])
async def test_who_stops_while_it_is_asked_whether_all_must_be_silent_gets_nothing(before: int) -> None:
    """Whether the place has come by then or not."""
    clock, wanted = Clock(), True

    class Slow(OwnSendRateLimit):
        async def held_for(self) -> float:
            nonlocal wanted
            clock.now += 0.02
            wanted = False
            return await super().held_for()

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    turns = Turns(Slow(Rates(), clock), clock, sleep)
    for number in range(before):
        await turns.rate_limit.take(number + 10, group=False, patience=5.0)
    one = delivery(Address("telegram", "1"), number=1, still_wanted=lambda: wanted)
    async with turns.turn(one, 5.0) as turn:
        with pytest.raises(NoLongerWanted):
            await turns.reached(turn, one, clock() + 5.0)


async def test_what_breaks_off_before_it_leaves_is_not_said_to_leave() -> None:
    """Else nobody would know whether it arrived, and after two such ends it would never be sent."""
    said: list[bool] = []

    class Away(OwnSendRateLimit):
        async def held_for(self) -> float:
            raise ConnectionError

    def still_wanted() -> bool:
        said.append(True)
        return True

    clock = Clock()
    turns = Turns(Away(Rates(), clock), clock, asyncio.sleep)
    one = delivery(Address("telegram", "1"), number=1, still_wanted=still_wanted)
    async with turns.turn(one, 5.0) as turn:
        with pytest.raises(ConnectionError):
            await turns.reached(turn, one, clock() + 5.0)
    assert not said
