"""Runs an ASGI app on the caller's event loop and on this machine only."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp

from services.runtime.http.server import HttpServer, listen

LOOPBACK = "127.0.0.1"


def base_url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class LocalServer:
    """`port` and `url` are right once `start` has returned. Stopping waits a second for requests under way."""

    def __init__(self, app: ASGIApp, host: str = LOOPBACK, port: int = 0) -> None:
        self.host = host
        self.port = port
        self._app = app
        self._server: HttpServer | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return base_url(self.host, self.port)

    async def start(self) -> None:
        listener = listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        self._server = HttpServer(self._app, patience=1)
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
