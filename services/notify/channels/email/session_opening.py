"""A session with the mail server is opened: greeting, EHLO, STARTTLS and AUTH as they are set.

aiosmtplib does this part. It is done once for many letters, and has more to bear than speed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Final, cast

import aiosmtplib

from services.notify.channels.base import Outcome, Reason, Retry
from services.notify.channels.email.mail_addresses import read_mail_address
from services.notify.channels.email.mail_settings import EmailSettings
from services.notify.channels.email.smtp_replies import LOGIN_HOLD_SECONDS, NotForThisReader, Stage, read_reply
from services.notify.channels.email.transaction import Offers

_LEAVE_SECONDS: Final = 1.0


class NotOpened(Exception):
    """`outcome`: what it means for every letter that waits."""

    def __init__(self, stage: Stage, outcome: Outcome) -> None:
        super().__init__(f"no session, at {stage}")
        self.stage, self.outcome = stage, outcome


class Opening:
    """One connection until it takes letters. `stage` tells where it broke off."""

    def __init__(self, settings: EmailSettings, tls: ssl.SSLContext | None) -> None:
        self.stage = Stage.GREETING
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
        """Raises NotOpened, and nothing is left open then."""
        try:
            async with asyncio.timeout(self._settings.deadline):
                await self._client.connect()
                await self._secure()
                await self._log_in()
        except (aiosmtplib.SMTPException, OSError) as error:  # TimeoutError is one of OSError's
            raise NotOpened(self.stage, _read_failure(error, self.stage)) from error
        finally:
            if self.stage is not Stage.SENDER:
                self._client.close()

    def handed_to(self, speaker: Callable[[asyncio.Transport, Offers], asyncio.Protocol]) -> None:
        """From here on somebody else speaks. Raises NotOpened."""
        transport, offers = self._client.transport, self._client.supports_extension
        if transport is None or transport.is_closing():
            raise NotOpened(Stage.GREETING, Retry(Reason.UNREACHABLE))
        known = Offers(offers("pipelining"), offers("chunking"), offers("smtputf8"))
        open_transport = cast(asyncio.Transport, transport)
        open_transport.set_protocol(speaker(open_transport, known))

    async def leave(self) -> None:
        with suppress(aiosmtplib.SMTPException, OSError):
            async with asyncio.timeout(_LEAVE_SECONDS):
                await self._client.quit()
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
        if self._settings.username is not None:
            self.stage = Stage.LOGIN
            password = self._settings.password.get_secret_value() if self._settings.password else ""
            await self._client.login(self._settings.username, password)
        self.stage = Stage.SENDER


def _read_failure(error: Exception, stage: Stage) -> Outcome:
    if isinstance(error, TimeoutError):
        return Retry(Reason.TIMEOUT)
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Retry(Reason.TLS)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        said = read_reply(error.code, error.message, stage)
        return said.why if isinstance(said, NotForThisReader) else said
    if isinstance(error, OSError):  # aiosmtplib's lost connections are ConnectionErrors
        return Retry(Reason.UNREACHABLE)
    return _NOT_OFFERED.get(stage, Retry(Reason.SERVER_ERROR))


_NOT_OFFERED: Final = {
    Stage.SECURING: Retry(Reason.TLS),
    Stage.LOGIN: Retry(Reason.MISCONFIGURED, after=LOGIN_HOLD_SECONDS, holds_channel=True, spends_attempt=False),
}
"""The server does not offer what this stage needs: no STARTTLS, no way to log in."""
