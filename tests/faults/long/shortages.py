"""What takes something from a running service: a proxy before Redis that resets, a limit of file descriptors."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit


class RedisProxy:
    """Passes everything through to Redis, or accepts and resets at once."""

    def __init__(self, url: str) -> None:
        self._socket = urlsplit(url).path
        self._resets = False
        self._writers: set[asyncio.StreamWriter] = set()

    def reset(self) -> None:
        """Every connection there is, and every one to come."""
        self._resets = True
        for writer in tuple(self._writers):
            writer.transport.abort()

    def pass_through(self) -> None:
        self._resets = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._resets:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_unix_connection(self._socket)
        pair = {writer, far_writer}
        self._writers |= pair
        try:
            await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
        finally:
            self._writers -= pair
            for one in pair:
                one.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.transport.abort()


@asynccontextmanager
async def a_proxy(url: str) -> AsyncIterator[tuple[RedisProxy, str]]:
    """The proxy, and the address by which to reach Redis through it."""
    proxy = RedisProxy(url)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield proxy, f"redis://127.0.0.1:{port}/0"
    finally:
        proxy.reset()
        server.close()


@contextmanager
def no_more_descriptors(pid: int) -> Iterator[None]:
    """The process can open nothing beyond what it has open."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    used = max(int(one.name) for one in Path(f"/proc/{pid}/fd").iterdir()) + 1
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))
