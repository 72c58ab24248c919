"""One life of the process that reads: started and warmed, asked, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import Final

import msgspec
import structlog

from services.ingest.articles import Article
from services.ingest.reading.messages import LENGTH, Ready, Reply, decode_reply, framed
from services.ingest.reading.stopped import WorkerDied
from services.runtime.own_python import own_module, own_path

log = structlog.get_logger(__name__)

_CHILD: Final = "services.ingest.reading.child"
_ITS_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "PYTHONWARNINGS", "LANG", "LC_ALL", "SYSTEMROOT")
"""Nothing else, so that no secret is at hand where strangers' texts are read."""

_READY_WITHIN: Final = 600.0
"""Seconds: a start that takes longer has failed. Warm, it takes some eight on a core of its own; a machine that is busy
with twenty other things must not end it for ever anew."""


class Process:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, how: str, most_seconds: int, *, warm: bool) -> Process:
        """Ready when it returns. Raises WorkerDied where it does not come up."""
        environment = {name: os.environ[name] for name in _ITS_ENVIRONMENT if name in os.environ}
        process = cls(
            await asyncio.create_subprocess_exec(
                *own_module(_CHILD, how, str(most_seconds), *(["warm"] if warm else [])),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=own_path(environment),
            )
        )
        if not await process._is_ready():
            raise WorkerDied(None)
        return process

    async def _is_ready(self) -> bool:
        ready = False
        try:
            async with asyncio.timeout(_READY_WITHIN):
                ready = isinstance(await self._answer(), Ready)
        except TimeoutError:
            log.error("reading_worker_not_ready", seconds=_READY_WITHIN)
        finally:
            if not ready:
                await self.end()
        return ready

    async def ask(self, article: Article) -> Reply:
        """Raises WorkerDied. Cancelled, it leaves the process with an answer that nobody takes: end it."""
        if self._process.stdin is None:
            raise WorkerDied(None)
        try:
            self._process.stdin.write(framed(msgspec.json.encode(article)))
            await self._process.stdin.drain()
        except ConnectionError:
            raise WorkerDied(await self._process.wait()) from None
        return await self._answer()

    async def _answer(self) -> Reply:
        if self._process.stdout is None:
            raise WorkerDied(None)
        try:
            length = await self._process.stdout.readexactly(LENGTH)
            return decode_reply(await self._process.stdout.readexactly(int.from_bytes(length, "big")))
        except (asyncio.IncompleteReadError, ConnectionError):
            raise WorkerDied(await self._process.wait()) from None

    async def end(self) -> None:
        """At once, whatever it is doing."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
