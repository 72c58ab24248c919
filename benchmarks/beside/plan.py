"""How much of everything is measured, and whether there is time for it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from benchmarks.beside.house import House
from benchmarks.beside.machine import disturbance
from benchmarks.beside.peers import Ground
from benchmarks.beside.results import Results, Row, complete, rate

_CALM: Final = 0.15
"""More of the core in others' hands disturbs a round."""
_MOST_EVENTS: Final = 400
_SLOW: Final = 3.0
"""So many times longer than it should take is waited for what is measured; what is late then is missing."""
_PATIENCE: Final = 60.0


class Sender(Protocol):
    @property
    def name(self) -> str: ...
    def submit(self, number: int) -> None: ...
    def cpu(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """`quick`: far less of everything, to see that it runs; its figures mean nothing. `until`: by `time.monotonic`;
    what would not be done by then is left out, by name. What is begun is waited for: half a measurement is none."""

    ground: Ground
    results: Results
    rounds: int
    quick: bool
    who: frozenset[str]
    until: float = math.inf

    def fewer(self, many: int, few: int) -> int:
        return few if self.quick else many

    def has_time(self, case: str, seconds: float = 0.0, who: str = "all") -> bool:
        """Whether so much is left; says so of the case where it is not, and nothing of it was measured."""
        if time.monotonic() + (0 if self.quick else seconds) < self.until:
            return True
        rows = self.results.rows
        if case not in rows or (who != "all" and who not in rows[case]):
            self.results.skip(case, who, "no time was left for it")
        return False

    def in_rounds(self, case: str, seconds: float, most: int | None = None) -> Iterator[int]:
        """As many as there is time for, of `seconds` each; one at least of what was begun in time."""
        for number in range(self.rounds if most is None else min(self.rounds, most)):
            if number and not self.has_time(case, seconds):
                return
            yield number

    def calm(self) -> None:
        deadline = time.monotonic() + self.fewer(8, 1)
        while disturbance() > _CALM and time.monotonic() < deadline:
            pass

    def house(self, channel: str) -> House:
        return House(self.ground.machine, self.ground.store, self.ground.sink, channel)

    def at_most(self, seconds: float) -> Plan:
        return replace(self, until=min(self.until, time.monotonic() + seconds))


def one_round(plan: Plan, sender: Sender, channel: str, count: int, events: int, expected: float = 0.0) -> Row:
    """So many events for so many receivers, given at once. `expected`: the seconds that it should take."""
    plan.calm()
    plan.ground.sink.forget()
    before, begun = sender.cpu(), time.time_ns()
    for number in range(events):
        sender.submit(number)
    seen = plan.ground.sink.wait(channel, count * events, _PATIENCE + _SLOW * expected)
    time.sleep(0.3)  # what is written down afterwards belongs to it
    row = rate(seen.of(channel), begun, seen.last_ns, sender.cpu() - before)
    return row | complete(seen.of(channel), count * events)


def warmed(plan: Plan, sender: Sender, channel: str, count: int, seconds: float) -> tuple[int, Row]:
    """How many events at once keep it at work for so many seconds; and what the last round before them gave."""
    row = one_round(plan, sender, channel, count, 1)
    if row["got"] == row["wanted"] and (tried := round(seconds / 5 * row["per_s"] / count)) > 1:
        row = one_round(plan, sender, channel, count, min(_MOST_EVENTS, tried))
    return max(1, min(_MOST_EVENTS, math.ceil(seconds * row["per_s"] / count))), row
