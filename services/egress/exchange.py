"""One request as the wire sees it: the moment before its first byte leaves, and the answer as it is heard.

What the far side said first, its status, counts even where the rest of its answer is no HTTP: a partner whose program
wrote «200» has the message, and must not be called again because the same program wrote a bad header line.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import httpcore

Before = Callable[[], Awaitable[None]]
"""Asked when a connection stands, before anything is sent over it. What it raises ends the request."""

_KEPT: Final = 128 * 1024
"""Bytes remembered of an answer that cannot be read as HTTP."""

_STATUS_LINE: Final = re.compile(
    rb"\s*HTTP/[0-9](?:\.[0-9])?[ \t]+([1-5][0-9]{2})(?=[ \t\r\n])[^\n]*(?:\n|\Z)", re.IGNORECASE
)
"""RFC 9112, section 4, read leniently: the reason phrase may be missing and the line may end in a bare line feed."""

_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_TOKEN: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class MalformedAnswer:
    """What was said, of an answer that is not well formed; the fields that can be read, by name in lower case."""

    status: int
    headers: dict[str, str]
    rest: bytes


class Exchange:
    def __init__(self, before: Before | None = None) -> None:
        self._before = before
        self._heard = bytearray()

    async def begin(self) -> None:
        """Before each piece of the request that leaves; asks once."""
        before, self._before = self._before, None
        if before is not None:
            await before()

    def hear(self, data: bytes) -> None:
        self._heard += data[: _KEPT - len(self._heard)]

    def stated(self) -> MalformedAnswer | None:
        """The final answer as far as it was heard; None where not even its status was."""
        heard = bytes(self._heard)
        found = _STATUS_LINE.match(heard)
        while found and found[1].startswith(b"1"):  # interim answers, RFC 9110 section 15.2
            end = _END_OF_HEAD.search(heard, found.end() - 2)
            found = _STATUS_LINE.match(heard, end.end()) if end else None
        return _read_stated(found, heard) if found else None


def _read_stated(found: re.Match[bytes], heard: bytes) -> MalformedAnswer:
    head, _, rest = heard[found.end() :].replace(b"\r\n", b"\n").partition(b"\n\n")
    fields = (line.partition(b":") for line in head.split(b"\n"))
    headers = {
        name.decode("ascii").lower(): value.strip().decode("latin-1")
        for name, _, value in fields
        if _TOKEN.fullmatch(name)
    }
    return MalformedAnswer(int(found[1]), headers, rest)


_UNDER_WAY: ContextVar[Exchange | None] = ContextVar("exchange", default=None)
"""httpcore chooses the connection, so a connection has to find out whose request it carries."""


@contextmanager
def under_way(exchange: Exchange) -> Iterator[None]:
    token = _UNDER_WAY.set(exchange)
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
        if (exchange := _UNDER_WAY.get()) is not None:
            exchange.hear(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 (httpcore's)
        if (exchange := _UNDER_WAY.get()) is not None:
            await exchange.begin()
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
