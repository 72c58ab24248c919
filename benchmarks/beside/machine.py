"""Processes of a run, each on a core of its own where there are two, and what they cost. Ends only what it started."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

TICKS: Final = os.sysconf("SC_CLK_TCK")
MEASURED, OTHER = 0, 1
"""Which core: of those we may use, the first for whoever is measured, the last for all else."""


class BenchBroken(Exception):
    """Something of a run did not come about; the text says what, and what its processes said."""


class Machine:
    """A folder and the processes of a run; all is gone when it is left."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="vestka-bench-")
        self.folder = Path(self._folder.name)
        self._running: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in reversed(self._running):
            end(process)
        self._folder.cleanup()

    def start(
        self,
        command: Sequence[object],
        *,
        core: int = MEASURED,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        fed: bool = False,
    ) -> subprocess.Popen[str]:
        """`fed`: it is written to and answers; else what it says goes to a file of the run's folder."""
        words = [str(word) for word in command]
        with (self.folder / f"{len(self._running)}-{Path(words[0]).name}.log").open("a") as log:
            process = subprocess.Popen(
                words,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.PIPE if fed else subprocess.DEVNULL,
                stdout=subprocess.PIPE if fed else log,
                stderr=log,
                text=True,
                bufsize=1,
                cwd=cwd,
            )
        os.sched_setaffinity(process.pid, {core_of(core)})
        self._running.append(process)
        return process

    def said(self) -> str:
        """The last lines of all processes, for whoever has to find out why one did not come up."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{one.name}: {one.read_text(errors='replace')[-300:]}" for one in logs if one.stat().st_size)


def end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # what was written to one that is gone
                pipe.close()


def core_of(which: int) -> int:
    ours = sorted(os.sched_getaffinity(0))
    return ours[0] if which == MEASURED else ours[-1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True


def until(done: Callable[[], bool], machine: Machine, what: str, patience: float = 60.0) -> None:
    """Raises BenchBroken."""
    deadline = time.monotonic() + patience
    while not done():
        if time.monotonic() > deadline:
            raise BenchBroken(f"{what} did not come about within {patience:.0f} s\n{machine.said()}")
        time.sleep(0.03)


def cpu_of(processes: Sequence[subprocess.Popen[str]]) -> float:
    """Seconds, user and system, with those of the children that are there."""
    return sum(_cpu(pid) for process in processes for pid in _family(process.pid))


def memory_of(processes: Sequence[subprocess.Popen[str]]) -> float:
    """MB that are in memory."""
    page = os.sysconf("SC_PAGE_SIZE")
    pages = [_words(pid, "statm") for process in processes for pid in _family(process.pid)]
    return sum(int(one[1]) for one in pages if one) * page / 1e6


def peak_memory_of(processes: Sequence[subprocess.Popen[str]]) -> float:
    """MB that were in memory at most."""
    lines = (line for process in processes for pid in _family(process.pid) for line in _lines(pid, "status"))
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        found = [int(child) for child in children.read_text().split()]
    except OSError:
        found = []
    return [pid, *(one for child in found for one in _family(child))]


def _cpu(pid: int) -> float:
    """By the scheduler's nanoseconds where it counts them, since an event for a hundred takes few of the clock's ticks;
    those have also what threads spent that have ended."""
    words = _words(pid, "stat")
    ticks = (int(words[11]) + int(words[12])) / TICKS if words else 0.0
    spent = [_lines(int(task.name), "schedstat") for task in Path(f"/proc/{pid}/task").glob("*")]
    return max(ticks, sum(int(lines[0].split()[0]) for lines in spent if lines) / 1e9)


def _lines(pid: int, file: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return []


def _words(pid: int, file: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/{file}").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def disturbance(seconds: float = 0.3) -> float:
    """Which part of the measured core is busy now, with none of our own work under way."""
    before = _busy()
    time.sleep(seconds)
    return (_busy() - before) / seconds


def _busy() -> float:
    name = f"cpu{core_of(MEASURED)} "
    lines = Path("/proc/stat").read_text().splitlines()
    return next((sum(map(int, line.split()[1:4])) / TICKS for line in lines if line.startswith(name)), 0.0)
