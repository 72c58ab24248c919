"""A small real SMTP server that keeps an inbox in memory (RFC 5321; 8BITMIME, SIZE and SMTPUTF8)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.demo.bounded_list import KEPT, BoundedList, utc_now
from services.demo.caught_letter import CaughtLetter, read_letter
from services.demo.local_server import LOOPBACK
from services.runtime.http.server import listen

SIZE_LIMIT = 10 * 2**20
"""Bytes of one letter. What public providers take is 20 to 50 MiB; an alert is a few kilobytes."""


class Inbox:
    """One letter for each recipient of a message, newest last.

    `refuses` maps a recipient to the answer `RCPT TO` shall get ("550 5.1.1 no such user").
    `before_answer` is awaited after a message was kept and before the client is told, so that a test can
    lose the answer.
    """

    def __init__(
        self,
        host: str = LOOPBACK,
        port: int = 0,
        *,
        keep: int = KEPT,
        refuses: Mapping[str, str] | None = None,
        before_answer: Callable[[], Awaitable[object]] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.host = host
        self.port = port
        self.refuses = dict(refuses or {})
        self.before_answer = before_answer
        self.kept: BoundedList[CaughtLetter] = BoundedList(keep)
        self._now = now
        self._server: asyncio.Server | None = None
        self._open: set[_Connection] = set()

    @property
    def messages(self) -> list[CaughtLetter]:
        return self.kept.things

    async def wait_for(self, count: int) -> None:
        """Returns once `count` letters have come in all."""
        await self.kept.reached(count)

    async def start(self) -> None:
        # aiosmtpd logs every address at INFO and tracebacks with whole commands at ERROR.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        listener = listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        loop = asyncio.get_running_loop()
        handler = _Handler(self)
        self._server = await loop.create_server(lambda: _Connection(handler, self._open, loop), sock=listener)

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        conversations = [connection.hang_up() for connection in self._open]
        await asyncio.gather(*conversations, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def take(self, raw: bytes, sender: str, recipients: list[str]) -> None:
        for recipient in recipients:
            await self.kept.put(
                lambda number, recipient=recipient: read_letter(  # type: ignore[misc]
                    raw, number=number, sender=sender, recipient=recipient, received_at=self._now()
                )
            )
        if self.before_answer is not None:
            await self.before_answer()


class _Handler:
    """What aiosmtpd asks, by the names it asks for: may this recipient be written to, and here is a message."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self._inbox.refuses.get(address)
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await self._inbox.take(envelope.original_content or b"", envelope.mail_from or "", envelope.rcpt_tos)
        return "250 2.0.0 OK, kept in memory"

    async def handle_exception(self, _error: Exception) -> str:
        return "451 4.3.0 local error in processing, try again"  # what went wrong may quote an address


class _Connection(SMTP):
    """One client. Knows how to be hung up on, and keeps a reset connection from being reported as an error."""

    def __init__(self, handler: _Handler, open_connections: set[_Connection], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            handler,
            data_size_limit=SIZE_LIMIT,
            enable_SMTPUTF8=True,
            hostname="localhost",  # else aiosmtpd asks the resolver, and waits for it
            ident="Vestka demo inbox",
            loop=loop,
        )
        self._open_connections = open_connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert self._handler_coroutine is not None
        self._open_connections.add(self)
        self._handler_coroutine.add_done_callback(self._ended)

    def hang_up(self) -> asyncio.Task[None]:
        assert self._handler_coroutine is not None
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
        else:
            self._handler_coroutine.cancel()
        return self._handler_coroutine

    def _ended(self, conversation: asyncio.Task[None]) -> None:
        self._open_connections.discard(self)
        if not conversation.cancelled():
            conversation.exception()  # seen: a client that goes away in mid-sentence is no error of ours
