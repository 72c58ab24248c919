"""The worker's own side: reads one article after the other from its input, and never outlives who started it.

    python -m services.ingest.reading.child module:function most-seconds [warm]

It gets no secrets: see `worker`. Its output carries frames only, so whatever else would print goes to its errors.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from services.ingest.articles import Article
from services.ingest.extraction import warm_up
from services.ingest.extraction.near_miss import NearMiss
from services.ingest.reading.messages import LENGTH, Raised, Read, Ready, Reply, encode_reply
from services.ingest.reports import Report

ReportsOf = Callable[[Article], tuple[Report, ...] | NearMiss]

_MOST_MEMORY: Final = 2 * 1024**3
"""Bytes of address space; reading takes about a tenth of it."""

_OUT_OF_MEMORY: Final = 3
"""Exit code."""

_PR_SET_PDEATHSIG: Final = 1
"""Linux, prctl(2)."""


def main(how: str, most_seconds: int, *, warm: bool) -> int:
    """Until its input ends; the exit code."""
    _die_with_parent()
    _be_the_first_to_go()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, which then ends us
    inbox, outbox = _pipes()
    reports_of = _load(how)
    if warm:
        warm_up()
    _send(outbox, Ready())
    try:
        while (body := _receive(inbox)) is not None:
            signal.alarm(most_seconds)  # where nobody is left to end us, this does: its default action ends the process
            _send(outbox, _reply(reports_of, body))
            signal.alarm(0)
    except MemoryError:
        return _OUT_OF_MEMORY
    except BrokenPipeError:
        return 0
    return 0


def _reply(reports_of: ReportsOf, body: bytes) -> Reply:
    """Raises MemoryError: a process without memory answers nothing that could be relied on."""
    try:
        read = reports_of(msgspec.json.decode(body, type=Article))
        return Read((), read) if isinstance(read, NearMiss) else Read(read)
    except MemoryError:
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Raised(type(error).__name__, f"{Path(last.filename).name}:{last.lineno}")


def _receive(inbox: BinaryIO) -> bytes | None:
    length = inbox.read(LENGTH)
    return inbox.read(int.from_bytes(length, "big")) if len(length) == LENGTH else None


def _send(outbox: BinaryIO, reply: Reply) -> None:
    outbox.write(encode_reply(reply))
    outbox.flush()


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return inbox, outbox


def _load(how: str) -> ReportsOf:
    module, _, name = how.partition(":")
    reports_of: ReportsOf = getattr(import_module(module), name)
    return reports_of


def _die_with_parent() -> None:
    """A worker deep in a text would not notice that its input has ended. Elsewhere than on Linux the alarm does it."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _be_the_first_to_go() -> None:
    """Where memory is short, the worker goes before the service and before Redis."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), warm="warm" in sys.argv[3:]))
