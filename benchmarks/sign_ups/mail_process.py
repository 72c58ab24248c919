"""A mail server in a process of its own, kept from nothing by whoever joins: it passes on what it got, and when."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

import uvloop

from services.demo.inbox import Inbox


@dataclass(frozen=True, slots=True)
class Letter:
    """`at`: Unix seconds."""

    recipient: str
    text: str
    at: float


@dataclass
class Mailbox:
    """The letters to each address, in the order they came."""

    port: int
    _letters: dict[str, list[Letter]] = field(default_factory=dict)
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, letter: Letter) -> None:
        self._letters.setdefault(letter.recipient, []).append(letter)
        self._came.set()
        self._came = asyncio.Event()

    def count(self, address: str) -> int:
        return len(self._letters.get(address, ()))

    async def letter(self, address: str, count: int) -> Letter:
        """The one of this number, from 1, once it is there."""
        while self.count(address) < count:
            await self._came.wait()
        return self._letters[address][count - 1]


@asynccontextmanager
async def open_mailbox() -> AsyncIterator[Mailbox]:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    loop = asyncio.get_running_loop()
    mailbox = Mailbox(await asyncio.to_thread(ours.recv))
    loop.add_reader(ours.fileno(), lambda: mailbox.take(ours.recv()))
    try:
        yield mailbox
    finally:
        loop.remove_reader(ours.fileno())
        process.terminate()
        process.join()


def _serve(passing_on: Connection) -> None:
    uvloop.run(_keep_serving(passing_on))


async def _keep_serving(passing_on: Connection) -> None:
    inbox = Inbox(keep=1_000)
    await inbox.start()
    passing_on.send(inbox.port)
    seen = 0
    while True:
        await inbox.wait_for(seen + 1)
        now = time.time()
        for letter in inbox.messages[seen - inbox.kept.total :]:
            passing_on.send(Letter(letter.recipient, letter.text, now))
        seen = inbox.kept.total
