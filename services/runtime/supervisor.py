"""Keeps service processes running: starts each again when it ends, however it ended, until told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from services.runtime.own_python import own_module, own_path

log = structlog.get_logger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 20.0  # seconds; the longest keeps recovery within the promised 30 s
_STEADY = 30.0
"""A process that lived this long is well: its next end is a first one again."""
_PATIENCE = 45.0  # more than the longest deadline of a channel


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    command: Sequence[str]
    descriptors: Sequence[int] = ()
    """Open files that it is given, each by the number it has here."""


def service_program(service: str, *more: str, descriptors: Sequence[int] = ()) -> Program:
    """The `vestka` command of this very interpreter, so that a child is what its parent is."""
    return Program(service, own_module("services.cli", "run", service, "--child", *more), descriptors)


def pause_before_restart(ends_in_a_row: int) -> float:
    """Seconds: doubling, from half a second up to twenty."""
    return float(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(ends_in_a_row, 10)))


async def keep_running(program: Program, environment: Mapping[str, str], stderr: int | None = None) -> None:
    """Until cancelled; then the process gets SIGTERM and time to finish what it has begun.

    `stderr`: a file to write its log to, in place of our own.
    """
    loop = asyncio.get_running_loop()
    ends = 0
    while True:
        started = loop.time()
        process = await asyncio.create_subprocess_exec(
            *program.command,
            stderr=stderr,
            env=own_path({**os.environ, **environment}),
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=program.descriptors,
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process, program.name)
            raise
        ends = 0 if loop.time() - started > _STEADY else ends + 1
        log.warning("service_ended", program=program.name, code=code, restart_in=pause_before_restart(ends - 1))
        await asyncio.sleep(pause_before_restart(ends - 1))


async def _end(process: asyncio.subprocess.Process, name: str) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), _PATIENCE)
    except TimeoutError:
        log.warning("service_did_not_stop", program=name)
        process.kill()
        await process.wait()


async def until_orphaned(parent: int) -> None:
    """Returns when the process `parent` is no longer ours: a service must not outlive the one that keeps it."""
    while os.getppid() == parent:  # noqa: ASYNC110  (no event tells a process that its parent died)
        await asyncio.sleep(1.0)
