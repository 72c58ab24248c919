"""What all of them can do: one event to many by webhook and by mail, each at work for like times, in turns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from benchmarks.beside.ceilings import smtp_source, wrk
from benchmarks.beside.machine import BenchBroken
from benchmarks.beside.peers import PEERS, Peer
from benchmarks.beside.plan import Plan, Sender, one_round, warmed
from benchmarks.beside.results import complete

_AT_WORK: Final = 4
"""Seconds, of each in each round."""
_SLOWEST_FIT: Final = 500
"""Receivers that Apprise is given at most: more would take minutes."""


def webhooks(plan: Plan) -> None:
    for count in (100, 500):
        _in_turns(plan, f"webhooks 1 to {count}", "webhook", count)
    _in_turns(plan, "webhooks, own hosts", "webhook", 100, own_hosts=True)
    wrk(plan)


def email(plan: Plan) -> None:
    for count in (100, plan.fewer(10_000, 300)):
        _in_turns(plan, f"email 1 to {count}", "email", count)
    smtp_source(plan)


def latency(plan: Plan) -> None:
    """Events one at a time, five a second."""
    for count in (1, 100):
        case, events = f"latency, 1 to {count}", plan.fewer(30, 5)
        if not plan.has_time(case, 45):
            return
        with _opened(plan, case, "webhook", count, False) as senders:
            for sender in senders:
                one_round(plan, sender, "webhook", count, 1)
            for _ in plan.in_rounds(case, len(senders) * (events * 0.2 + 1)):
                for sender in senders:
                    _one_by_one(plan, case, sender, count, events)


def _one_by_one(plan: Plan, case: str, sender: Sender, count: int, events: int) -> None:
    plan.calm()
    plan.ground.sink.forget()
    for number in range(events):
        sender.submit(number)
        time.sleep(0.2)
    seen = plan.ground.sink.wait("webhook", count * events, 30)
    row = {"p50_ms": seen.p50_us / 1e3, "p99_ms": seen.p99_us / 1e3}
    plan.results.add(case, sender.name, row | complete(seen.requests, count * events))


def _in_turns(plan: Plan, case: str, channel: str, count: int, *, own_hosts: bool = False) -> None:
    seconds = plan.fewer(_AT_WORK, 1)
    if not plan.has_time(case, 6 * seconds):
        return
    with _opened(plan, case, channel, count, own_hosts) as senders:
        events = _warmed_up(plan, case, senders, channel, count, seconds)
        for _ in plan.in_rounds(case, len(events) * (seconds + 1)):
            for sender in [one for one in senders if one.name in events]:
                try:
                    row = one_round(plan, sender, channel, count, events[sender.name], seconds)
                except OSError:
                    del events[sender.name]
                    plan.results.skip(case, sender.name, "it ended")
                else:
                    plan.results.add(case, sender.name, row)


def _warmed_up(
    plan: Plan, case: str, senders: list[Sender], channel: str, count: int, seconds: float
) -> dict[str, int]:
    """How many events each is given; those are left out of whom nothing arrives."""
    events: dict[str, int] = {}
    for sender in senders:
        try:
            its_events, row = warmed(plan, sender, channel, count, seconds)
        except OSError:
            plan.results.skip(case, sender.name, "it ended")
            continue
        if row["got"]:
            events[sender.name] = its_events
        else:  # each of its rounds would be waited for
            plan.results.skip(case, sender.name, "nothing of it arrived")
    return events


@contextmanager
def _opened(plan: Plan, case: str, channel: str, count: int, own_hosts: bool) -> Iterator[list[Sender]]:
    """Ourselves and whoever else can do it, all up and idle."""
    house = plan.house(channel)
    house.empty()
    house.bring_in(count, own_hosts=own_hosts)
    house.start()
    others: list[Peer] = []
    try:
        for name in (one for one in PEERS if one in plan.who):
            peer = _opened_peer(plan, name, channel, count, own_hosts)
            if isinstance(peer, str):
                plan.results.skip(case, name, peer)
            else:
                others.append(peer)
        yield [house, *others]
    finally:
        for peer in others:
            peer.stop()
        house.stop()


def _opened_peer(plan: Plan, name: str, channel: str, count: int, own_hosts: bool) -> Peer | str:
    if name == "apprise" and count > _SLOWEST_FIT:
        return "it would take minutes"
    try:
        return PEERS[name](plan.ground, channel, count, own_hosts)
    except BenchBroken as error:
        return f"it did not come up: {str(error)[:200]}"
