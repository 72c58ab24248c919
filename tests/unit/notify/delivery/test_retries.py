from __future__ import annotations

import pytest

from services.notify.delivery.due_queue import Due
from services.notify.delivery.retries import ATTEMPTS, SCHEDULE, wait_before_next

MINUTE, HOUR = 60, 3600
ALMOST_ONE = 0.999999


def test_the_schedule_is_the_published_one() -> None:
    """design/interfaces.md: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
    hours = [2, 5, 10, 14, 20, 24]
    assert (5, 5 * MINUTE, 30 * MINUTE, *(hour * HOUR for hour in hours)) == SCHEDULE
    assert ATTEMPTS == 10


@pytest.mark.parametrize(("attempt", "wait"), list(enumerate(SCHEDULE, start=1)))
def test_after_each_attempt_the_wait_is_the_schedules(attempt: int, wait: int) -> None:
    assert wait_before_next(attempt, None, 0.0) == wait


@pytest.mark.parametrize("attempt", [ATTEMPTS, ATTEMPTS + 1])
def test_after_the_last_attempt_there_is_no_next(attempt: int) -> None:
    assert wait_before_next(attempt, None, 0.0) is None
    assert wait_before_next(attempt, 60.0, 0.5) is None


@pytest.mark.parametrize("dice", [0.0, 0.3, 0.5, ALMOST_ONE])
@pytest.mark.parametrize(("attempt", "wait"), list(enumerate(SCHEDULE, start=1)))
def test_jitter_is_only_added_and_at_most_a_tenth(attempt: int, wait: int, dice: float) -> None:
    jittered = wait_before_next(attempt, None, dice)
    assert jittered is not None
    assert wait <= jittered <= wait * 1.1


def test_what_failed_together_returns_apart() -> None:
    assert len({wait_before_next(2, None, dice / 10) for dice in range(10)}) == 10


@pytest.mark.parametrize(
    ("attempt", "asked", "wait"),
    [
        (1, 60.0, 60.0),  # later than the schedule: obeyed
        (1, 1.0, 5.0),  # earlier: not
        (1, 0.0, 5.0),
        (1, -30.0, 5.0),
        (2, 299.9, 300.0),
        (9, 60.0, 86_400.0),
        (1, 86_400.0, 86_400.0),
        (1, 86_401.0, 86_400.0),  # beyond a day: a day
        (1, 1e12, 86_400.0),
        (1, float("inf"), 86_400.0),
    ],
)
def test_what_a_far_side_asks_for_only_pushes_later_and_never_beyond_a_day(
    attempt: int, asked: float, wait: float
) -> None:
    assert wait_before_next(attempt, asked, 0.0) == wait


def test_jitter_does_not_shorten_what_was_asked_for() -> None:
    assert wait_before_next(1, 5.2, 0.1) == 5.2
    assert wait_before_next(1, 5.2, 0.5) == pytest.approx(5.25)


@pytest.mark.parametrize("due", [Due("1735380900000-0", 7), Due("1735380900000-12", 123_456)])
def test_a_member_of_the_queue_is_the_delivery_it_came_from(due: Due) -> None:
    assert Due.of(due.member) == due
