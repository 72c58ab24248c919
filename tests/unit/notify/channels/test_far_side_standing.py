"""Whether one reader is refused or all of them, on a clock of ours."""

from __future__ import annotations

import pytest

from services.notify.channels.base import Reason, Retry
from services.notify.channels.far_side_standing import HOLD_SECONDS, REFUSED_SECONDS, UNCLEAR_SECONDS, Standing

WHY = Retry(Reason.POLICY)
UNSPENT = Retry(Reason.POLICY, after=UNCLEAR_SECONDS, spends_attempt=False)
THEIRS = Retry(Reason.POLICY, after=REFUSED_SECONDS)
HELD = Retry(Reason.POLICY, after=HOLD_SECONDS, spends_attempt=False, holds_channel=True)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def standing(clock: Clock) -> Standing:
    return Standing(clock)


def test_several_in_a_row_are_all_of_them_and_the_channel_rests(standing: Standing) -> None:
    assert [standing.wait_after(number, WHY) for number in (1, 2, 3, 4)] == [UNSPENT, UNSPENT, HELD, HELD]


def test_one_reader_refused_over_and_over_holds_up_nobody_and_is_on_their_own_in_the_end(standing: Standing) -> None:
    outcomes = [standing.wait_after(1, WHY) for _ in range(50)]
    assert not any(outcome.holds_channel for outcome in outcomes)
    assert outcomes[0] == UNSPENT
    assert outcomes[-1] == THEIRS


def test_an_outage_for_all_spends_nobodys_attempts_however_long_it_lasts(standing: Standing) -> None:
    for _ in range(200):
        outcomes = [standing.wait_after(number, WHY) for number in (1, 2, 3, 4)]
    assert not any(outcome.spends_attempt for outcome in outcomes)


def test_those_who_are_refused_while_others_are_taken_never_hold_the_channel_again(
    standing: Standing, clock: Clock
) -> None:
    for number in (1, 2, 3):
        standing.wait_after(number, WHY)
    clock.now += 1
    standing.taken(4, began=clock.now)
    assert [standing.wait_after(number, WHY) for number in (1, 2, 3)] == [THEIRS, THEIRS, THEIRS]


def test_a_yes_to_a_letter_that_was_under_way_before_says_nothing_of_the_refusals(
    standing: Standing, clock: Clock
) -> None:
    began = clock.now
    clock.now += 1
    standing.wait_after(1, WHY)
    standing.taken(4, began)
    assert standing.wait_after(1, WHY) == UNSPENT


def test_who_is_taken_again_is_one_of_all_again(standing: Standing, clock: Clock) -> None:
    standing.wait_after(1, WHY)
    clock.now += 1
    standing.taken(2, began=clock.now)
    standing.taken(1, began=clock.now)
    assert standing.wait_after(1, WHY) == UNSPENT


def test_a_longer_wait_that_was_asked_for_is_kept(standing: Standing) -> None:
    assert standing.wait_after(1, Retry(Reason.POLICY, after=600)).after == 600


def test_whoever_is_put_off_alone_goes_by_their_own_schedule(standing: Standing, clock: Clock) -> None:
    for _ in range(5):
        assert standing.put_off(1, WHY) == WHY
        clock.now += 60


def test_several_put_off_in_the_same_moment_are_no_far_side_that_serves_nobody(standing: Standing) -> None:
    assert [standing.put_off(number, WHY) for number in range(8)] == [WHY] * 8


def test_a_far_side_that_has_served_nobody_for_seconds_is_away_for_all(standing: Standing, clock: Clock) -> None:
    for number in range(8):
        standing.put_off(number, WHY)
    clock.now += 5
    assert [standing.put_off(number, WHY) for number in (3, 9)] == [Retry(Reason.POLICY, of_all=True)] * 2


def test_whoever_is_put_off_while_others_are_taken_is_never_a_far_side_that_is_away(
    standing: Standing, clock: Clock
) -> None:
    for number in (1, 2, 3):
        standing.put_off(number, WHY)
    clock.now += 1
    standing.taken(4, began=clock.now)
    clock.now += 5
    assert [standing.put_off(number, WHY) for number in (1, 2, 3)] == [WHY] * 3
    clock.now += 5
    assert [standing.put_off(number, WHY) for number in (1, 2, 3)] == [WHY] * 3
