"""The connect step of every transport: resolve a name once, check every address, connect to that very address.

Host header and TLS go on speaking of the name, since only the socket learns the address.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from services.egress.errors import TimedOut, Unreachable
from services.egress.ip_addresses import read_address
from services.egress.targets import Guard

T = TypeVar("T")

Resolve = Callable[[str], Awaitable[tuple[str, ...]]]
"""The addresses of a name, best first; none where there is no such name."""

_TRIED = 4
"""Addresses tried, of those a name has; all are checked."""


class SystemResolver:
    """`getaddrinfo` on threads of its own. One name holds one thread, however many wait for it, so that a name whose
    servers are silent delays no other."""

    def __init__(self, threads: int = 32) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolve")
        self._asked: dict[str, asyncio.Future[tuple[str, ...]]] = {}

    async def __call__(self, host: str) -> tuple[str, ...]:
        asked = self._asked.get(host)
        if asked is None:
            asked = asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host)
            self._asked[host] = asked
            asked.add_done_callback(lambda _: self._asked.pop(host, None))
        return await asyncio.shield(asked)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedConnect(Generic[T]):
    """`dial` connects to an address and port within so many seconds. It raises Unreachable or TimedOut."""

    def __init__(self, guard: Guard, resolve: Resolve, dial: Callable[[str, int, float], Awaitable[T]]) -> None:
        self._guard = guard
        self._resolve = resolve
        self._dial = dial

    async def __call__(self, host: str, port: int, patience: float) -> T:
        """Within `patience` seconds. Raises ForbiddenTarget, Unreachable, TimedOut."""
        try:
            async with asyncio.timeout(patience):
                addresses = await self._addresses(host, port)
                return await self._first_to_answer(addresses[:_TRIED], port, patience)
        except TimeoutError:
            raise TimedOut from None

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        addresses = (host,) if read_address(host) else await self._resolve(host)
        if not addresses:
            raise Unreachable
        if self._guard.is_named(host, port):
            return addresses
        for address in addresses:
            self._guard.admit(address, port)
        return addresses

    async def _first_to_answer(self, addresses: tuple[str, ...], port: int, patience: float) -> T:
        # In turn, the time shared out: an IPv6 route that swallows packets must not use up the time of IPv4.
        for address in addresses[:-1]:
            try:
                return await self._dial(address, port, patience / len(addresses))
            except (Unreachable, TimedOut):
                continue
        return await self._dial(addresses[-1], port, patience)
