"""What is measured, a function a case: each gives rows of one round, by who and what."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from benchmarks.beside.house import House
from benchmarks.beside.machine import OTHER, core_of, cpu_of, disturbance, memory_of
from benchmarks.beside.peers import PEERS, Ground, Peer

Row = dict[str, float]
_CALM: Final = 0.15
"""More of the core in others' hands disturbs a round."""
_PATIENCE: Final = 180.0  # seconds, for one measurement


class Sender(Protocol):
    @property
    def name(self) -> str: ...
    def submit(self, number: int) -> None: ...
    def cpu(self) -> float: ...


@dataclass
class Results:
    """`rows[case][who]`: one a round. `skipped[case][who]`: why."""

    rows: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    skipped: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, case: str, who: str, row: Row) -> None:
        self.rows.setdefault(case, {}).setdefault(who, []).append(row)
        print(f"  {case:24} {who:14}", " ".join(f"{name}={value:.4g}" for name, value in row.items()), flush=True)

    def skip(self, case: str, who: str, why: str) -> None:
        self.skipped.setdefault(case, {})[who] = why
        print(f"  {case:24} {who:14} skipped: {why}", flush=True)


@dataclass(frozen=True, slots=True)
class Plan:
    """`quick`: far less of everything, to see that it runs; its figures mean nothing. `until`: by `time.monotonic`;
    what is not begun by then is left out, by name, and what is under way is waited for no longer."""

    ground: Ground
    results: Results
    rounds: int
    quick: bool
    who: frozenset[str]
    until: float = math.inf

    def patience(self, most: float = _PATIENCE) -> float:
        """Seconds to wait for one measurement."""
        return max(1.0, min(most, self.until - time.monotonic()))

    def has_time(self, case: str) -> bool:
        if time.monotonic() < self.until:
            return True
        self.results.skip(case, "all", "no time was left for it")
        return False

    def fewer(self, many: int, few: int) -> int:
        return few if self.quick else many

    def house(self, channel: str) -> House:
        return House(self.ground.machine, self.ground.store, self.ground.sink, channel)


def webhooks(plan: Plan) -> None:
    for count, events in ((100, 10), (500, 4)):
        _side_by_side(plan, f"webhooks 1 to {count}", "webhook", count, plan.fewer(events, 1))
    _side_by_side(plan, "webhooks, own hosts", "webhook", 100, plan.fewer(10, 1), own_hosts=True)
    _wrk(plan)


def email(plan: Plan) -> None:
    for count, events in ((100, 10), (plan.fewer(10_000, 300), 1)):
        _side_by_side(plan, f"email 1 to {count}", "email", count, plan.fewer(events, 1))
    _smtp_source(plan)


def latency(plan: Plan) -> None:
    """Events one at a time, five a second."""
    for count in (1, 100):
        if not plan.has_time(f"latency, 1 to {count}"):
            return
        with _opened(plan, f"latency, 1 to {count}", "webhook", count, False) as senders:
            for _ in range(plan.rounds):
                for sender in senders:
                    _calm(plan.fewer(15, 2))
                    plan.ground.sink.forget()
                    events = plan.fewer(40, 5)
                    for number in range(events):
                        sender.submit(number)
                        time.sleep(0.2)
                    seen = plan.ground.sink.wait("webhook", count * events, plan.patience())
                    row = {"p50_ms": seen.p50_us / 1e3, "p99_ms": seen.p99_us / 1e3}
                    plan.results.add(
                        f"latency, 1 to {count}", sender.name, row | _complete(seen.requests, count * events)
                    )


def telegram(plan: Plan) -> None:
    """One event for many chats: which share of the permitted 30 a second goes out, and how much is refused."""
    chats = plan.fewer(2_500, 150)
    for notifiers in (1, 2):
        house = plan.house("telegram")
        house.empty()
        house.bring_in(chats)
        for core in range(notifiers):
            house.start(core)
        for number in range(1 if plan.quick else min(plan.rounds, 2)):
            plan.ground.sink.forget()
            before = house.cpu()
            house.submit(number)
            seen = plan.ground.sink.wait("telegram", chats, plan.patience(chats / 20 + 60))
            seconds = (seen.last_ns - seen.first_ns) / 1e9
            share = (seen.taken - 30) / 30 / seconds if seconds else 0.0  # a first second's thirty take no time
            row = {"share": share, "refused": float(seen.refused)} | _complete(seen.taken, chats)
            cost = (house.cpu() - before) / max(1, seen.taken) * 1_000
            plan.results.add("telegram", f"{notifiers} notifier{'s' * (notifiers > 1)}", row | {"cpu_per_1000": cost})
        house.stop()


