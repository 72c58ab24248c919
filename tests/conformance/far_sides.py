"""What each channel speaks to in the exam: a receiver, told in the exam's words how to behave."""

from __future__ import annotations

import email
import email.policy
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from enum import Enum, auto
from typing import Protocol

from pydantic import SecretStr

from services.egress import Egress, EgressPolicy, WireTransport
from services.notify.channels import (
    EmailChannel,
    EmailSettings,
    TelegramChannel,
    TelegramSettings,
    WebhookChannel,
    WebhookSettings,
)
from services.notify.channels.base import Channel
from services.subscribers.address import Address
from tests.conformance.receivers import Badly, HttpReceiver, Reply, SmtpReceiver, listening

LOOPBACK = EgressPolicy(allow_http=True, allowed_networks=("127.0.0.0/8",))
SIGNING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BOT_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
DEADLINE = 0.5


class Does(Enum):
    TAKES = auto()
    REFUSES = auto()
    IS_BUSY = auto()
    HANGS = auto()
    BREAKS_OFF = auto()


@dataclass(frozen=True)
class Received:
    identity: str
    """By what the far side can tell a repeat."""
    text: str
    """All a reader can read of it."""
    glance: str
    """What shows before it is opened: who it is from, the subject, the first line."""
    headers: frozenset[str]


class FarSide(Protocol):
    @property
    def channel(self) -> Channel: ...

    @property
    def address(self) -> Address: ...

    @property
    def hidden(self) -> tuple[str, ...]:
        """What no log, outcome or error may bear."""
        ...

    def will(self, does: Does) -> None: ...

    def received(self) -> list[Received]: ...


@dataclass
class MailServer:
    receiver: SmtpReceiver
    channel: Channel
    address: Address
    hidden: tuple[str, ...] = ("reader-of-ours",)

    def will(self, does: Does) -> None:
        instead: dict[Does, dict[str, str | Badly]] = {
            Does.TAKES: {},
            Does.REFUSES: {"RCPT": "550 5.1.1 <reader-of-ours@mail.example.org> is unknown here"},
            Does.IS_BUSY: {"RCPT": "451 4.3.2 reader-of-ours@mail.example.org has to wait"},
            Does.HANGS: {"RCPT": Badly.HANGS},
            Does.BREAKS_OFF: {".": Badly.BREAKS_OFF},
        }
        self.receiver.instead = instead[does]

    def letters(self) -> list[EmailMessage]:
        return [email.message_from_bytes(one.raw, policy=email.policy.default) for one in self.receiver.letters]

    def received(self) -> list[Received]:
        return [_read_letter(letter) for letter in self.letters()]


def _read_letter(letter: EmailMessage) -> Received:
    text, markup = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert markup is not None
    return Received(
        identity=letter["Message-ID"],
        text=text.get_content() + markup.get_content(),
        glance=f"{letter['From']}\n{letter['Subject']}\n{text.get_content().splitlines()[0]}",
        headers=frozenset(name.lower() for name in letter),
    )


@dataclass
class BotApi:
    receiver: HttpReceiver
    channel: Channel
    address: Address
    hidden: tuple[str, ...] = ("5550001234", BOT_TOKEN, "AAHdqTcv")

    def will(self, does: Does) -> None:
        taken = Reply(body=b'{"ok":true,"result":{"message_id":41}}')
        blocked = b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}'
        flooded = b'{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}'
        answers: dict[Does, Reply | Badly] = {
            Does.TAKES: taken,
            Does.REFUSES: Reply(403, blocked),
            Does.IS_BUSY: Reply(429, flooded),
            Does.HANGS: Badly.HANGS,
            Does.BREAKS_OFF: Badly.BREAKS_OFF,
        }
        self.receiver.will(answers[does])

    def received(self) -> list[Received]:
        texts = [str(json.loads(request.body)["text"]) for request in self.receiver.requests]
        headers = [frozenset(request.headers) for request in self.receiver.requests]
        return [Received(text, text, text.splitlines()[0], names) for text, names in zip(texts, headers, strict=True)]


@dataclass
class Endpoint:
    receiver: HttpReceiver
    channel: Channel
    address: Address
    hidden: tuple[str, ...] = ("partner-path-83", SIGNING_SECRET, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    def will(self, does: Does) -> None:
        answers: dict[Does, Reply | Badly] = {
            Does.TAKES: Reply(204),
            Does.REFUSES: Reply(410, b"partner-path-83 is gone"),
            Does.IS_BUSY: Reply(503, b"partner-path-83 is busy"),
            Does.HANGS: Badly.HANGS,
            Does.BREAKS_OFF: Badly.BREAKS_OFF,
        }
        self.receiver.will(answers[does])

    def received(self) -> list[Received]:
        return [
            Received(one.headers["webhook-id"], one.body.decode(), "", frozenset(one.headers))
            for one in self.receiver.requests
        ]


@asynccontextmanager
async def mail_server(*, deadline: float = DEADLINE) -> AsyncIterator[MailServer]:
    receiver = SmtpReceiver()
    async with listening(receiver.serve) as port:
        receiver.port = port
        channel = EmailChannel(
            EmailSettings(
                host="127.0.0.1",
                port=port,
                starttls="off",
                sender="alerts@vestka.example.org",
                list_id="alerts.vestka.example.org",
                deadline=deadline,
            )
        )
        yield MailServer(receiver, channel, channel.read_address("reader-of-ours@mail.example.org"))
        await channel.close()


@asynccontextmanager
async def bot_api(*, deadline: float = DEADLINE) -> AsyncIterator[BotApi]:
    receiver, egress = HttpReceiver(), Egress(LOOPBACK)
    async with listening(receiver.serve) as port:
        settings = TelegramSettings(
            api_base=f"http://127.0.0.1:{port}", token=SecretStr(BOT_TOKEN), per_chat_per_second=1000, deadline=deadline
        )
        channel = TelegramChannel(settings, egress)
        side = BotApi(receiver, channel, channel.read_address("5550001234"))
        side.will(Does.TAKES)
        yield side
        await channel.close()
        await egress.close()


@asynccontextmanager
async def endpoint(*, deadline: float = DEADLINE, now: Callable[[], float] = time.time) -> AsyncIterator[Endpoint]:
    receiver, egress = HttpReceiver(), Egress(LOOPBACK, transport=WireTransport)
    async with listening(receiver.serve) as port:
        channel = WebhookChannel(WebhookSettings(deadline=deadline), egress, now=now)
        address = channel.read_address(f"http://127.0.0.1:{port}/partner-path-83", (SIGNING_SECRET,))
        yield Endpoint(receiver, channel, address)
        await channel.close()
        await egress.close()


FAR_SIDES: dict[str, Callable[[], AbstractAsyncContextManager[FarSide]]] = {
    "email": mail_server,
    "telegram": bot_api,
    "webhook": endpoint,
}
"""One line a channel."""
