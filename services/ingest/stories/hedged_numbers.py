"""How two numbers of two texts relate, given how each text hedges: "over 110" and 114 do not disagree."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from services.contract import Precision


class HedgedNumber(NamedTuple):
    value: int
    precision: Precision = Precision.EXACT


class Relation(StrEnum):
    SAME = "same"  # both can be true of one count
    GROWN = "grown"  # the smaller was a lower bound and is overtaken
    DIFFERENT = "different"


_REACH: Final[dict[Precision, tuple[float, float]]] = {
    Precision.EXACT: (1.0, 1.0),
    Precision.ABOUT: (0.9, 1.1),
    Precision.AT_LEAST: (1.0, 1.25),
    Precision.OVER: (1.0, 1.25),
    Precision.ALMOST: (0.8, 1.0),
}
"""The counts that a writer may mean, as shares of the number written. Nobody writes "over 110" of 250."""

_LOWER_BOUNDS: Final = frozenset({Precision.AT_LEAST, Precision.OVER})


def relate(a: HedgedNumber, b: HedgedNumber) -> Relation:
    """Symmetric. Exact numbers are the same only when equal."""
    (a_low, a_high), (b_low, b_high) = _span(a), _span(b)
    if a_low <= b_high and b_low <= a_high:
        return Relation.SAME
    smaller = min(a, b, key=lambda number: number.value)
    return Relation.GROWN if smaller.precision in _LOWER_BOUNDS else Relation.DIFFERENT


def at_most(number: HedgedNumber) -> float:
    """The most that somebody may mean who writes it."""
    return _span(number)[1]


def _span(number: HedgedNumber) -> tuple[float, float]:
    low, high = _REACH[number.precision]
    slack = 1.0 if number.precision is Precision.ABOUT else 0.0  # "about 5" may well be 6
    return min(number.value * low, number.value - slack), max(number.value * high, number.value + slack)