def growth(plan: Plan) -> None:
    """What an event costs that 100 asked for, among ever more; and one that all asked for."""
    for total in (1_000, 100_000, 1_000_000)[: plan.fewer(3, 1)]:
        for case, asking in (("growth, 100 ask", 100), ("growth, all ask", None)):
            if not plan.has_time(f"{case}, {total:,}"):
                return
            house = plan.house("webhook")
            house.empty()
            empty = plan.ground.store.used()
            house.bring_in(total, asking=asking)
            a_subscriber = (plan.ground.store.used() - empty) / total
            process = house.start()
            _warm(plan, house, asking or total) if asking else None
            for number in range(plan.rounds if asking else 1):
                row = _one_event(plan, house, asking or total, number)
                row["memory_mb"] = memory_of([process])
                plan.results.add(case, f"{total:,}", row | {"store_bytes_a_subscriber": a_subscriber})
            house.stop()


def _one_event(plan: Plan, house: House, wanted: int, number: int) -> Row:
    """CPU from the event on until all have it and what is written down is written; idling is taken off."""
    idle = _idling(house)
    plan.ground.sink.forget()
    before, since = house.cpu(), time.monotonic()
    house.submit(number)
    seen = plan.ground.sink.wait("webhook", wanted, plan.patience(plan.fewer(900, 60)))
    time.sleep(1.0)
    spent = house.cpu() - before - idle * (time.monotonic() - since)
    seconds = (seen.last_ns - seen.first_ns) / 1e9
    return {"cpu_s": spent, "seconds": seconds, "cpu_per_1000": spent / max(1, seen.requests) * 1_000} | _complete(
        seen.requests, wanted
    )


def _idling(house: House) -> float:
    """CPU seconds a second with nothing to do."""
    before = house.cpu()
    time.sleep(2.0)
    return (house.cpu() - before) / 2.0


def two(plan: Plan) -> None:
    """Two notifiers on two cores beside one: deliveries a second, on a machine whose other work shares those cores."""
    count, events = 500, plan.fewer(6, 1)
    house = plan.house("webhook")
    house.empty()
    house.bring_in(count)
    house.start()
    _warm(plan, house, count)
    for _ in range(plan.rounds):
        plan.results.add("processes", "one", _round(plan, house, "webhook", count, events))
        second = house.start(OTHER)
        _warm(plan, house, count)
        plan.results.add("processes", "two", _round(plan, house, "webhook", count, events))
        house.processes.remove(second)
        second.terminate()
        second.wait(60)
    house.stop()


def drain(plan: Plan) -> None:
    """A mail server comes back after an outage: how fast what waited goes out, and after how long the first does."""
    count = plan.fewer(5_000, 200)
    for number in range(min(plan.rounds, 3)):
        house = plan.house("email")
        house.empty()
        house.bring_in(count)
        house.start()
        plan.ground.sink.stop()
        house.submit(number)
        time.sleep(plan.fewer(30, 8))
        plan.ground.sink.start()
        back, before = time.time_ns(), house.cpu()
        seen = plan.ground.sink.wait("email", count, plan.patience())
        row = _rate(seen.letters, seen.first_ns, seen.last_ns, house.cpu() - before)
        plan.results.add(
            "drain", "vestka", row | {"first_after_s": (seen.first_ns - back) / 1e9} | _complete(seen.letters, count)
        )
        house.stop()


def store_bytes(plan: Plan) -> None:
    """What a delivery leaves in Redis, the event's own entry aside."""
    count = plan.fewer(20_000, 1_000)
    for number in range(min(plan.rounds, 3)):
        house = plan.house("webhook")
        house.empty()
        house.bring_in(count)
        house.start()
        before, cpu = plan.ground.store.used(), cpu_of([plan.ground.store.process])
        plan.ground.sink.forget()
        house.submit(number)
        seen = plan.ground.sink.wait("webhook", count, plan.patience())
        time.sleep(2.0)
        bytes_left = (plan.ground.store.used() - before) / max(1, seen.requests)
        micro = (cpu_of([plan.ground.store.process]) - cpu) / max(1, seen.requests) * 1e6
        plan.results.add("store", "vestka", {"bytes": bytes_left, "redis_us": micro} | _complete(seen.requests, count))
        house.stop()


def _side_by_side(plan: Plan, case: str, channel: str, count: int, events: int, *, own_hosts: bool = False) -> None:
    if not plan.has_time(case):
        return
    with _opened(plan, case, channel, count, own_hosts) as senders:
        for number in range(-1, plan.rounds):  # the first to warm up, not counted
            for sender in list(senders):
                try:
                    row = _round(plan, sender, channel, count, events if number >= 0 else 1)
                except OSError:
                    senders.remove(sender)
                    plan.results.skip(case, sender.name, "it ended")
                    continue
                if number < 0 and not row["got"] and sender.name != "vestka":
                    senders.remove(sender)  # each of its rounds would be waited for
                    plan.results.skip(case, sender.name, "nothing of it arrived")
                elif number >= 0:
                    plan.results.add(case, sender.name, row)


