"""The far side of every run: compiled from `sink.c` with the C compiler of the machine, on the core of all else."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.beside.machine import OTHER, BenchBroken, Machine, end, free_port, is_open, until

SOURCE: Final = Path(__file__).with_name("sink.c")
_STANDS_STILL: Final = 15.0
"""Seconds without an arrival, after which no more is waited for."""


class Seen(msgspec.Struct, frozen=True):
    """What came since it was asked to forget. `taken`, `refused`: by the stand-in for the Bot API."""

    requests: int
    letters: int
    connections: int
    bytes: int
    taken: int
    refused: int
    first_ns: int
    last_ns: int
    timed: int
    p50_us: int
    p99_us: int

    def of(self, channel: str) -> int:
        return {"webhook": self.requests, "email": self.letters, "telegram": self.taken}[channel]


class Sink:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.http, self.smtp = free_port(), free_port()
        self._program = compiled(machine.folder)
        self.start()

    def start(self) -> None:
        self._process = self._machine.start([self._program, self.http, self.smtp], core=OTHER)
        until(lambda: is_open(self.http) and is_open(self.smtp), self._machine, "the sink")
        self._asking = http.client.HTTPConnection("127.0.0.1", self.http, timeout=10)
        self.forget()

    def stop(self) -> None:
        """Nobody answers at its ports until it is started again."""
        self._asking.close()
        end(self._process)

    def seen(self) -> Seen:
        return msgspec.json.decode(self._ask("/stats"), type=Seen)

    def forget(self) -> None:
        self._ask("/reset")

    def wait(self, channel: str, wanted: int, patience: float, standing_still: float = _STANDS_STILL) -> Seen:
        """Until so many are there, `patience` seconds went by, or nothing has come for `standing_still`."""
        deadline = time.monotonic() + patience
        last, since = -1, time.monotonic()
        while (found := self._counted()).of(channel) < wanted and time.monotonic() < deadline:
            if found.of(channel) != last:
                last, since = found.of(channel), time.monotonic()
            elif time.monotonic() - since > standing_still:
                break
            time.sleep(0.01)
        return self.seen()

    def _counted(self) -> Seen:
        """As `seen`, for asking often: without the percentiles."""
        return msgspec.json.decode(self._ask("/count"), type=Seen)

    def _ask(self, path: str) -> bytes:
        self._asking.request("GET", path)
        return self._asking.getresponse().read()


def compiled(folder: Path) -> Path:
    compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
    if compiler is None:
        raise BenchBroken("the sink needs a C compiler: none of cc, gcc and clang is on the path")
    program = folder / "sink"
    subprocess.run([compiler, "-O2", "-o", program, SOURCE], check=True)
    return program
