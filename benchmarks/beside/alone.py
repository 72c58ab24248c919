"""What only we are measured at: Telegram's pace, a second notifier, an outage made up for, and what Redis keeps."""

from __future__ import annotations

import time
from typing import Final

from benchmarks.beside.house import House
from benchmarks.beside.machine import OTHER, cpu_of
from benchmarks.beside.plan import Plan, one_round, warmed
from benchmarks.beside.results import Row, complete, rate

_PERMITTED: Final = 30
"""Messages a second, see `sink.c`."""
_OUTAGE: Final = 30
"""Seconds for which nobody is at the mail server's port."""


def telegram(plan: Plan) -> None:
    """One event for many chats: which share of the permitted rate goes out, and how much is refused."""
    for notifiers, chats, most in ((2, plan.fewer(2_500, 240), 2), (1, plan.fewer(900, 120), 1)):
        who, seconds = f"{notifiers} notifier{'s' * (notifiers > 1)}", chats / _PERMITTED
        if not plan.has_time("telegram", 1.3 * seconds, who):
            continue
        house = plan.house("telegram")
        house.empty()
        house.bring_in(chats)
        for core in range(notifiers):
            house.start(core)
        for number in plan.in_rounds("telegram", 1.3 * seconds, most):
            plan.ground.sink.forget()
            before = house.cpu()
            house.submit(number)
            seen = plan.ground.sink.wait("telegram", chats, 2 * seconds + 30)
            taken = (seen.taken - 1) / max(1e-9, (seen.last_ns - seen.first_ns) / 1e9)  # a second, evenly spaced
            cost = (house.cpu() - before) / max(1, seen.taken) * 1_000
            row = {"share": taken / _PERMITTED, "refused": float(seen.refused), "cpu_per_1000": cost}
            plan.results.add("telegram", who, row | complete(seen.taken, chats))
            time.sleep(2)  # by then no chat has had its message less than a second ago
        house.stop()


def two(plan: Plan) -> None:
    """Two notifiers on two cores beside one: deliveries a second, on a machine whose other work shares those cores."""
    case, count, seconds = "processes", 500, plan.fewer(15, 2)
    if not plan.has_time(case, 3 * seconds + 20):
        return
    house = plan.house("webhook")
    house.empty()
    house.bring_in(count)
    house.start()
    events, _ = warmed(plan, house, "webhook", count, seconds)
    for _ in plan.in_rounds(case, 2 * seconds + 10):
        plan.results.add(case, "one", one_round(plan, house, "webhook", count, events, seconds))
        second = house.start(OTHER)
        one_round(plan, house, "webhook", count, 20)
        plan.results.add(case, "two", one_round(plan, house, "webhook", count, 2 * events, seconds))
        house.stop_one(second)
    house.stop()


def drain(plan: Plan) -> None:
    """A mail server comes back after an outage: when the first letter does, how fast what waited goes out, and
    when all of it has: the one that was sent to find out waits longest."""
    count, outage = plan.fewer(6_000, 300), plan.fewer(_OUTAGE, 12)
    if not plan.has_time("drain", outage + 45):
        return
    for number in plan.in_rounds("drain", outage + 45, most=3):
        house = plan.house("email")
        house.empty()
        house.bring_in(count)
        house.start()
        plan.ground.sink.stop()
        house.submit(number)
        time.sleep(outage)
        plan.ground.sink.start()
        plan.results.add("drain", "vestka", _made_up_for(plan, house, count))
        house.stop()


def _made_up_for(plan: Plan, house: House, count: int) -> Row:
    back, before = time.time_ns(), house.cpu()
    most = plan.ground.sink.wait("email", count * 99 // 100, 120, standing_still=60)
    row = rate(most.letters, most.first_ns, most.last_ns, house.cpu() - before)
    seen = plan.ground.sink.wait("email", count, 60, standing_still=60)
    if seen.letters:
        row |= {"first_after_s": (seen.first_ns - back) / 1e9, "all_after_s": (seen.last_ns - back) / 1e9}
    return row | complete(seen.letters, count)


def store_bytes(plan: Plan) -> None:
    """What a delivery leaves in Redis: of many events, so that the pages of the log are full, as those of any day are;
    the first event is not counted, since it makes what others fill."""
    count, events = plan.fewer(20_000, 1_000), plan.fewer(5, 2)
    if not plan.has_time("store", 30):
        return
    house = plan.house("webhook")
    house.empty()
    house.bring_in(count)
    house.start()
    one_round(plan, house, "webhook", count, 1)
    for _ in plan.in_rounds("store", 20, most=3):
        time.sleep(2.0)
        before, cpu = plan.ground.store.used(), cpu_of([plan.ground.store.process])
        row = one_round(plan, house, "webhook", count, events, events * count / 5_000)
        time.sleep(2.0)
        done = max(1.0, row["got"])
        bytes_left = (plan.ground.store.used() - before) / done
        micro = (cpu_of([plan.ground.store.process]) - cpu) / done * 1e6
        found = {"bytes": bytes_left, "redis_us": micro, "got": row["got"], "wanted": row["wanted"]}
        plan.results.add("store", "vestka", found)
    house.stop()
