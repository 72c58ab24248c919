"""Two small servers that take what is sent to them, or behave as badly as they are told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import chain


class Badly(Enum):
    HANGS = auto()
    BREAKS_OFF = auto()


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    unframed: bool = False
    """Without a length, so that the body lasts until the connection is closed; here it never is."""

    def head(self) -> bytes:
        framing = () if self.unframed else (("content-length", str(len(self.body))),)
        lines = [f"HTTP/1.1 {self.status} Said", *(f"{name}: {value}" for name, value in chain(framing, self.headers))]
        return "\r\n".join([*lines, "", ""]).encode()


@dataclass(frozen=True)
class Raw:
    """These bytes and the end of the connection."""

    said: bytes


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpReceiver:
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    _script: list[Reply | Raw | Badly] = field(default_factory=list)

    def will(self, *script: Reply | Raw | Badly) -> None:
        """Answers in turn; the last one stays."""
        self._script = list(script)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            self.requests.append(await _read_request(reader))
            answer = self._script.pop(0) if len(self._script) > 1 else (self._script or [Reply()])[0]
            if answer is Badly.HANGS:
                await asyncio.Event().wait()
            if isinstance(answer, Badly):
                writer.transport.abort()
                return
            if isinstance(answer, Raw):
                writer.write(answer.said)
                await writer.drain()
                return
            writer.write(answer.head() + answer.body)
            await writer.drain()
            if answer.unframed:
                await asyncio.Event().wait()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, path, _ = first.split(" ")
    return Request(method, path, headers, body)


@dataclass(frozen=True)
class Letter:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


@dataclass
class _Envelope:
    """Of one conversation."""

    sender: str = ""
    recipients: list[str] = field(default_factory=list)


@dataclass
class SmtpReceiver:
    """`instead` says by verb what comes in place of the usual reply; "." is the reply to the letter's content."""

    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    instead: dict[str, str | Badly] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("8BITMIME", "SMTPUTF8")
    verbs: list[str] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    """Conversations that have begun, and those that are over."""
    most_letters: int | None = None
    """After so many letters a conversation is ended with 421, in place of the answer to the next command."""
    _waits: dict[str, asyncio.Event] = field(default_factory=dict)

    def waits_at(self, verb: str) -> asyncio.Event:
        """Until it is set, nobody who says this verb gets a reply."""
        return self._waits.setdefault(verb, asyncio.Event())

    def forget_wait(self, verb: str) -> None:
        """Who says it from now on is answered; those that wait already still do."""
        del self._waits[verb]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        try:
            await self._converse(reader, writer)
        finally:
            self.closed += 1

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._say(writer, "GREETING", "220 receiver ready"):
            return
        taken, envelope = 0, _Envelope()
        while line := (await reader.readline()).decode().strip():
            verb = line.split(" ")[0].upper()
            self.verbs.append(verb)
            if taken == self.most_letters:
                await self._say(writer, "CLOSING", "421 4.7.0 too many letters")
                return
            if verb == "BDAT":
                raw = await reader.readexactly(int(line.split(" ")[1]))
                self.letters.append(Letter(envelope.sender, tuple(envelope.recipients), raw))
                if not await self._say(writer, ".", "250 2.0.0 taken"):
                    return
                taken += 1
                continue
            if not await self._say(writer, verb, self._usual(verb, line, envelope)):
                return
            if verb == "DATA":
                raw = await reader.readuntil(b"\r\n.\r\n")
                self.letters.append(Letter(envelope.sender, tuple(envelope.recipients), _unstuffed(raw)))
                if not await self._say(writer, ".", "250 2.0.0 taken"):
                    return
                taken += 1
            if verb == "QUIT":
                return

    def _usual(self, verb: str, line: str, envelope: _Envelope) -> str:
        match verb:
            case "EHLO":
                lines = ["receiver", *self.extensions]
                return "\r\n".join([*(f"250-{one}" for one in lines[:-1]), f"250 {lines[-1]}"])
            case "MAIL":
                envelope.sender, envelope.recipients = _between_angles(line), []
            case "RCPT":
                envelope.recipients.append(_between_angles(line))
            case "DATA":
                return "354 go on"
            case "QUIT":
                return "221 bye"
        return "250 2.0.0 ok"

    async def _say(self, writer: asyncio.StreamWriter, verb: str, usual: str) -> bool:
        if verb in self._waits:
            await self._waits[verb].wait()
        reply = self.instead.get(verb, usual)
        if reply is Badly.HANGS:
            await asyncio.Event().wait()
        if isinstance(reply, Badly):
            writer.transport.abort()
            return False
        writer.write(f"{reply}\r\n".encode())
        await writer.drain()
        return True


def _between_angles(line: str) -> str:
    return line[line.index("<") + 1 : line.index(">")]


def _unstuffed(raw: bytes) -> bytes:
    return raw.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")


@asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[int]:
    """The port; everything still open is torn down at the end."""
    conversations: set[asyncio.Task[None]] = set()

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        conversations.add(task)
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the far end left, or the test is over
        finally:
            writer.close()

    server = await asyncio.start_server(conversation, host, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
        await server.wait_closed()
