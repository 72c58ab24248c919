"""Email: one letter for one reader, handed to our mail server."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Final, Literal

import aiosmtplib
import certifi
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from services.contract import Event
from services.notify.channels.base import (
    FOR_THE_ANSWER,
    Composed,
    Delivery,
    NoLongerWanted,
    Outcome,
    Reason,
    Refused,
    Rendered,
    Retry,
    Sent,
    TooLate,
    Trouble,
)
from services.notify.channels.composing import composing
from services.notify.channels.email.letter import Letterhead, compose
from services.notify.channels.email.mail_addresses import MailAddress, read_mail_address
from services.notify.channels.email.mail_trouble import trouble_at
from services.notify.channels.email.smtp_replies import LOGIN_HOLD_SECONDS, NotForThisReader, Stage, read_reply
from services.notify.channels.far_side_standing import Standing
from services.subscribers.address import Address, InvalidAddress, Mode

_LEAVE_SECONDS: Final = 1.0


class EmailSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str
    port: int = Field(default=587, ge=1, le=65_535)
    starttls: Literal["required", "opportunistic", "off"] = "required"
    """"opportunistic" (encrypts where it can, verifies nothing) and "off" are for a relay on the same machine."""
    implicit_tls: bool = False
    """TLS from the first byte, as on port 465 (RFC 8314); `starttls` then says nothing."""
    trusted_network: bool = False
    """The relay stands in a network of our own where nobody else listens: letters may go there without TLS."""
    ca_file: Path | None = None
    """Certificates to trust instead of the usual ones."""
    username: str | None = None
    password: SecretStr | None = None
    sender: str
    sender_name: str = "Vestka"
    discreet_sender_name: str = "Newsletter"
    list_id: str = Field(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
    """RFC 2919: a name under a domain of ours, like alerts.example.org."""
    ehlo_name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9.:\[\]-]+$")
    """How we introduce ourselves; the sender's domain where it is not set. Never this machine's name."""
    deadline: float = 30

    @field_validator("sender")
    @classmethod
    def _is_address(cls, sender: str) -> str:
        return read_mail_address(sender).text


class EmailChannel:
    name: ClassVar[str] = "email"
    parts: ClassVar[tuple[str, ...]] = ("subject", "text", "html")
    languages: ClassVar[Literal["reader", "all"]] = "reader"
    personal: ClassVar[bool] = True
    shared: bool = True

    def __init__(self, settings: EmailSettings) -> None:
        self.deadline = settings.deadline
        self._settings = settings
        self._standing, self._put_off = Standing(time.monotonic), Standing(time.monotonic)
        self._sender = read_mail_address(settings.sender)
        self._head = Letterhead(
            self._sender, settings.sender_name, settings.discreet_sender_name, settings.list_id.lower()
        )

    def read_address(self, target: str, secrets: tuple[str, ...] = ()) -> Address:
        return Address(self.name, read_mail_address(target).text, secrets)

    def compose(self, event: Event, rendered: Mapping[str, Rendered], mode: Mode) -> Composed:  # noqa: ARG002
        (one,) = rendered.values()
        return one

    async def send(self, delivery: Delivery, composed: Composed) -> Outcome:
        try:
            recipient = read_mail_address(delivery.address.target)
        except InvalidAddress:
            return Refused(Reason.UNKNOWN_ADDRESS)
        with composing():
            letter = compose(delivery, composed, recipient, self._head)
        last_try = delivery.attempt > 1 and delivery.retries_remaining == 0
        began = time.monotonic()
        until = began + self.deadline * (1 - FOR_THE_ANSWER)

        def leave() -> None:
            delivery.leave(until - time.monotonic())

        talk = _Conversation(self._settings, self._tls, leave)
        try:
            outcome = await self._attempt(talk, recipient, letter, last_try)
        except NoLongerWanted:
            return Refused(Reason.STOPPED)
        except TooLate:
            return Retry(Reason.TIMEOUT)
        match outcome:
            case NotForThisReader(why, for_now=True):
                return self._put_off.put_off(delivery.number, why)
            case NotForThisReader(why):
                return self._standing.wait_after(delivery.number, why)
            case Sent():
                self._standing.taken(delivery.number, began)
                self._put_off.taken(delivery.number, began)
        return outcome

    async def ask(self) -> Trouble | None:
        """EHLO, STARTTLS and AUTH as they are set, and QUIT."""
        talk = _Conversation(self._settings, self._tls, _nothing_leaves)
        end = asyncio.get_running_loop().time() + self.deadline
        try:
            async with asyncio.timeout_at(end):
                await talk.greet()
            await talk.leave(end)
        except (aiosmtplib.SMTPException, OSError) as error:
            failure = _read_failure(error, talk.stage, last_try=False)
            return trouble_at(talk.stage, failure.why if isinstance(failure, NotForThisReader) else failure)
        finally:
            talk.close()
        return None

    async def close(self) -> None:
        """Nothing stays open between two attempts."""

    async def _attempt(
        self, talk: _Conversation, recipient: MailAddress, letter: bytes, last_try: bool
    ) -> Outcome | NotForThisReader:
        end = asyncio.get_running_loop().time() + self.deadline
        try:
            async with asyncio.timeout_at(end):
                await talk.hand_over(self._sender, recipient, letter)
            await talk.leave(end)
        except (aiosmtplib.SMTPException, OSError) as error:  # TimeoutError is one of OSError's
            return _maybe_arrived(_read_failure(error, talk.stage, last_try), error, talk.stage)
        except _NoUnicode:
            return Refused(Reason.UNACCEPTABLE)
        finally:
            talk.close()
        return Sent()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self._settings.ca_file)
        if self._settings.ca_file is None:
            context.load_verify_locations(certifi.where())  # small images have no certificates of their own
        if self._settings.starttls == "opportunistic" and not self._settings.implicit_tls:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _nothing_leaves() -> None:
    """Who only asks sends no letter."""


class _NoUnicode(Exception):
    """The mail server takes no address in other letters than ASCII (RFC 6531)."""


class _Conversation:
    """One connection, from the greeting to the letter's acceptance. `stage` tells where it broke off; `leave` is
    called before DATA and again before the letter itself."""

    def __init__(self, settings: EmailSettings, tls: ssl.SSLContext, leave: Callable[[], None]) -> None:
        self.stage = Stage.GREETING
        self._leave = leave
        self._settings = settings
        self._client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.implicit_tls,
            start_tls=False,  # done by ourselves, so that we know the stage
            tls_context=tls,
            local_hostname=settings.ehlo_name or read_mail_address(settings.sender).domain,
            timeout=settings.deadline,
        )

    async def greet(self) -> None:
        await self._client.connect()
        await self._secure()
        await self._log_in()

    async def hand_over(self, sender: MailAddress, recipient: MailAddress, letter: bytes) -> None:
        await self.greet()
        self.stage = Stage.SENDER
        options, encoding = (["SMTPUTF8", "BODY=8BITMIME"], "utf-8") if recipient.needs_smtputf8 else ([], "ascii")
        if options and not self._client.supports_extension("smtputf8"):
            raise _NoUnicode
        await self._client.mail(sender.text, options=options, encoding=encoding)
        self.stage = Stage.RECIPIENT
        await self._client.rcpt(recipient.text, encoding=encoding)
        self._leave()
        self.stage = Stage.CONTENT
        await self._put_in(letter)

    async def _put_in(self, letter: bytes) -> None:
        """DATA in its two steps, since the server may let us wait between them: until the dot nothing is handed over
        (RFC 5321, section 4.1.1.4), and closing the connection gives the transaction up. Any 2yz means taken."""
        started = await self._client.execute_command(b"DATA")
        protocol = self._client.protocol
        if started.code != aiosmtplib.SMTPStatus.start_input or protocol is None:
            raise aiosmtplib.SMTPDataError(started.code, started.message)
        self._leave()
        protocol.write(_stuffed(letter))
        taken = await protocol.read_response()
        if not 200 <= taken.code < 300:
            raise aiosmtplib.SMTPDataError(taken.code, taken.message)

    async def leave(self, end: float) -> None:
        """The letter is theirs now; nothing that happens to the goodbye makes it unsent."""
        soon = asyncio.get_running_loop().time() + _LEAVE_SECONDS
        with suppress(aiosmtplib.SMTPException, OSError):
            async with asyncio.timeout_at(min(end, soon)):
                await self._client.quit()

    def close(self) -> None:
        self._client.close()

    async def _secure(self) -> None:
        await self._client.ehlo()
        wanted = self._settings.starttls
        if self._settings.implicit_tls or wanted == "off":
            return
        self.stage = Stage.SECURING
        if wanted == "required" or self._client.supports_extension("starttls"):
            await self._client.starttls()
            await self._client.ehlo()

    async def _log_in(self) -> None:
        if self._settings.username is None:
            return
        self.stage = Stage.LOGIN
        password = self._settings.password.get_secret_value() if self._settings.password else ""
        await self._client.login(self._settings.username, password)


def _stuffed(letter: bytes) -> bytes:
    """As it goes over the wire: CRLF after each line, a leading dot doubled, a dot at its end (RFC 5321, 4.5.2)."""
    lines = re.split(rb"\r\n|\r|\n", letter.removesuffix(b"\r\n"))
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines) + b".\r\n"


def _read_failure(error: Exception, stage: Stage, last_try: bool) -> Outcome | NotForThisReader:
    if isinstance(error, TimeoutError):
        return Retry(Reason.TIMEOUT)
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Retry(Reason.TLS)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return read_reply(error.code, error.message, stage, last_try=last_try)
    if isinstance(error, OSError):  # aiosmtplib's lost connections are ConnectionErrors
        return Retry(Reason.UNREACHABLE)
    return _NOT_OFFERED.get(stage, Retry(Reason.SERVER_ERROR))


def _maybe_arrived(outcome: Outcome | NotForThisReader, error: Exception, stage: Stage) -> Outcome | NotForThisReader:
    """From DATA on, nobody who heard no reply knows whether the letter was taken (RFC 5321, section 4.5.3.2.6)."""
    unanswered = stage is Stage.CONTENT and not isinstance(error, aiosmtplib.SMTPResponseException)
    return replace(outcome, may_have_arrived=unanswered) if isinstance(outcome, Retry) else outcome


_NOT_OFFERED: Final = {
    Stage.SECURING: Retry(Reason.TLS),
    Stage.LOGIN: Retry(Reason.MISCONFIGURED, after=LOGIN_HOLD_SECONDS, holds_channel=True, spends_attempt=False),
}
"""The server does not offer what this stage needs: no STARTTLS, no way to log in."""
