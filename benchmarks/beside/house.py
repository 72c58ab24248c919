"""Vestka as it is installed: an embedded server's binary, subscribers by the door for them, events as ingest writes."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

import redis

from benchmarks.beside.machine import MEASURED, OTHER, BenchBroken, Machine, cpu_of, end, free_port, is_open, until
from benchmarks.beside.sink import Sink
from services.runtime.embedded_redis import server_binary

ROOT: Final = Path(__file__).parents[2]
_EVENTS: Final = ROOT / "tests" / "golden" / "events"
_OF_KIND: Final = {"pardon": "pardon.json", "arrest": "arrest_first.json"}
_IMPORTED, _FOUNDING = 20_000, 1_000
"""Up to so many subscribers come in by `subscriber import`; of more, so many do, and `seeding` writes the others."""
HOSTS: Final = 250
"""Of the case in which endpoints have hosts of their own: addresses of loopback."""


class Store:
    """A server of Redis' kind, kept as the embedded one is."""

    def __init__(self, machine: Machine) -> None:
        self.port = free_port()
        folder = machine.folder / "redis"
        folder.mkdir()
        kept = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"]
        where = ["--port", self.port, "--bind", "127.0.0.1", "--dir", folder]
        self.process = machine.start([server_binary(), *where, *kept], core=OTHER)
        until(lambda: is_open(self.port), machine, "the server")
        self.client = redis.Redis(port=self.port)

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def used(self) -> int:
        """Bytes of what is kept, without what is on its way to a client or to the disk."""
        found: Any = self.client.info("memory")
        passing = sum(int(found.get(name, 0)) for name in ("mem_clients_normal", "mem_aof_buffer"))
        return int(found["used_memory"]) - passing


class House:
    """Notifiers of ours for one channel, on a store with these subscribers."""

    def __init__(self, machine: Machine, store: Store, sink: Sink, channel: str) -> None:
        self.name = "vestka"
        self._machine, self._store, self._sink = machine, store, sink
        self.channel = channel
        self.processes: list[subprocess.Popen[str]] = []
        self._state = machine.folder / "state"
        self._golden = {kind: json.loads((_EVENTS / name).read_text()) for kind, name in _OF_KIND.items()}

    def bring_in(self, count: int, *, asking: int | None = None, own_hosts: bool = False) -> None:
        """`asking`: so many of them, spread over all, ask for pardons, and all for arrests; None: all for pardons."""
        file = self._machine.folder / "subscribers.jsonl"
        with file.open("w") as lines:
            lines.writelines(f"{json.dumps(one)}\n" for one in self._subscribers(count, asking, own_hosts))
        if count <= _IMPORTED:
            self._run("services.cli", "subscriber", "import", str(file))
            return
        with file.open() as lines, (part := file.with_suffix(".first")).open("w") as first:
            first.writelines(islice(lines, _FOUNDING))
        self._run("services.cli", "subscriber", "import", str(part))
        middle = (_FOUNDING + count) // 2  # one on each core
        halves = ((_FOUNDING + 1, middle), (middle + 1, count))
        with ThreadPoolExecutor() as both:
            list(both.map(lambda half: self._run("benchmarks.beside.seeding", str(file), *map(str, half)), halves))

    def _run(self, module: str, *words: str) -> None:
        command = [sys.executable, "-m", module, *words]
        done = subprocess.run(command, env=self._environment(0), cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchBroken(f"{module} failed: {done.stderr[-500:]}")

    def _subscribers(self, count: int, asking: int | None, own_hosts: bool) -> Iterator[dict[str, Any]]:
        chosen = None if asking is None else set(random.Random(7).sample(range(count), asking))
        for number in range(count):
            kinds = ["pardon"] if chosen is None else ["arrest", "pardon"] if number in chosen else ["arrest"]
            yield {
                "since": "2020-01-01T00:00:00.000Z",
                "channels": [self._address(number, own_hosts)],
                "interests": [{"kinds": kinds}],
            }

    def _address(self, number: int, own_hosts: bool) -> dict[str, Any]:
        if self.channel == "email":
            return {"channel": "email", "target": f"reader{number}@example.org"}
        if self.channel == "telegram":
            return {"channel": "telegram", "target": str(1_000_000_000 + number)}
        secret = "whsec_" + b64encode(f"{number:032d}".encode()).decode()
        return {"channel": "webhook", "target": endpoint(self._sink, number, own_hosts), "secrets": [secret]}

    def start(self, core: int = MEASURED) -> subprocess.Popen[str]:
        """One notifier more."""
        port = free_port()
        command = [sys.executable, "-m", "services.cli", "run", "notify", "--unsupervised"]
        process = self._machine.start(command, core=core, environment=self._environment(port), cwd=ROOT)
        self.processes.append(process)
        until(lambda: _answers(port), self._machine, "a notifier")
        return process

    def stop(self) -> None:
        while self.processes:
            end(self.processes.pop())

    def stop_one(self, process: subprocess.Popen[str]) -> None:
        self.processes.remove(process)
        end(process)

    def empty(self) -> None:
        self.stop()
        self._store.client.flushall()
        self._state = self._machine.folder / f"state-{time.monotonic_ns()}"  # of one that lost its store, all is paused

    def submit(self, number: int, kind: str = "pardon") -> None:
        """The sample of this kind as a new story; the name of its first source bears the time."""
        event = json.loads(json.dumps(self._golden[kind]))
        story = f"bench-{number}-{time.time_ns()}"
        event |= {"id": f"{story}-r1", "subject": story, "time": time.strftime("%Y-%m-%dT%H:%M:%S.999Z", time.gmtime())}
        event["data"] |= {"story_id": story}
        event["data"]["sources"][0]["name"] = f"T0={time.time_ns()};"
        self._store.client.xadd("vestka:events", {"event": json.dumps(event, ensure_ascii=False)})

    def cpu(self) -> float:
        return cpu_of(self.processes)

    def _environment(self, port: int) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("VESTKA_", "REDIS_URL"))}
        channel = {
            "webhook": {"WEBHOOK__DEADLINE": "15"},
            "email": {
                "EMAIL__HOST": "127.0.0.1",
                "EMAIL__PORT": str(self._sink.smtp),
                "EMAIL__STARTTLS": "off",
                "EMAIL__SENDER": "alerts@example.org",
                "EMAIL__LIST_ID": "alerts.example.org",
            },
            "telegram": {"TELEGRAM__TOKEN": "1:bench", "TELEGRAM__API_BASE": f"http://127.0.0.1:{self._sink.http}"},
        }[self.channel]
        return clean | {
            "REDIS_URL": self._store.url(),
            "VESTKA_STATE_DIR": str(self._state),
            "VESTKA_NOTIFY_PORT": str(port),
            "VESTKA_PUBLIC_URL": "https://alerts.example.org",
            "VESTKA_ALLOW_HTTP": "true",
            "VESTKA_ALLOWED_NETWORKS": '["127.0.0.0/8"]',
            **{f"VESTKA_CHANNELS__{name}": value for name, value in channel.items()},
        }


def endpoint(sink: Sink, number: int, own_hosts: bool) -> str:
    host = f"127.0.{1 + number % HOSTS}.1" if own_hosts else "127.0.0.1"
    return f"http://{host}:{sink.http}/r/{number}"


def _answers(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
        return bool(answer.status == 200)
    return False
