"""Runs an ASGI app on the caller's event loop and on this machine only."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises OSError with the remedy when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        remedy = "stop what listens there, or give another port (0 takes a free one)"
        raise OSError(error.errno, f"cannot listen on {host}:{port}: {error.strerror}; {remedy}") from None
    listener.setblocking(False)
    return listener


def base_url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers, since the loop and the signals are the caller's."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class LocalServer:
    """`port` and `url` are right once `start` has returned. Stopping waits a second for requests under way."""

    def __init__(self, app: ASGIApp, host: str = LOOPBACK, port: int = 0) -> None:
        self.host = host
        self.port = port
        self._app = app
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return base_url(self.host, self.port)

    async def start(self) -> None:
        listener = listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        self._server = _Server(_config(self._app))
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait({self._serving, ready}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            await self._serving  # it ended before it was ready: raise what ended it

    async def stop(self) -> None:
        if self._server is None or self._serving is None:
            return
        self._server.should_exit = True
        await self._serving
        self._server = self._serving = None


def _config(app: ASGIApp) -> uvicorn.Config:
    # No access log and no log configuration: a Bot API path carries the token.
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
