"""What an event costs that 100 asked for, among ever more; and one that all asked for: of one store for both."""

from __future__ import annotations

import time
from subprocess import Popen
from typing import Final

from benchmarks.beside.house import House
from benchmarks.beside.machine import memory_of, peak_memory_of
from benchmarks.beside.plan import Plan, one_round
from benchmarks.beside.results import Row, complete

_TOTALS: Final = (1_000, 10_000, 100_000, 1_000_000)
_TO_BRING_IN: Final = 0.06
_TO_SEND: Final = 0.22
"""Seconds a thousand, where nobody disturbs."""
_PATIENCE_A_THOUSAND: Final = 3.0
_ASKING: Final = 100
_FOR_FEW, _FOR_ALL = "growth, 100 ask", "growth, all ask"


def growth(plan: Plan) -> None:
    for total in _TOTALS[: plan.fewer(len(_TOTALS), 2)]:
        needed = 20 + 15 * plan.rounds + total * _TO_BRING_IN / 1_000
        if not plan.has_time(_FOR_FEW, needed, f"{total:,}"):
            return
        house = plan.house("webhook")
        house.empty()
        empty = plan.ground.store.used()
        house.bring_in(total, asking=_ASKING)
        a_subscriber = (plan.ground.store.used() - empty) / total
        process = house.start()
        one_round(plan, house, "webhook", _ASKING, plan.fewer(20, 2))
        for _ in range(plan.rounds):
            row = _for_few(plan, house, process)
            plan.results.add(_FOR_FEW, f"{total:,}", row | {"store_bytes_a_subscriber": a_subscriber})
        if plan.has_time(_FOR_ALL, 5 + total * _TO_SEND / 1_000, f"{total:,}"):
            plan.results.add(_FOR_ALL, f"{total:,}", _for_all(plan, house, process, total))
        house.stop()


def _for_few(plan: Plan, house: House, process: Popen[str]) -> Row:
    """One after the other, so that none shares its reading with the next."""
    events = plan.fewer(20, 3)
    idle = _idling(house)
    plan.ground.sink.forget()
    before, since = house.cpu(), time.monotonic()
    for number in range(events):
        house.submit(number)
        seen = plan.ground.sink.wait("webhook", _ASKING * (number + 1), 60)
        time.sleep(0.15)
    time.sleep(0.5)
    spent = house.cpu() - before - idle * (time.monotonic() - since)
    row = {"cpu_s": spent / events, "cpu_per_1000": spent / max(1, seen.requests) * 1_000}
    return row | {"memory_mb": memory_of([process])} | complete(seen.requests, _ASKING * events)


def _for_all(plan: Plan, house: House, process: Popen[str], total: int) -> Row:
    plan.calm()
    plan.ground.sink.forget()
    before = house.cpu()
    house.submit(0, kind="arrest")
    seen = plan.ground.sink.wait("webhook", total, 60 + total * _PATIENCE_A_THOUSAND / 1_000)
    time.sleep(1.0)
    spent, seconds = house.cpu() - before, (seen.last_ns - seen.first_ns) / 1e9
    row = {"cpu_s": spent, "seconds": seconds, "cpu_per_1000": spent / max(1, seen.requests) * 1_000}
    return row | {"peak_mb": peak_memory_of([process])} | complete(seen.requests, total)


def _idling(house: House) -> float:
    """CPU seconds a second with nothing to do."""
    before = house.cpu()
    time.sleep(2.0)
    return (house.cpu() - before) / 2.0
