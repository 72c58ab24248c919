"""One letter as it came over the wire, and what a reader's mail program would make of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import compat32, default


@dataclass(frozen=True, slots=True)
class CaughtLetter:
    """`text` and `html` are empty where the letter has no such part. Its repr shows no address."""

    number: int
    received_at: datetime
    raw: bytes = field(repr=False)
    sender: str = field(repr=False)
    """The envelope's, as is `recipient`: what SMTP said, not what the headers say."""
    recipient: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def read_letter(raw: bytes, *, number: int, sender: str, recipient: str, received_at: datetime) -> CaughtLetter:
    """Never raises for what stands in the letter: a mail server takes the oddest things."""
    message = BytesParser(EmailMessage, policy=default).parsebytes(raw)
    headers = tuple(_headers(message))
    return CaughtLetter(
        number=number,
        received_at=received_at,
        raw=raw,
        sender=sender,
        recipient=recipient,
        subject=next((value for name, value in headers if name.lower() == "subject"), ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        headers=headers,
    )


def _headers(message: EmailMessage) -> Iterator[tuple[str, str]]:
    for name, value in message.raw_items():
        yield name, _decoded(name, value)


def _decoded(name: str, value: str) -> str:
    try:
        decoded = str(default.header_fetch_parse(name, value))
    except Exception:  # Python 3.11 raises IndexError and others on odd Message-IDs and addresses
        decoded = str(compat32.header_fetch_parse(name, value))
    return " ".join(decoded.encode("utf-8", "replace").decode().split())


def _part(message: EmailMessage, subtype: str) -> str:
    try:
        part = message.get_body((subtype,))
    except Exception:  # a multipart that is none
        part = None
    return "" if part is None else _content(part)


def _content(part: Message) -> str:
    try:
        content = str(part.get_content()) if isinstance(part, EmailMessage) else ""
    except Exception:  # an unknown charset, or a payload that is not in the encoding it says
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(part.get_payload())
    return content.replace("\r\n", "\n").encode("utf-8", "replace").decode()
