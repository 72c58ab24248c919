"""Several processes of notify under one supervisor: what they share, and which of them this one is."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import structlog

from services.cli.exits import CliExit, Code
from services.runtime.shared_numbers import FOLDER, keep_numbers_as
from services.runtime.supervisor import Program, service_program


@dataclass(frozen=True, slots=True)
class ProcessShare:
    """One of `processes`, counted from 0. `listener`: the number of the socket that all of them listen on."""

    number: int
    processes: int
    listener: int

    def take_up(self) -> None:
        """From here on the process counts as this one. Before any metric is made."""
        keep_numbers_as(self.number)
        structlog.contextvars.bind_contextvars(process=self.number + 1)


@contextmanager
def shared_numbers() -> Iterator[dict[str, str]]:
    """The environment of those who keep their numbers in one folder, which goes with us."""
    try:
        folder = TemporaryDirectory(prefix="vestka-numbers-", ignore_cleanup_errors=True)
    except OSError as error:
        what = f"--processes needs a temporary folder for the numbers at /metrics ({error.strerror}); set TMPDIR."
        raise CliExit(Code.USAGE, what) from None
    with folder as path:
        yield {FOLDER: path}


def programs_of_shares(processes: int, listener: socket.socket) -> list[Program]:
    """All take what comes to the one socket, so that it goes on answering while one of them is gone."""
    descriptor = listener.fileno()
    return [
        service_program(
            "notify",
            *("--processes", str(processes), "--number", str(number), "--listener", str(descriptor)),
            descriptors=(descriptor,),
        )
        for number in range(processes)
    ]
