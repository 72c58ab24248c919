"""How many messages go out in how much time, on a clock of ours."""

from __future__ import annotations

import pytest

from services.notify.channels.telegram_pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def at_bot_api_limits(clock: Clock) -> Pace:
    return Pace(clock, overall=(30, 1.0), chat=(1, 1.0), group=(20, 60.0))


def departures(pace: Pace, clock: Clock, chats: list[str], *, group: bool = False) -> list[float]:
    waits = [pace.reserve(chat, group=group, patience=1e9) for chat in chats]
    return [clock.now + wait for wait in waits if wait is not None]


def most_within(times: list[float], seconds: float) -> int:
    return max(sum(start <= time <= start + seconds for time in times) for start in times)


def test_no_second_sees_more_than_thirty_messages() -> None:
    clock = Clock()
    times = departures(at_bot_api_limits(clock), clock, [str(chat) for chat in range(200)])
    assert most_within(times, 1.0) == 30


def test_no_chat_gets_two_messages_within_a_second() -> None:
    clock = Clock()
    assert most_within(departures(at_bot_api_limits(clock), clock, ["7"] * 10), 1.0) == 1


def test_no_group_gets_more_than_twenty_within_a_minute() -> None:
    clock = Clock()
    assert most_within(departures(at_bot_api_limits(clock), clock, ["-7"] * 70, group=True), 60.0) == 20


def test_a_busy_chat_delays_no_other() -> None:
    clock = Clock()
    pace = at_bot_api_limits(clock)
    departures(pace, clock, ["7"] * 5)
    assert pace.reserve("8", group=False, patience=0) == 0


def test_who_cannot_wait_that_long_takes_no_place() -> None:
    clock = Clock()
    pace = at_bot_api_limits(clock)
    departures(pace, clock, ["7"])
    for _ in range(50):
        assert pace.reserve("7", group=False, patience=0.5) is None
    assert pace.wait_for("7", group=False) == pytest.approx(1.05)
    clock.now += 2
    assert pace.reserve("7", group=False, patience=0) == 0


def test_when_telegram_asks_for_silence_nobody_speaks_before_its_end() -> None:
    clock = Clock()
    pace = at_bot_api_limits(clock)
    pace.hold(30)
    pace.hold(5)
    assert pace.reserve("7", group=False, patience=10) is None
    assert pace.held_for() == 30
    clock.now += 30
    assert pace.reserve("7", group=False, patience=0) == 0
    assert pace.held_for() == 0


def test_forgetting_quiet_chats_forgets_no_busy_one() -> None:
    clock = Clock()
    pace = Pace(clock, overall=(100_000, 1.0), chat=(1, 1.0), group=(20, 60.0))
    departures(pace, clock, [str(chat) for chat in range(4095)])
    clock.now += 5
    departures(pace, clock, ["busy"])
    departures(pace, clock, ["new"])
    assert pace.reserve("busy", group=False, patience=0.1) is None
