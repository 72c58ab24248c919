"""Programs of ours as processes: started, killed, asked; and nothing else is ever signalled."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.runtime.settings import REPOSITORY

_PATIENCE: Final = 40.0
"""Seconds a service gets to end by itself before it is killed."""

_BREATH: Final = 1.0
"""Seconds before a service that ended is started again."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


class Programs:
    """The services of one house by name, and `vestka` commands beside them."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.ended_by_itself = 0
        """How often a service ended though nobody had asked it to."""
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._watchers: dict[str, asyncio.Task[None]] = {}

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def ended(self, name: str) -> bool:
        return name not in self._running or self._running[name].returncode is not None

    async def start(self, name: str, service: str, environment: Mapping[str, str], *, again: bool = True) -> None:
        """`again`: started again whenever it ends by itself, as a supervisor does."""
        self._running[name] = await self._spawn(service, environment)
        if again:
            self._watchers[name] = asyncio.create_task(self._watch(name, service, environment))

    async def _spawn(self, service: str, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
        """`--child`: as a supervisor starts it, so that it goes when we do, however we go."""
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "services.cli", "run", service, "--child"),
                env=environment,
                cwd=REPOSITORY,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def _watch(self, name: str, service: str, environment: Mapping[str, str]) -> None:
        while True:
            await self._running[name].wait()
            self.ended_by_itself += 1
            await asyncio.sleep(_BREATH)
            self._running[name] = await self._spawn(service, environment)

    def _taken(self, name: str) -> asyncio.subprocess.Process:
        """The process, which nobody watches any more."""
        if watcher := self._watchers.pop(name, None):
            watcher.cancel()
        return self._running.pop(name)

    async def kill(self, name: str) -> None:
        """SIGKILL: it gets to finish nothing."""
        process = self._taken(name)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def terminate(self, name: str) -> int:
        """SIGTERM, and SIGKILL where it does not end; its exit code."""
        process = self._taken(name)
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(process.wait(), _PATIENCE)
        process.kill()
        return await process.wait()

    def freeze(self, name: str) -> None:
        os.kill(self.pid(name), signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        os.kill(self.pid(name), signal.SIGCONT)

    async def stop(self) -> None:
        for name in list(self._running):
            await self.kill(name)

    async def ask(self, environment: Mapping[str, str], *words: str, say: str = "", patience: float = 60) -> Said:
        """Runs `vestka WORDS`; exit code -1 where it did not end in time."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.cli", *words),
            env=environment,
            cwd=REPOSITORY,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(say.encode()), patience)
        except TimeoutError:
            process.kill()
            await process.wait()
            return Said(-1, "", "it did not end")
        return Said(process.returncode or 0, out.decode(), err.decode())
