"""A mail relay with manners (RFC 5321, RFC 3463).

take · hang: takes the letter and never answers · lost: takes it and cuts the line instead of answering · closing: 421
at the greeting · slow: two seconds an answer, but the one to DATA · grey: 450 at RCPT · unknown: 550 5.1.1 · relay: 550
5.7.1 relaying denied · sender: 550 5.7.1 of the sender · helo: 550 5.5.0 of our name · login: 530 5.7.0.
Each but take may end in "-once".
"""

from __future__ import annotations

import asyncio
import email.policy
import re
import time
from email import message_from_bytes
from typing import ClassVar, Final

from tests.faults.suite.far_sides.base import FarSide, event_in

_AT_RCPT: Final = {
    "grey": "450 4.7.1 Greylisted, come again",
    "unknown": "550 5.1.1 No such user",
    "relay": "550 5.7.1 Relaying denied",
    "sender": "550 5.7.1 Sender address rejected",
    "helo": "550 5.5.0 Helo command rejected",
    "login": "530 5.7.0 Authentication required",
}
_EHLO: Final = "250-relay.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 PIPELINING"
_URL: Final = re.compile(r"<(https?://[^>\s]+)>")
_SLOW: Final = 2.0
_HANGS: Final = 600.0


class Relay(FarSide):
    channel: ClassVar = "email"

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.usual == "closing":
            await self._say(writer, "421 4.3.2 Service shutting down")
            return None
        await self._say(writer, "220 relay.example ESMTP")
        recipient, manner = "", ""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                return await self._say(writer, "221 2.0.0 bye")
            if verb == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0].lower()
                self.asked[recipient].append(time.time())
                manner = self.manner(recipient)
                await self._say(writer, _AT_RCPT.get(manner, "250 2.1.5 ok"))
                recipient = "" if manner in _AT_RCPT else recipient
            elif verb != b"DATA":
                await self._say(writer, _EHLO if verb == b"EHLO" else "250 2.0.0 ok")
            elif not recipient:
                await self._say(writer, "503 5.5.1 No recipient")
            elif not await self._letter(reader, writer, recipient, manner):
                return None
        return None

    async def _letter(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, recipient: str, manner: str
    ) -> bool:
        """Whether the connection goes on."""
        await self._say(writer, "354 go on")
        raw = await reader.readuntil(b"\r\n.\r\n")
        letter = message_from_bytes(raw[:-3], policy=email.policy.default)
        self.stop_links[recipient] = "".join(_URL.findall(str(letter["list-unsubscribe"])))
        receipt = await self.take(recipient, event_in(str(letter["subject"])), str(letter["message-id"]))
        if manner == "hang":
            await asyncio.sleep(_HANGS)
        if manner in ("lost", "hang"):
            writer.transport.abort()
            return False
        await self._say(writer, "250 2.0.0 queued")
        receipt.answered = time.time()
        return True

    async def _say(self, writer: asyncio.StreamWriter, words: str) -> None:
        if self.usual == "slow" and not words.startswith("354"):
            await asyncio.sleep(_SLOW)
        writer.write(words.encode() + b"\r\n")
        await writer.drain()

    def __init__(self) -> None:
        super().__init__()
        self.stop_links: dict[str, str] = {}
        """By reader: the one-click address of the last letter."""
