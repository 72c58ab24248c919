"""A TCP proxy between the services and Redis, whose line can be cut, reset, swallowed and slowed."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from pathlib import Path
from typing import Final, Literal

from tests.faults.suite.far_sides.base import LOOPBACK

Mode = Literal["pass", "reset", "swallow", "slow"]
"""reset: every connection is accepted and then reset, as a balancer does whose backend is away. swallow: bytes go in
and nothing comes out. slow: 300 ms each way."""

_DELAY: Final = 0.3
_CHUNK: Final = 1 << 16


class Proxy:
    def __init__(self, target: Path) -> None:
        """`target`: the Unix socket of the server."""
        self._target = target
        self._mode: Mode = "pass"
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()

    def be(self, mode: Mode) -> None:
        self._mode = mode
        if mode == "reset":
            self.cut()

    def cut(self) -> None:
        for writer in list(self._open):
            _reset(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._mode == "reset":
            return _reset(writer)
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(str(self._target))
        except OSError:  # the server is away: accepted, and then reset
            return _reset(writer)
        self._open |= {writer, far_writer}
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        self._open -= {writer, far_writer}
        return None

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                if self._mode == "slow":
                    await asyncio.sleep(_DELAY)
                if self._mode != "swallow":
                    writer.write(chunk)
                    await writer.drain()
        writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST instead of FIN: SO_LINGER of no seconds."""
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
