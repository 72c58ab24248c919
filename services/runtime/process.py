"""One service process: FastStream owns its life; HTTP doors and background tasks live inside it.

FastStream ends its app, with exit code 0, when a stream or group is deleted under it. So every end of a service that
nobody asked for is one to start again after: see `supervisor`.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import structlog
from faststream import FastStream
from faststream.redis import RedisBroker
from starlette.applications import Starlette

from services.runtime.heartbeat import writes_refused
from services.runtime.http.server import HttpServer, listen
from services.runtime.settings import SettingsError

log = structlog.get_logger(__name__)

_WEB_PATIENCE = 5  # seconds
_MOST_CANCELLATIONS = 20

BackgroundTask = Callable[[], Awaitable[None]]
"""Runs until cancelled. If it ends or raises, the service ends."""


@dataclass(frozen=True, slots=True)
class PrivateSide:
    """What a service answers on a port of its own, for us and never for the public. `setting` names the port."""

    web: Starlette
    host: str
    port: int
    setting: str


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of one process, put together by a composition root."""

    name: str
    broker: RedisBroker
    web: Starlette
    host: str
    port: int
    prepare: Callable[[], Awaitable[None]]
    """Before the readers start: groups, files, what must exist."""
    background: list[BackgroundTask] = field(default_factory=list)
    close: Callable[[], Awaitable[None]] | None = None
    private: PrivateSide | None = None
    """None where `port` is private as a whole."""


async def run_service(service: Service, listener: socket.socket | None = None) -> None:
    """Until a signal, or until one of its parts ends. Raises SettingsError, and what a part raised.

    `listener`: a port that is ours already, in place of the one that the service names.
    """

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        await service.prepare()
        try:
            yield
        finally:
            if service.close is not None:
                await service.close()

    app = FastStream(service.broker, logger=logging.getLogger("vestka.faststream"), lifespan=lifespan)
    broken: list[BaseException] = []

    async def watched(part: BackgroundTask) -> None:
        try:
            await part()
        except Exception as error:
            broken.append(writes_refused(error) or error)
            log.exception("part_failed", part=getattr(part, "__qualname__", "?"))
        app.exit()

    tasks: list[asyncio.Task[None]] = []
    answering = _answering(service, listener)

    @app.after_startup
    async def start_parts() -> None:
        serving: list[BackgroundTask] = [partial(web.serve, sockets=[port]) for web, port in answering]
        tasks.extend(asyncio.create_task(watched(part)) for part in (*service.background, *serving))
        log.info("service_started", port=service.port)

    @app.on_shutdown
    async def stop_parts() -> None:
        for web, _ in answering:
            web.should_exit = True
        parts, serving = tasks[: -len(answering)], tasks[-len(answering) :]
        await _end(parts)
        await asyncio.wait(serving, timeout=_WEB_PATIENCE + 1)
        await _end(serving)

    await app.run()
    log.info("service_stopped")
    if broken:
        raise broken[0]


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Cancels until each has ended: redis-py swallows a cancellation that meets an error of the server's."""
    for _ in range(_MOST_CANCELLATIONS):
        pending = [task for task in tasks if not task.done()]
        if not pending:
            return
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=0.5)


def _answering(service: Service, listener: socket.socket | None) -> list[tuple[HttpServer, socket.socket]]:
    """What answers, and where; the public side first."""
    public = listener or _listener(service.host, service.port, f"VESTKA_{service.name.upper()}_PORT")
    sides = [(HttpServer(service.web, patience=_WEB_PATIENCE), public)]
    if (private := service.private) is not None:
        try:
            port = _listener(private.host, private.port, private.setting)
        except SettingsError:
            public.close()
            raise
        sides.append((HttpServer(private.web, patience=_WEB_PATIENCE), port))
    return sides


def _listener(host: str, port: int, setting: str) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        raise SettingsError(f"{setting}: {error.strerror}") from None
