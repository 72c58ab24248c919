"""The ways to the operators. Each hands a message over, or raises NotTaken; whether and when again is the teller's."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Final, Protocol

import aiosmtplib
import certifi
import msgspec

from services.egress import Egress, EgressError
from services.egress.signing import sign
from services.operations.notices import Notice
from services.operations.telling.alarm_text import document, subject, text
from services.operations.telling.settings import Relay

DEADLINE: Final = 15.0
"""Seconds for handing over one message, whatever the way."""
_STARTTLS: Final = {"required": True, "opportunistic": None, "off": False}
"""In aiosmtplib's words."""
_ABOUT_EMAIL: Final = "email"


class NotTaken(Exception):
    """Nobody took the message. The text names the kind of error and nothing else."""


class Way(Protocol):
    @property
    def name(self) -> str:
        """In the log, in alarms and as a key: never an address."""
        ...

    async def tell(self, notices: Sequence[Notice]) -> None:
        """Returns: they are told. Raises NotTaken."""
        ...


class ByEmail:
    """To one operator, through the first of the mail servers that takes it."""

    def __init__(self, number: int, recipient: str, relays: Sequence[Relay]) -> None:
        self.name = f"email-{number}"
        self._recipient = recipient
        self._relays = relays

    async def tell(self, notices: Sequence[Notice]) -> None:
        relays = self._relays
        if any(_ABOUT_EMAIL in one.about for one in notices):  # so that it goes by another way than the one that fails
            relays = relays[::-1]
        for relay in relays:
            try:
                async with asyncio.timeout(DEADLINE / len(relays)):
                    await _hand_over(relay, self._recipient, _letter(notices, relay, self._recipient, self.name))
                return
            except (aiosmtplib.SMTPException, OSError, ValueError) as error:  # TimeoutError is one of OSError's
                failed = type(error).__name__
        raise NotTaken(failed if relays else "NoRelay")


class ByWebhook:
    """`now` gives Unix seconds."""

    name = "webhook"

    def __init__(self, url: str, secret: str, egress: Egress, now: Callable[[], float] = time.time) -> None:
        self._url = url
        self._secret = secret
        self._egress = egress
        self._now = now

    async def tell(self, notices: Sequence[Notice]) -> None:
        body, message_id, at = msgspec.json.encode(document(notices)), _id(notices), int(self._now())
        headers = {
            "content-type": "application/json; charset=utf-8",
            "webhook-id": message_id,
            "webhook-timestamp": str(at),
            "webhook-signature": sign([self._secret], message_id, at, body),
        }
        try:
            answer = await self._egress.request(
                "POST", self._url, headers=headers, content=body, deadline=DEADLINE, max_bytes=4096, body="glance"
            )
        except EgressError as error:
            raise NotTaken(type(error).__name__) from None
        if not 200 <= answer.status < 300:
            raise NotTaken(f"status {answer.status}")


def _id(notices: Sequence[Notice]) -> str:
    """The same for the same notices, so that a repeat can be told."""
    return f"alarms-{notices[0].id}-{notices[-1].id}"


def _letter(notices: Sequence[Notice], relay: Relay, recipient: str, way: str) -> bytes:
    letter = EmailMessage(policy=SMTP_POLICY)
    letter["From"] = relay.sender
    letter["To"] = recipient
    letter["Subject"] = subject(notices)
    letter["Date"] = format_datetime(datetime.fromisoformat(notices[-1].at))
    letter["Message-ID"] = f"<{_id(notices)}-{way}@{relay.domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(text(notices), cte="quoted-printable")
    return letter.as_bytes()


async def _hand_over(relay: Relay, recipient: str, letter: bytes) -> None:
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        use_tls=relay.implicit_tls,
        start_tls=False if relay.implicit_tls else _STARTTLS[relay.starttls],
        tls_context=_tls(relay),
        local_hostname=relay.ehlo_name or relay.domain,
        timeout=DEADLINE,
    )
    try:
        await client.connect()
        if relay.username is not None:
            await client.login(relay.username, relay.password.get_secret_value() if relay.password else "")
        await client.sendmail(relay.sender, [recipient], letter)
    finally:
        client.close()


def _tls(relay: Relay) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=relay.ca_file)
    if relay.ca_file is None:
        context.load_verify_locations(certifi.where())  # small images have no certificates of their own
    if relay.starttls == "opportunistic" and not relay.implicit_tls:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
