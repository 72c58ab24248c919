"""How many messages go out in how much time, on a clock of ours."""

from __future__ import annotations

import itertools
import random

import pytest

from services.notify.throttle.send_rate import Later, OwnSendRateLimit, PlaceInLine, Rates


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rate_limit(clock: Clock) -> OwnSendRateLimit:
    return OwnSendRateLimit(Rates(), clock)


async def departures(
    rate_limit: OwnSendRateLimit, clock: Clock, readers: list[int], *, group: bool = False
) -> list[float]:
    """As whoever waits for the chat first and then takes the next place."""
    times = []
    start = clock.now
    for number in readers:
        clock.now += await rate_limit.wait_for(number, group=group)
        times.append(clock.now + await rate_limit.take(number, group=group, patience=1e9))
    clock.now = start
    return times


def most_within(times: list[float], seconds: float) -> int:
    return max(sum(start <= time <= start + seconds for time in times) for start in times)


async def test_messages_leave_evenly_and_no_second_sees_more_than_thirty(
    rate_limit: OwnSendRateLimit, clock: Clock
) -> None:
    times = await departures(rate_limit, clock, list(range(200)))
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps == pytest.approx([Rates().spacing] * 199)
    assert most_within(times, 1.0) <= 30


async def test_a_place_nobody_used_is_gone(rate_limit: OwnSendRateLimit, clock: Clock) -> None:
    clock.now += 60
    times = await departures(rate_limit, clock, list(range(60)))
    assert most_within(times, 1.0) <= 30


async def test_no_chat_gets_two_messages_within_a_second(rate_limit: OwnSendRateLimit, clock: Clock) -> None:
    assert most_within(await departures(rate_limit, clock, [7] * 10), 1.0) == 1


async def test_no_group_gets_more_than_twenty_within_a_minute(rate_limit: OwnSendRateLimit, clock: Clock) -> None:
    assert most_within(await departures(rate_limit, clock, [7] * 70, group=True), 60.0) == 20


async def test_a_busy_chat_delays_no_other(rate_limit: OwnSendRateLimit, clock: Clock) -> None:
    await departures(rate_limit, clock, [7] * 5)
    clock.now += Rates().spacing * 5 + 10
    await rate_limit.take(7, group=False, patience=0)
    for _ in range(20):
        with pytest.raises(Later):
            await rate_limit.take(7, group=False, patience=60)
    assert await rate_limit.take(8, group=False, patience=60) == pytest.approx(Rates().spacing)


async def test_who_cannot_wait_that_long_takes_no_place(rate_limit: OwnSendRateLimit, clock: Clock) -> None:
    await departures(rate_limit, clock, list(range(60)))
    for _ in range(50):
        with pytest.raises(Later) as caught:
            await rate_limit.take(100, group=False, patience=0.5)
    assert caught.value.seconds == pytest.approx(60 * Rates().spacing)
    clock.now += 3
    assert await rate_limit.take(100, group=False, patience=0) == 0.0


async def test_a_chat_that_asked_for_silence_is_left_alone_and_no_other(
    rate_limit: OwnSendRateLimit, clock: Clock
) -> None:
    await rate_limit.pause(7, 3600)
    await rate_limit.pause(7, 5)
    assert await rate_limit.wait_for(7, group=False) == 3600
    assert await rate_limit.wait_for(8, group=False) == 0
    assert await rate_limit.take(8, group=False, patience=0) == 0.0


async def test_when_telegram_asks_all_for_silence_nobody_speaks_before_its_end(
    rate_limit: OwnSendRateLimit, clock: Clock
) -> None:
    await rate_limit.hold(30)
    await rate_limit.hold(5)
    with pytest.raises(Later):
        await rate_limit.take(7, group=False, patience=10)
    assert await rate_limit.wait_for(7, group=False) == 30
    clock.now += 30
    assert await rate_limit.take(7, group=False, patience=0) == 0.0


async def test_forgetting_quiet_chats_forgets_no_busy_one(clock: Clock) -> None:
    rate_limit = OwnSendRateLimit(Rates(overall_per_second=1_000_000), clock)
    for number in range(4095):
        await rate_limit.take(number, group=False, patience=60)
    clock.now += 120
    await rate_limit.pause(5000, 60)
    await rate_limit.take(5001, group=False, patience=60)
    assert await rate_limit.wait_for(5000, group=False) == 60


@pytest.mark.parametrize("usual", [0.0, 0.004])
@pytest.mark.parametrize("seed", range(4))
async def test_however_late_messages_arrive_no_second_sees_more_than_thirty_and_few_places_are_lost(
    rate_limit: OwnSendRateLimit, clock: Clock, usual: float, seed: int
) -> None:
    """Ten stand in line, as many as are sent at once; what was late is said when it is answered."""
    dice, arrivals, began = random.Random(seed), list[float](), clock.now
    line: list[tuple[float, float, PlaceInLine]] = []
    for number in range(1500):
        place = await rate_limit.take(number, group=False, patience=60)
        late = usual * dice.random() + (dice.random() < 0.01) * dice.uniform(0.01, 0.1)
        line.append((clock.now + place, late, place))
        if len(line) == 10:
            due, late, place = line.pop(0)
            clock.now = max(clock.now, due + late)
            arrivals.append(due + late)
            await rate_limit.was_late(place, late)
    assert most_within(arrivals, 1.0) <= 30
    assert len(arrivals) / (arrivals[-1] - began) >= 0.98 * 30


async def test_those_behind_a_late_place_catch_up(rate_limit: OwnSendRateLimit, clock: Clock) -> None:
    first = await rate_limit.take(0, group=False, patience=60)
    before = await departures(rate_limit, clock, list(range(1, 30)))
    await rate_limit.was_late(first, 0.05)
    after = await departures(rate_limit, clock, list(range(100, 130)))
    assert after[0] - clock.now == pytest.approx(first + 0.05 + Rates().period)
    assert after[-1] - before[-1] == pytest.approx(30 * Rates().spacing), "the last one is at its even place again"


async def test_what_was_late_longer_ago_than_thirty_places_changes_nothing(
    rate_limit: OwnSendRateLimit, clock: Clock
) -> None:
    first = await rate_limit.take(0, group=False, patience=60)
    before = await departures(rate_limit, clock, list(range(1, 40)))
    await rate_limit.was_late(first, 0.1)
    after = await departures(rate_limit, clock, list(range(100, 140)))
    gaps = [later - earlier for earlier, later in itertools.pairwise([*before, *after])]
    assert gaps == pytest.approx([Rates().spacing] * 78)
