"""One connection, and one answer while it comes in."""

from __future__ import annotations

import asyncio
import ssl
from typing import Final, cast

import httptools

from services.egress.bodies import Body
from services.egress.errors import BadAnswer, EgressError, TlsFailed, Unreachable
from services.egress.exchange import Exchange
from services.egress.heard_fields import HeardFields

_LONGEST_HEAD: Final = 100 * 1024
"""Bytes before the end of the head, interim answers (RFC 9110, section 15.2) included."""


class Hearing:
    """An answer, piece by piece. httptools calls what begins with `on_`."""

    __slots__ = (
        "_before_body", "_exchange", "_head_heard", "_news", "_parser",
        "body", "ended_well", "error", "headers", "over", "status",
    )  # fmt: skip

    def __init__(self, body: Body, exchange: Exchange) -> None:
        self.body = body
        self.status = 0
        self.headers = HeardFields()
        self.error: EgressError | None = None
        self.over = False
        """Nothing that comes can change it any more."""
        self.ended_well = False
        """It ended where it said, and the far side is ready for another request."""
        self._exchange = exchange
        self._parser = httptools.HttpResponseParser(self)
        self._before_body = 0
        self._head_heard = False
        self._news: asyncio.Future[None] | None = None

    def head(self, loop: asyncio.AbstractEventLoop) -> asyncio.Future[None] | None:
        """What to wait for until the head has been heard, or it is over; None where it has, or is."""
        if self._head_heard or self.over:
            return None
        self._news = loop.create_future()
        return self._news  # told of nothing earlier

    async def end(self, loop: asyncio.AbstractEventLoop) -> None:
        while not self.over:
            self._news = loop.create_future()
            await self._news

    def take(self, data: bytes) -> None:
        if self.over:
            self.ended_well = False  # more was said than was asked for
            return
        self._exchange.hear(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(BadAnswer())
        if not self._head_heard:
            self._measure_head(len(data))
        self._tell()

    def cut(self, error: Exception | None) -> None:
        """The connection is gone."""
        if self._head_heard and error is None and self._lasts_until_the_end:
            self.over = True
        elif self._head_heard and error is None:
            self._fail(BadAnswer())
        else:
            self._fail(TlsFailed() if isinstance(error, ssl.SSLError) else Unreachable())
        self.ended_well = False
        self._tell()

    def let_go(self) -> None:
        """Nothing will be taken any more. The parser and this hold each other, and no collector should have to part
        thousands of them."""
        del self._parser

    def on_message_begin(self) -> None:
        self.ended_well = False  # a second answer, where there was a first

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head_heard:  # a trailer
            return
        self.headers.add(name, value)

    def on_headers_complete(self) -> None:
        if self.over:
            return
        self.status = self._parser.get_status_code()
        if self.status < 100:
            self._fail(BadAnswer())
        elif self.status >= 200:
            self._head_heard = True
            self._begin_body()

    def on_body(self, chunk: bytes) -> None:
        if self.over:
            return
        try:
            if not self.body.take(chunk):
                self.over = True
        except EgressError as error:
            self._fail(error)

    def on_message_complete(self) -> None:
        if not self._head_heard:  # an interim answer
            self.headers.clear()
        elif not self.over:
            self.over = True
            self.ended_well = self._parser.should_keep_alive()

    @property
    def _lasts_until_the_end(self) -> bool:
        codings = self.headers.get("transfer-encoding")
        return "content-length" not in self.headers if codings is None else not codings.lower().endswith("chunked")

    def _begin_body(self) -> None:
        if self.body.as_it_comes:
            return
        try:
            self.body.begin(self.headers.get("content-encoding", "").strip().lower())
        except EgressError as error:
            self._fail(error)

    def _measure_head(self, length: int) -> None:
        self._before_body += length
        if self._before_body > _LONGEST_HEAD:
            self._fail(BadAnswer())

    def _fail(self, error: EgressError) -> None:
        self.ended_well = False
        if not self.over:
            self.error = error
            self.over = True

    def _tell(self) -> None:
        if self._news is not None and not self._news.done() and (self._head_heard or self.over):
            self._news.set_result(None)


class Connection(asyncio.Protocol):
    """To one address that was checked. One request at a time."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.gone: asyncio.Future[None] = self.loop.create_future()
        self.all_left = False
        """All of the request has been handed to the network."""
        self._hearing: Hearing | None = None

    @property
    def stands(self) -> bool:
        return not (self.gone.done() or self._transport.is_closing())

    @property
    def can_be_kept(self) -> bool:
        """The answer that was asked for has ended well, or nothing was asked."""
        hearing = self._hearing
        return (hearing is None or (hearing.ended_well and self.all_left)) and self.stands

    def ask(self, request: bytes, hearing: Hearing) -> None:
        self._hearing = hearing
        self.all_left = True  # unless the transport says at once that it has to wait
        self._transport.write(request)

    def rest(self) -> None:
        """Until the next request; what comes before it is nobody's answer."""
        if self._hearing is not None:
            self._hearing.let_go()
        self._hearing = None

    def abort(self) -> None:
        self.rest()
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if transport.get_extra_info("sslcontext") is None:
            # So that whatever waits is told of at once. TLS would tell it late; there, what is below 64 kB has left.
            self._transport.set_write_buffer_limits(0)

    def pause_writing(self) -> None:
        self.all_left = False

    def resume_writing(self) -> None:
        self.all_left = True

    def data_received(self, data: bytes) -> None:
        if self._hearing is None:
            self._transport.abort()  # nobody asked
            return
        self._hearing.take(data)
        if self._hearing.over and not self._hearing.ended_well:
            self._transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self.gone.set_result(None)
        if self._hearing is not None and not self._hearing.over:
            self._hearing.cut(error)
