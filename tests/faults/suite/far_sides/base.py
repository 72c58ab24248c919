"""What every far side has: manners by reader, what it took, and a way to be away and to come back."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar, Final

from tests.faults.suite.counting import Receipt

LOOPBACK: Final = "127.0.0.1"
KEYS: Final = range(501, 1000)
"""An event is told by its number of people: no article of the law, day or year is one of these."""

_NUMBER: Final = re.compile(r"(?<![\w.,])([5-9]\d\d)(?![\w,]\d|\d)")


def event_in(text: str) -> int:
    """The number of people a text begins with; 0 where there is none."""
    found = _NUMBER.search(text)
    return int(found[1]) if found else 0


class FarSide(ABC):
    """`usual` is its manner towards everybody, `manners` towards one reader; what manners there are, each one says."""

    channel: ClassVar[str]

    def __init__(self) -> None:
        self.usual = "take"
        self.manners: dict[str, str] = {}
        self.thinks = 0.0
        """Seconds before an answer."""
        self.port = 0
        self.receipts: list[Receipt] = []
        self.asked: dict[str, list[float]] = defaultdict(list)
        """By reader: when somebody tried to deliver, taken or not."""
        self.inside = 0
        """Copies taken and not yet answered."""
        self._tries: Counter[tuple[str, str]] = Counter()
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.StreamWriter] = set()

    def hosts(self) -> list[str]:
        return [LOOPBACK]

    async def start(self) -> None:
        """The same port at every start."""
        for host in self.hosts():
            server = await asyncio.start_server(self._serve, host, self.port, limit=1 << 22, backlog=2048)
            self.port = self.port or server.sockets[0].getsockname()[1]
            self._servers.append(server)

    async def stop(self) -> None:
        """Nobody is there any more, and whoever was connected is cut off."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        for writer in list(self._open):
            writer.transport.abort()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        await self.stop()
        try:
            yield
        finally:
            await self.start()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with contextlib.suppress(OSError, EOFError, ValueError, asyncio.LimitOverrunError, asyncio.CancelledError):
            await self.converse(reader, writer)
        self._open.discard(writer)
        writer.close()

    @abstractmethod
    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side has enough."""

    def manner(self, reader: str, about: str = "") -> str:
        """Its manner now; one that ends in "-once" is so the first time (by `about`) and "take" from then on."""
        manner = self.manners.get(reader, self.usual)
        if not manner.endswith("-once"):
            return manner
        self._tries[reader, about] += 1
        return manner.removesuffix("-once") if self._tries[reader, about] == 1 else "take"

    async def take(self, reader: str, event: int, ident: str) -> Receipt:
        """Notes a copy and thinks; the caller answers, and notes that with `answered`."""
        receipt = Receipt(self.channel, reader, event, ident, time.time())
        self.receipts.append(receipt)
        self.inside += 1
        try:
            await asyncio.sleep(self.thinks)
        finally:
            self.inside -= 1
        return receipt
