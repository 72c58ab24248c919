"""The counting of `make faults`: what it must not overlook, and what it must not blame."""

from __future__ import annotations

import pytest

from tests.faults.suite.counting import GRACE, SLACK, Receipt, Span, Tally, tally
from tests.faults.suite.table import Row

A, B = ("email", "a", 501), ("email", "b", 501)


def copy(reader: str = "a", ident: str = "x", arrived: float = 100.0, answered: float | None = 100.1) -> Receipt:
    return Receipt("email", reader, 501, ident, arrived, answered)


def test_what_nobody_got_is_lost_and_named() -> None:
    counted = tally([copy()], {A, B})
    assert (counted.due, counted.delivered, counted.lost, counted.missing) == (2, 1, 1, (B,))


def test_a_second_copy_is_doubled_and_blamed_without_a_fault() -> None:
    counted = tally([copy(), copy(arrived=130)], {A})
    assert (counted.same, counted.other, counted.unexplained) == (1, 0, 1)


def test_a_second_copy_under_another_id_is_counted_apart() -> None:
    counted = tally([copy(), copy(ident="y", arrived=101), copy(ident="y", arrived=102)], {A})
    assert (counted.same, counted.other) == (1, 1)


@pytest.mark.parametrize(
    ("fault", "blamed"),
    [
        (Span(100.05, 100.05), 0),
        (Span(100.1 + GRACE, 100.1 + GRACE), 0),
        (Span(100.2 + GRACE, 200.0), 1),
        (Span(50.0, 99.9 - GRACE), 1),
        (Span(50.0, 300.0), 0),
    ],
)
def test_a_copy_excuses_the_next_only_where_it_was_in_flight_at_the_fault(fault: Span, blamed: int) -> None:
    assert tally([copy(), copy(arrived=130)], {A}, [fault]).unexplained == blamed


def test_a_copy_whose_answer_was_lost_excuses_one_more_and_no_third() -> None:
    lost = copy(answered=None)
    assert tally([lost, copy(arrived=110)], {A}).unexplained == 0
    assert tally([lost, copy(arrived=110), copy(arrived=120)], {A}).unexplained == 1


def test_a_copy_after_a_stop_is_unwanted_and_one_before_it_is_not() -> None:
    stopped = {("email", "a"): 100.0}
    assert tally([copy(arrived=99.0)], set(), stopped=stopped).unwanted == 0
    assert tally([copy(arrived=100.1 + SLACK)], set(), stopped=stopped).unwanted == 1


def test_the_last_is_the_last_first_copy() -> None:
    assert tally([copy(), copy("b", arrived=140), copy(arrived=190)], {A, B}).last == 140


@pytest.mark.parametrize(
    "row",
    [
        Row("f", Tally(lost=1)),
        Row("f", Tally(other=1)),
        Row("f", Tally(unexplained=1)),
        Row("f", Tally(unwanted=1)),
        Row("f", back_after=30.5),
        Row("f", remarks=("an address in the log",)),
    ],
)
def test_a_row_that_breaks_the_promise_is_wrong(row: Row) -> None:
    assert row.wrongs


def test_a_row_with_excused_doubles_that_is_back_in_time_is_right() -> None:
    assert not Row("f", Tally(due=9, delivered=9, same=3), back_after=29.0).wrongs
