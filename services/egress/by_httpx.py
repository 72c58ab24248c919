"""Where calls are few: httpx's requests and answers, over a pool of httpcore's whose connect step is ours.

It is httpx's transport rather than its client, whose conveniences are what must never happen here: following
redirects, keeping cookies, taking proxies from the environment, unfolding bodies, logging addresses.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, cast

import httpcore
import httpx

from services.egress.bodies import read_into
from services.egress.connecting import GuardedConnect, Resolve
from services.egress.errors import BadAnswer, BadRequest, EgressError, TimedOut, TlsFailed, Unreachable
from services.egress.exchange import Exchange
from services.egress.question import Answer, Question
from services.egress.targets import Guard

_KEPT: Final = 100
_KEPT_SECONDS: Final = 30.0
_BROKEN: Final = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol)


class HttpxTransport:
    def __init__(
        self,
        guard: Guard,
        resolve: Resolve,
        patience: float,
        ssl_context: ssl.SSLContext,
        connector: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        _silence_wire_logs()
        self._patience = patience
        # No limit on connections in all: each address has its own, and a shared one would let the dead hold up others.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context,
            max_connections=None,
            max_keepalive_connections=_KEPT,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=GuardedBackend(guard, resolve, patience, connector or httpcore.AnyIOBackend()),
        )

    async def converse(self, question: Question, exchange: Exchange) -> Answer:
        request = self._compose(question, exchange)
        try:
            with _under_way(exchange):
                answer = await self._pool.handle_async_request(request)
                try:
                    return await _read(answer, question)
                finally:
                    await answer.aclose()
        except (httpcore.TimeoutException, *_BROKEN) as error:
            raise _failure(error) from None

    async def close(self) -> None:
        await self._pool.aclose()

    def _compose(self, question: Question, exchange: Exchange) -> httpcore.Request:
        try:
            read = httpx.Request(
                question.method, question.target.url, headers=question.headers, content=question.content
            )
        except (UnicodeError, TypeError):
            raise BadRequest from None
        read.headers.setdefault("accept-encoding", "identity")

        async def note(event: str, _info: Mapping[str, object]) -> None:
            exchange.sent = exchange.sent or event.endswith("send_request_body.complete")

        extensions = {"timeout": {"connect": self._patience}, "trace": note}
        url = httpcore.URL(
            scheme=read.url.raw_scheme, host=read.url.raw_host, port=read.url.port, target=read.url.raw_path
        )
        return httpcore.Request(read.method, url, headers=read.headers.raw, content=read.stream, extensions=extensions)


async def _read(answer: httpcore.Response, question: Question) -> Answer:
    headers, body, until = httpx.Headers(answer.headers), question.open_body(), question.listen_until()
    body.begin(headers.get("content-encoding", "").strip().lower())
    chunks = cast("AsyncGenerator[bytes, None]", answer.aiter_stream())
    async with aclosing(chunks):
        if until is None:
            await read_into(body, chunks)
        else:
            with suppress(TimeoutError, httpcore.NetworkError, httpcore.ProtocolError):
                async with asyncio.timeout_at(until):
                    await read_into(body, chunks)
    body.finish()
    return Answer(answer.status, dict(headers.items()), bytes(body.content), question.target.text)


def _failure(error: Exception) -> EgressError:
    if isinstance(error, httpcore.TimeoutException):
        return TimedOut()
    underneath = error.args[0] if error.args else None  # httpcore's errors carry what they were made from
    if isinstance(underneath, ssl.SSLError):
        return TlsFailed()
    if isinstance(error, httpcore.RemoteProtocolError) and isinstance(underneath, Exception):
        return BadAnswer()
    if isinstance(error, (httpcore.NetworkError, httpcore.RemoteProtocolError)):
        return Unreachable()
    return BadRequest()


def _silence_wire_logs() -> None:
    # httpx and httpcore write whole addresses into their logs, a bot's token and a partner's path among them.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's sockets, behind the guard. Raises EgressError."""

    def __init__(
        self, guard: Guard, resolve: Resolve, patience: float, connector: httpcore.AsyncNetworkBackend
    ) -> None:
        self._connector = connector
        self._patience = patience
        self._connect = GuardedConnect(guard, resolve, self._dial)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 (httpcore's signature)
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        return ListenedStream(await self._connect(host, port, self._patience))

    async def _dial(self, address: str, port: int, patience: float) -> httpcore.AsyncNetworkStream:
        try:
            return await self._connector.connect_tcp(address, port, timeout=patience)
        except httpcore.ConnectError:
            raise Unreachable from None
        except httpcore.ConnectTimeout:
            raise TimedOut from None


@dataclass(slots=True)
class _Conversation:
    exchange: Exchange
    begun: bool = False

    async def begin(self) -> None:
        """Before each piece of the request that leaves; asks once."""
        if not self.begun:
            self.begun = True
            if (waits := self.exchange.begin()) is not None:
                await waits


_UNDER_WAY: ContextVar[_Conversation | None] = ContextVar("conversation", default=None)
"""httpcore chooses the connection, so a connection has to find out whose request it carries."""


@contextmanager
def _under_way(exchange: Exchange) -> Iterator[None]:
    token = _UNDER_WAY.set(_Conversation(exchange))
    try:
        yield
    finally:
        _UNDER_WAY.reset(token)


class ListenedStream(httpcore.AsyncNetworkStream):
    """A connection that tells the exchange under way what leaves and what comes."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 (httpcore's)
        data = await self._stream.read(max_bytes, timeout)
        if (conversation := _UNDER_WAY.get()) is not None:
            conversation.exchange.hear(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 (httpcore's)
        if (conversation := _UNDER_WAY.get()) is not None:
            await conversation.begin()
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's)
    ) -> httpcore.AsyncNetworkStream:
        return ListenedStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
