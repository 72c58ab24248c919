"""The Bot API's limits, on a clock that the test turns."""

from __future__ import annotations

from services.demo.bot_limits import BotLimits, FloodGate


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _gate(clock: Clock) -> FloodGate:
    return FloodGate(BotLimits(), clock)


def test_thirty_messages_a_second_go_through_and_no_more() -> None:
    clock = Clock()
    gate = _gate(clock)
    assert [gate.retry_after(chat) for chat in range(1, 32)] == [0] * 30 + [1]
    clock.now = 1.0
    assert gate.retry_after(31) == 0


def test_a_chat_takes_a_short_burst_and_then_says_how_long_to_wait() -> None:
    clock = Clock()
    gate = _gate(clock)
    assert [gate.retry_after(7) for _ in range(4)] == [0, 0, 0, 3]
    assert gate.retry_after(8) == 0
    clock.now = 2.9
    assert gate.retry_after(7) == 1
    clock.now = 3.0
    assert gate.retry_after(7) == 0


def test_a_chat_takes_one_message_a_second_for_ever() -> None:
    clock = Clock()
    gate = _gate(clock)
    for second in range(200):
        clock.now = float(second)
        assert gate.retry_after(7) == 0


def test_a_group_takes_twenty_messages_a_minute() -> None:
    clock = Clock()
    gate = _gate(clock)
    for second in range(20):
        clock.now = float(second)
        assert gate.retry_after(-100) == 0
    assert gate.retry_after(-100) == 41
    clock.now = 60.0
    assert gate.retry_after(-100) == 0


def test_a_message_that_was_refused_does_not_count() -> None:
    clock = Clock()
    gate = _gate(clock)
    for _ in range(3):
        gate.retry_after(7)
    for _ in range(50):
        gate.retry_after(7)
    assert gate.retry_after(8) == 0
