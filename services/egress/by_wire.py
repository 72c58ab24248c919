"""Where calls are many: a small sender of our own (infra/decisions/0044-a-sender-of-our-own.md)."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from services.egress.connecting import GuardedConnect, Resolve
from services.egress.errors import TimedOut, TlsFailed, Unreachable
from services.egress.exchange import Exchange
from services.egress.kept import KeptConnections
from services.egress.question import Answer, Question
from services.egress.targets import Guard, Target
from services.egress.wire import Connection, Hearing
from services.egress.written import write_request

Dial = Callable[[str, int, float], Awaitable[socket.socket]]
"""A socket connected to this address and port within so many seconds. Raises Unreachable, TimedOut, and OSError where
we lack what a socket needs."""

_OUR_SHORTAGES: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


async def dial_tcp(address: str, port: int, patience: float) -> socket.socket:
    one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        one.setblocking(False)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        async with asyncio.timeout(patience):
            await asyncio.get_running_loop().sock_connect(one, (address, port))
    except BaseException as error:
        one.close()
        if isinstance(error, TimeoutError):
            raise TimedOut from None
        if isinstance(error, OSError) and error.errno not in _OUR_SHORTAGES:
            raise Unreachable from None
        raise
    return one


class WireTransport:
    """One request at a time on a connection, and the next one on the same where its answer ended as it should."""

    def __init__(
        self, guard: Guard, resolve: Resolve, patience: float, ssl_context: ssl.SSLContext, *, dial: Dial = dial_tcp
    ) -> None:
        self._connect = GuardedConnect(guard, resolve, dial)
        self._patience = patience
        self._ssl_context = ssl_context
        ssl_context.set_alpn_protocols(["http/1.1"])
        self._kept = KeptConnections()

    async def converse(self, question: Question, exchange: Exchange) -> Answer:
        request = write_request(question)
        connection = await self._ready(question.target, exchange)
        hearing = Hearing(question.open_body(), exchange)
        try:
            connection.ask(request, hearing)
            if (heard := hearing.head(connection.loop)) is not None:
                await heard
            if not hearing.over:
                await _hear_the_rest(hearing, connection.loop, question.listen_until())
        finally:
            exchange.sent = connection.all_left
            self._kept.give_back(question.target, connection)
        if hearing.error is not None:
            raise hearing.error
        hearing.body.finish()
        return Answer(hearing.status, hearing.headers, bytes(hearing.body.content), question.target.text)

    async def close(self) -> None:
        await self._kept.close()

    async def _ready(self, target: Target, exchange: Exchange) -> Connection:
        """A connection that stands, right after `exchange.begin()` said yes."""
        while True:
            kept = self._kept.take(target)
            connection = kept or await self._open(target)
            try:
                if (waits := exchange.begin()) is not None:
                    await waits
                elif kept is not None:
                    return kept  # it stood a moment ago, and nothing was waited for since
            except BaseException:
                self._kept.give_back(target, connection)
                raise
            if connection.stands:
                return connection
            if kept is None:
                raise Unreachable

    async def _open(self, target: Target) -> Connection:
        try:
            connected = await self._connect(target.host, target.port, self._patience)
        except OSError:  # what we lack may be what rests here
            self._kept.drop_all_at_rest()
            raise
        connection = await self._over(connected, target)
        self._kept.add(connection)
        return connection

    async def _over(self, connected: socket.socket, target: Target) -> Connection:
        tls, name = (self._ssl_context, target.host) if target.encrypted else (None, None)
        try:
            async with asyncio.timeout(self._patience):
                _, connection = await asyncio.get_running_loop().create_connection(
                    Connection, sock=connected, ssl=tls, server_hostname=name
                )
        except ssl.SSLError:
            raise TlsFailed from None
        except TimeoutError:
            raise TimedOut from None
        except OSError:
            raise Unreachable from None
        return connection


async def _hear_the_rest(hearing: Hearing, loop: asyncio.AbstractEventLoop, until: float | None) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout_at(until):
            await hearing.end(loop)
