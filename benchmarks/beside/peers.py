"""The others that are measured: each a process that sends one event to many, and a way to give it one."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.beside.house import Store, endpoint
from benchmarks.beside.machine import OTHER, BenchBroken, Machine, cpu_of, end, free_port, memory_of, until
from benchmarks.beside.sink import Sink

PROGRAMS: Final = Path(__file__).with_name("programs")
ALERTMANAGER: Final = "prometheus-alertmanager"
_TEXT: Final = "s" * 1_200


@dataclass(frozen=True, slots=True)
class Peer:
    name: str
    processes: Sequence[subprocess.Popen[str]]
    submit: Callable[[int], None]
    also: Sequence[subprocess.Popen[str]] = ()
    """What gives it its work, and is not counted."""

    def cpu(self) -> float:
        return cpu_of(self.processes)

    def memory(self) -> float:
        return memory_of(self.processes)

    def stop(self) -> None:
        for process in (*self.also, *self.processes):
            end(process)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a peer is set up on. `python`: the bench's own, with the packages of peers; None where there is none."""

    machine: Machine
    store: Store
    sink: Sink
    python: Path | None


Open = Callable[[Ground, str, int, bool], "Peer | str"]
"""With a channel, receivers, and whether each has a host of its own; a text says why it cannot be measured."""


def alertmanager(ground: Ground, channel: str, count: int, own_hosts: bool) -> Peer | str:
    program = shutil.which(ALERTMANAGER) or shutil.which("alertmanager")
    if program is None:
        return f"{ALERTMANAGER} is not installed"
    port, folder = free_port(), ground.machine.folder / f"alertmanager-{time.monotonic_ns()}"
    folder.mkdir()
    (folder / "configuration.yml").write_text(_configuration(ground.sink, channel, count, own_hosts))
    process = ground.machine.start(
        [program, f"--config.file={folder}/configuration.yml", f"--storage.path={folder}/data", "--log.level=error",
         f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="],
        environment={"GOMAXPROCS": "1"},
    )  # fmt: skip
    until(lambda: _is_ready(port), ground.machine, "Alertmanager")
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def submit(number: int) -> None:
        alert = {
            "labels": {"alertname": "bench", "number": f"{number}-{time.time_ns()}"},
            "annotations": {"summary": _TEXT, "title": f"T0={time.time_ns()};"},
        }
        asking.request("POST", "/api/v2/alerts", json.dumps([alert]), {"content-type": "application/json"})
        asking.getresponse().read()

    return Peer("alertmanager", [process], submit)


def _configuration(sink: Sink, channel: str, count: int, own_hosts: bool) -> str:
    def receiver(number: int) -> str:
        if channel == "webhook":
            return f"  - {{url: '{endpoint(sink, number, own_hosts)}', send_resolved: false}}"
        where = f"to: reader{number}@example.org, from: alerts@example.org, smarthost: '127.0.0.1:{sink.smtp}'"
        subject = "headers: {Subject: '{{ .CommonAnnotations.title }}'}"
        return f"  - {{{where}, require_tls: false, send_resolved: false, {subject}}}"

    # Each alert is a group of its own, which goes out at once; the interval is when it is looked at again, for nothing.
    route = "{receiver: all, group_by: ['...'], group_wait: 0s, group_interval: 5m, repeat_interval: 4h}"
    lines = [f"route: {route}", "receivers:", "- name: all", f"  {channel}_configs:", *map(receiver, range(count))]
    return "\n".join(lines) + "\n"


def _is_ready(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def apprise(ground: Ground, channel: str, count: int, own_hosts: bool) -> Peer | str:
    if ground.python is None:
        return "the packages of peers could not be installed"
    if channel == "email":
        mail = f"mailto://127.0.0.1:{ground.sink.smtp}/?from=alerts@example.org&mode=insecure&smtp=127.0.0.1"
        urls = [f"{mail}&to=reader{number}@example.org" for number in range(count)]
    else:
        urls = [f"json{endpoint(ground.sink, number, own_hosts).removeprefix('http')}" for number in range(count)]
    process = ground.machine.start([ground.python, PROGRAMS / "apprise_sender.py", _receivers(ground, urls)], fed=True)
    return Peer("apprise", [process], _by_lines(process, lambda: f"{_TEXT} T0={time.time_ns()};"))


def celery(ground: Ground, channel: str, count: int, own_hosts: bool) -> Peer | str:
    if ground.python is None:
        return "the packages of peers could not be installed"
    if channel != "webhook":
        return "it has no such channel of its own"
    broker = {"BENCH_BROKER": ground.store.url(1)}
    run = [ground.python, "-m", "celery", "-A", "celery_tasks", "worker", "-l", "ERROR", "-P", "threads", "-c", 16]
    worker = ground.machine.start(run, environment=broker, cwd=PROGRAMS)
    urls = [endpoint(ground.sink, number, own_hosts) for number in range(count)]
    give = [ground.python, PROGRAMS / "celery_tasks.py", _receivers(ground, urls)]
    giver = ground.machine.start(give, core=OTHER, environment=broker, fed=True)
    return Peer("celery", [worker], _by_lines(giver, _body), also=[giver])


def naive(ground: Ground, channel: str, count: int, own_hosts: bool) -> Peer | str:
    return _on_a_stream("naive", ground, channel, count, own_hosts, ground.store.url(2), "__data__")


def floor(ground: Ground, channel: str, count: int, own_hosts: bool) -> Peer | str:
    return _on_a_stream("floor", ground, channel, count, own_hosts, str(ground.store.port), "body")


def _on_a_stream(
    name: str, ground: Ground, channel: str, count: int, own_hosts: bool, where: str, field: str
) -> Peer | str:
    """A program of ours that reads a stream of its own."""
    if channel != "webhook":
        return "it has no such channel of its own"
    client, stream = ground.store.client, f"bench:{name}:{time.monotonic_ns()}"
    if name == "naive":
        client = type(client)(port=ground.store.port, db=2)
    client.xgroup_create(stream, name, "0", mkstream=True)
    urls = [endpoint(ground.sink, number, own_hosts) for number in range(count)]
    command = [sys.executable, PROGRAMS / f"{name}.py", where, stream, _receivers(ground, urls)]
    process = ground.machine.start(command)

    def submit(_number: int) -> None:
        client.xadd(stream, {field: _body()})

    return Peer(name, [process], submit)


def _body() -> str:
    return json.dumps({"summary": _TEXT, "title": f"T0={time.time_ns()};"})


def _receivers(ground: Ground, urls: Sequence[str]) -> Path:
    file = ground.machine.folder / f"receivers-{time.monotonic_ns()}"
    file.write_text("\n".join(urls))
    return file


def _by_lines(process: subprocess.Popen[str], text: Callable[[], str]) -> Callable[[int], None]:
    assert process.stdin is not None
    assert process.stdout is not None
    into, out = process.stdin, process.stdout
    if out.readline().strip() != "ready":
        raise BenchBroken("a peer did not come up")

    def submit(_number: int) -> None:
        into.write(f"{text()}\n")
        into.flush()
        out.readline()

    return submit


PEERS: Final[dict[str, Open]] = {
    "alertmanager": alertmanager,
    "apprise": apprise,
    "celery": celery,
    "naive": naive,
    "floor": floor,
}
