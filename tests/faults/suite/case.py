"""A case: it opens a house, breaks something, waits, and gives the rows of the table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.suite.table import Row


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line."""

    quick: bool = False
    rounds: int = 100
    """How often a process is killed where that is done again and again."""


Run = Callable[[Asked], Awaitable[list[Row]]]


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    what: str
    run: Run
    quick: bool = False
    """Among the few that `--quick` runs."""
    limit: float = 600.0
    """Seconds after which it is given up; what it does in rounds gets more for each."""
    per_round: float = 0.0
