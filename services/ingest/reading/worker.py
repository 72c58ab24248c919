"""Ingest's side of reading: a warm worker is kept, ended at the deadline, and replaced.

Extraction is pure and runs on strangers' texts. However carefully its patterns are made, one day a text will hold it
up: then the deadline ends the process, and the road goes on with the next article. Nothing else waits for a text: the
event loop only waits for a pipe, so health, signals and claims go on.
"""

from __future__ import annotations

import asyncio
import math
from typing import Final

import structlog

from services.ingest.articles import Article
from services.ingest.extraction.near_miss import NearMiss
from services.ingest.reading.messages import Raised, Read
from services.ingest.reading.reading_process import Process
from services.ingest.reading.stopped import (
    CRASHED,
    TOOK_TOO_LONG,
    ReadingClosed,
    ReadingFailed,
    ReadingStopped,
    WorkerDied,
)
from services.ingest.reports import Report

log = structlog.get_logger(__name__)

REPORT_OF: Final = "services.ingest.article_reading:reading_of"
"""What the worker calls: the module and the function."""

_ATTEMPTS: Final = 2
"""A worker that dies may have been ended by the machine for want of memory, so an article that met that is tried once
more. One that passed the deadline is not: reading is pure, and would take as long again."""

_LONGER: Final = 10
"""Seconds beyond the deadline after which a worker whom nobody ends ends itself."""


class ReadingWorker:
    """Reads one article at a time; who comes meanwhile waits, and the deadline counts from when its turn comes."""

    def __init__(self, deadline: float, how: str = REPORT_OF, *, warm: bool = True) -> None:
        """`deadline` in seconds of wall time. `warm`: with every pattern compiled before the first article comes."""
        self._deadline = deadline
        self._how = how
        self._warm = warm
        self._turn = asyncio.Lock()
        self._process: asyncio.Task[Process] | None = None
        self._closed = False

    async def start(self) -> None:
        """The first worker, warm. Raises ReadingFailed where none comes up."""
        await self._living()

    async def read(self, article: Article) -> tuple[Report, ...] | NearMiss:
        """Raises ReadingStopped where the article is given up, ReadingFailed, and ReadingClosed."""
        async with self._turn:
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    return await self._once(article)
                except WorkerDied as died:
                    if self._closed:
                        raise ReadingClosed("ingest ends: the article is read after its next start") from None
                    log.warning("reading_worker_died", exit_code=died.code, attempt=attempt)
            raise ReadingStopped(CRASHED)

    async def _once(self, article: Article) -> tuple[Report, ...] | NearMiss:
        process = await self._living()
        answered = False
        try:
            async with asyncio.timeout(self._deadline):
                reply = await process.ask(article)
            answered = True
        except TimeoutError:
            raise ReadingStopped(TOOK_TOO_LONG) from None
        finally:
            if not answered:
                await self._replace(process)
        match reply:
            case Read(reports, near_miss):
                return reports or near_miss or ()
            case Raised(error, at):
                raise ReadingFailed(f"{error} at {at}")
            case _:
                raise WorkerDied(None)

    async def _living(self) -> Process:
        if self._closed:
            raise ReadingClosed("ingest ends: the article is read after its next start")
        if self._process is None or (self._process.done() and self._process.exception()):
            self._process = self._starting()
        try:
            return await asyncio.shield(self._process)
        except WorkerDied as died:  # no article's fault: it stays pending, and is read when one comes up
            raise ReadingFailed(f"the worker that reads does not come up (exit code {died.code})") from None

    async def _replace(self, process: Process) -> None:
        """The next one warms up while what became of the article is written down."""
        self._process = None
        await process.end()
        if not self._closed:
            self._process = self._starting()

    def _starting(self) -> asyncio.Task[Process]:
        longest = math.ceil(self._deadline) + _LONGER
        return asyncio.create_task(Process.start(self._how, longest, warm=self._warm))

    async def until_closed(self) -> None:
        """A part of the service: as soon as the service ends, reading does, so that no text holds up the end."""
        try:
            await asyncio.Event().wait()
        finally:
            await self.close()

    async def close(self) -> None:
        self._closed = True
        task, self._process = self._process, None
        if task is None:
            return
        task.cancel()
        try:
            process = await task
        except (asyncio.CancelledError, WorkerDied):
            return
        await process.end()
