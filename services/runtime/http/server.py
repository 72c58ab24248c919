"""uvicorn as a part of a process: no signals of its own, no logs with paths in them, and a port that is surely ours."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp


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


def inherited(descriptor: int) -> socket.socket:
    """The socket that our parent listens on, and other children of its with us: whoever is free takes a connection."""
    listener = socket.socket(fileno=descriptor)
    listener.setblocking(False)
    return listener


class HttpServer(uvicorn.Server):
    """Serves until `should_exit`; `ready` is set once it answers. `patience`: seconds for requests under way."""

    def __init__(self, app: ASGIApp, patience: int) -> None:
        # No access log and no log configuration: paths carry tokens.
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                server_header=False,
                proxy_headers=False,  # whoever connects is who we count, whatever X-Forwarded-For says
                timeout_graceful_shutdown=patience,
            )
        )
        self.ready = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the signals are the process's

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()
