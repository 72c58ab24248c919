"""The cases by their names, in the order in which they are measured, each with the time that it wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.beside.alone import drain, store_bytes, telegram, two
from benchmarks.beside.growing import growth
from benchmarks.beside.plan import Plan
from benchmarks.beside.side_by_side import email, latency, webhooks


@dataclass(frozen=True, slots=True)
class Case:
    """`first`, `each`: seconds on a quiet machine, to set it up and for a round. `rows`: what its rows begin with."""

    run: Callable[[Plan], None]
    first: float
    each: float
    rows: str


CASES: Final[dict[str, Case]] = {
    "webhooks": Case(webhooks, 130, 95, "webhooks"),
    "email": Case(email, 60, 45, "email"),
    "two": Case(two, 30, 50, "processes"),
    "drain": Case(drain, 5, 75, "drain"),
    "store": Case(store_bytes, 20, 25, "store"),
    "telegram": Case(telegram, 70, 90, "telegram"),
    "latency": Case(latency, 40, 80, "latency"),
    "growth": Case(growth, 330, 24, "growth"),
}


def seconds_for(names: Sequence[str], rounds: int, left: float) -> float:
    """Of the seconds that are left for these, what the first one may take: its part, and what one round of it needs
    where that is more, since half a case says nothing."""
    wanted = [CASES[name].first + rounds * CASES[name].each for name in names]
    one_round = CASES[names[0]].first + CASES[names[0]].each
    return min(left, max(left * wanted[0] / sum(wanted), one_round))


def is_of(names: Sequence[str], row: str) -> bool:
    """Whether a row belongs to one of these cases."""
    return any(row.startswith(CASES[name].rows) for name in names)
