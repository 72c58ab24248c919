"""The connect step: resolve a name once, check every address, connect to that very address.

Host header and TLS go on speaking of the name, since only the socket learns the address.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import httpcore

from services.egress.errors import Unreachable
from services.egress.exchange import ListenedStream
from services.egress.ip_addresses import read_address
from services.egress.targets import Guard

Resolve = Callable[[str], Awaitable[tuple[str, ...]]]
"""The addresses of a name, best first; none where there is no such name."""

_TRIED = 4
"""Addresses tried, of those a name has; all are checked."""

_PATIENCE = 60.0


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


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's sockets, behind the guard. Raises ForbiddenTarget beside httpcore's own errors."""

    def __init__(self, guard: Guard, resolve: Resolve, connector: httpcore.AsyncNetworkBackend) -> None:
        self._guard = guard
        self._resolve = resolve
        self._connector = connector

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's signature)
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        patience = _PATIENCE if timeout is None else timeout
        async with asyncio.timeout(patience):
            addresses = await self._addresses(host, port)
            return ListenedStream(await self._first_to_answer(addresses[:_TRIED], port, patience))

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        addresses = (host,) if read_address(host) else await self._resolve(host)
        if not addresses:
            raise Unreachable
        if self._guard.is_named(host, port):
            return addresses
        for address in addresses:
            self._guard.admit(address, port)
        return addresses

    async def _first_to_answer(
        self, addresses: tuple[str, ...], port: int, patience: float
    ) -> httpcore.AsyncNetworkStream:
        # In turn, the time shared out: an IPv6 route that swallows packets must not use up the time of IPv4.
        for address in addresses[:-1]:
            try:
                return await self._connector.connect_tcp(address, port, timeout=patience / len(addresses))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._connector.connect_tcp(addresses[-1], port, timeout=patience)