def _round(plan: Plan, sender: Sender, channel: str, count: int, events: int) -> Row:
    _calm(plan.fewer(15, 2))
    plan.ground.sink.forget()
    before, begun = sender.cpu(), time.time_ns()
    for number in range(events):
        sender.submit(number)
    seen = plan.ground.sink.wait(channel, count * events, plan.patience())
    time.sleep(0.3)  # what is written down afterwards belongs to it
    row = _rate(seen.of(channel), begun, seen.last_ns, sender.cpu() - before)
    return row | _complete(seen.of(channel), count * events)


def _rate(done: int, begun: int, ended: int, cpu: float) -> Row:
    return {"per_s": done / max(1e-9, (ended - begun) / 1e9), "cpu_per_1000": cpu / max(1, done) * 1_000}


def _complete(got: int, wanted: int) -> Row:
    return {"got": float(got), "wanted": float(wanted)}


def _warm(plan: Plan, sender: Sender, count: int, channel: str = "webhook") -> None:
    plan.ground.sink.forget()
    sender.submit(-1)
    plan.ground.sink.wait(channel, count, plan.patience())
    time.sleep(0.5)


def _calm(patience: float) -> None:
    deadline = time.monotonic() + patience
    while disturbance() > _CALM and time.monotonic() < deadline:
        pass


@contextmanager
def _opened(plan: Plan, case: str, channel: str, count: int, own_hosts: bool) -> Iterator[list[Sender]]:
    """Ourselves and whoever else can do it, all up and idle."""
    house = plan.house(channel)
    house.empty()
    house.bring_in(count, own_hosts=own_hosts)
    house.start()
    senders: list[Sender] = [house]
    others: list[Peer] = []
    for name, opening in PEERS.items():
        if name not in plan.who:
            continue
        if name == "apprise" and count > 500:
            plan.results.skip(case, name, "it would take minutes")
            continue
        peer = opening(plan.ground, channel, count, own_hosts)
        if isinstance(peer, str):
            plan.results.skip(case, name, peer)
        else:
            others.append(peer)
    try:
        yield [*senders, *others]
    finally:
        for peer in others:
            peer.stop()
        house.stop()


def _wrk(plan: Plan) -> None:
    """How much the sink takes from the fastest that there is: nobody can be faster here."""
    program = shutil.which("wrk")
    if program is None:
        return plan.results.skip("webhooks, ceiling", "wrk", "it is not installed")
    script = plan.ground.machine.folder / "post.lua"
    script.write_text('wrk.method = "POST"\nwrk.body = string.rep("x", 4000)\n')
    seconds = plan.fewer(5, 1)
    for _ in range(plan.rounds):
        where = f"http://127.0.0.1:{plan.ground.sink.http}/r/0"
        told = _run([program, "-t1", "-c64", f"-d{seconds}s", "-s", str(script), where])
        found = re.search(r"Requests/sec:\s+([\d.]+)", told)
        plan.results.add("webhooks, ceiling", "wrk", {"per_s": float(found[1]) if found else 0.0})
    return None


def _smtp_source(plan: Plan) -> None:
    program = shutil.which("smtp-source") or shutil.which("smtp-source", path="/usr/sbin:/usr/lib/postfix/sbin")
    if program is None:
        return plan.results.skip("email, ceiling", "smtp-source", "it is not installed (Debian's postfix has it)")
    letters = plan.fewer(10_000, 500)
    for _ in range(plan.rounds):
        plan.ground.sink.forget()
        many = ["-d", "-l", "12000", "-m", str(letters), "-s", "16"]
        _run([program, *many, "-f", "alerts@example.org", "-t", "r@example.org", f"127.0.0.1:{plan.ground.sink.smtp}"])
        seen = plan.ground.sink.wait("email", letters, plan.patience())
        rate = seen.letters / max(1e-9, (seen.last_ns - seen.first_ns) / 1e9)
        plan.results.add("email, ceiling", "smtp-source", {"per_s": rate})
    return None


def _run(command: Sequence[str]) -> str:
    pinned = ["taskset", "-c", str(core_of(0)), *command] if shutil.which("taskset") else list(command)
    return subprocess.run(pinned, check=True, capture_output=True, text=True, timeout=_PATIENCE).stdout


CASES: Final[dict[str, Callable[[Plan], None]]] = {
    "webhooks": webhooks,
    "email": email,
    "latency": latency,
    "telegram": telegram,
    "growth": growth,
    "two": two,
    "drain": drain,
    "store": store_bytes,
}
