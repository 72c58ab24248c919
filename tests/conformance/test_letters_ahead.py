"""The next envelope goes out with the letter before it only where the server was heard to read on after a letter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

import pytest

from services.notify.channels import EmailChannel, EmailSettings
from services.notify.channels.base import Outcome, Sent
from tests.conformance.receivers import SmtpReceiver, listening
from tests.conformance.samples import delivery, hand_over, rendered

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
EN = {"en": rendered("en")}
LETTERS = 20


class After(Enum):
    """What a server makes of what comes in one piece with a letter's end."""

    READS_ON = auto()
    DROPS_IT = auto()
    REFUSES_IT = auto()
    BREAKS_OFF = auto()
    TAKES_IT_FOR_MORE = auto()


@dataclass
class Relay:
    """Offers PIPELINING; reads whatever is there at once."""

    after: After
    insists: bool = False
    """Answers no letter before the next envelope is there, but for the one that asks, and the last."""
    letters: list[bytes] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    """Of the letters, one after the other."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        self._unread, self._to = b"", ""
        while line := await self._line(reader):
            verb = line[:4].upper().strip()
            if verb == b"RCPT":
                self._to = line.decode().partition("<")[2].partition(">")[0]
            if verb == b"NOOP" and self.after is After.REFUSES_IT:
                writer.write(b"500 5.5.1 what?\r\n")
                continue
            writer.write({b"EHLO": b"250-here\r\n250 PIPELINING\r\n", b"DATA": b"354 go\r\n"}.get(verb, b"250 ok\r\n"))
            if verb == b"QUIT":
                break
            if verb == b"DATA" and not await self._take(reader, writer):
                break
        writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the session goes on."""
        while not self._ended():
            self._unread += await self._more(reader)
        if self.after is After.TAKES_IT_FOR_MORE:
            letter, self._unread = self._unread, b""
        else:
            letter, _, self._unread = self._unread.partition(b"\r\n.\r\n")
        self.letters.append(letter)
        self.recipients.append(self._to)
        while self.insists and 1 < len(self.letters) < LETTERS and b"DATA\r\n" not in self._unread:
            self._unread += await self._more(reader)
        writer.write(b"250 taken\r\n")
        if self.after is After.DROPS_IT:
            self._unread = b""
        return not (self.after is After.BREAKS_OFF and self._unread)

    def _ended(self) -> bool:
        end = b"\r\n.\r\n"
        return self._unread.endswith(end) if self.after is After.TAKES_IT_FOR_MORE else end in self._unread

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        while b"\r\n" not in self._unread:
            if not (more := await self._more(reader)):
                return b""
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\r\n")
        return line or b"?"

    async def _more(self, reader: asyncio.StreamReader) -> bytes:
        piece = await reader.read(1 << 20)
        self.pieces.append(piece)
        return piece


@asynccontextmanager
async def connected(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[EmailChannel]:
    async with listening(serve) as port:
        settings = {
            "host": "127.0.0.1",
            "port": port,
            "starttls": "off",
            "sender": "alerts@vestka.example.org",
            "list_id": "alerts.vestka.example.org",
            "deadline": 60,
            "sessions": 1,
        }
        email = EmailChannel(EmailSettings.model_validate(settings))
        try:
            yield email
        finally:
            await email.close()


async def send(email: EmailChannel, *numbers: int) -> list[Outcome]:
    return await asyncio.gather(*(_one(email, number) for number in numbers))


async def _one(email: EmailChannel, number: int) -> Outcome:
    return await hand_over(email, delivery(email.read_address(reader(number)), number=number), EN)


def reader(number: int) -> str:
    return f"reader{number}@mail.example.org"


@pytest.mark.parametrize("after", After)
async def test_whatever_a_server_makes_of_it_each_reader_gets_one_letter_and_nobody_elses_address(after: After) -> None:
    relay = Relay(after)
    async with connected(relay.serve) as email:
        assert await send(email, *range(LETTERS)) == [Sent(code=250)] * LETTERS

    assert sorted(relay.recipients) == sorted(map(reader, range(LETTERS)))
    for letter, recipient in zip(relay.letters, relay.recipients, strict=True):
        assert f"To: {recipient}\r\n".encode() in letter
        assert b"MAIL FROM" not in letter
        assert b"RCPT TO" not in letter
    assert sum(b"NOOP" in letter for letter in relay.letters) == (after is After.TAKES_IT_FOR_MORE)


async def test_where_it_reads_on_an_envelope_comes_with_the_letter_before_it() -> None:
    relay = Relay(After.READS_ON, insists=True)
    async with connected(relay.serve) as email:
        assert await send(email, *range(LETTERS)) == [Sent(code=250)] * LETTERS


@pytest.mark.parametrize("after", [one for one in After if one is not After.READS_ON])
async def test_where_it_does_not_no_envelope_comes_before_the_letter_is_answered(after: After) -> None:
    relay = Relay(after)
    async with connected(relay.serve) as email:
        await send(email, *range(LETTERS))

    assert not any(b"\r\n.\r\nMAIL FROM:" in piece for piece in relay.pieces)


async def test_a_letter_that_nobody_waits_for_behind_another_costs_the_other_nothing() -> None:
    receiver = SmtpReceiver(extensions=("PIPELINING",))
    async with connected(receiver.serve) as email:
        await send(email, *range(3))
        held = receiver.waits_at(".")
        sending = [asyncio.create_task(_one(email, number)) for number in (10, 11, 12)]
        while len(receiver.letters) < 4:
            await asyncio.sleep(0)
        sending[1].cancel()
        await asyncio.gather(sending[1], return_exceptions=True)
        receiver.forget_wait(".")
        held.set()

        assert [await sending[0], await sending[2]] == [Sent(code=250)] * 2
    assert [letter.recipients for letter in receiver.letters[3:]] == [(reader(10),), (reader(12),)]
