"""A letter about the subscription itself, as bytes: plain text, by a neutral sender, to one recipient."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from services.notify.channels.email.header_fields import check_head, mailbox, one_line, unstructured
from services.notify.channels.email.letter import Letterhead
from services.notify.channels.email.mime_body import FIELDS_OF_ONE, alone
from services.notify.channels.email.openpgp_mime import encrypted_letter
from services.subscribers.certificates import UnfitCertificate

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class PlainLetter:
    recipient: str = field(repr=False)
    """A checked address, see `read_mail_address`."""
    language: str
    subject: str
    text: str = field(repr=False)
    message_id: str
    at: float
    """Unix seconds."""
    openpgp: str | None = field(default=None, repr=False)
    """The certificate that it is encrypted to, see `StoredAddress.openpgp`."""


def write_guarded(note: PlainLetter, head: Letterhead, now: float) -> bytes:
    """Encrypted where a certificate was given. Where that one is unfit (`now`: Unix seconds) it goes out in clear: by
    its link another is given, and no news stands in it. Raises UnsafeHead."""
    letter = write_plain(note, head)
    if note.openpgp is None:
        return letter
    try:
        return encrypted_letter(letter, note.subject, note.message_id, note.openpgp, now)
    except UnfitCertificate:
        return letter


def write_plain(note: PlainLetter, head: Letterhead) -> bytes:
    """Nobody who looks over a shoulder learns from its head what it is about. Raises UnsafeHead."""
    fields = {
        "From": mailbox("From", head.discreet_name, head.sender.text),
        "To": f"To: {note.recipient}",
        "Subject": unstructured("Subject", one_line(note.subject) or "…"),
        "Date": f"Date: {format_datetime(datetime.fromtimestamp(int(note.at), UTC))}",
        "Message-ID": f"Message-ID: <{note.message_id}@{head.sender.domain}>",
        "Content-Language": f"Content-Language: {note.language}",
        "Auto-Submitted": "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress": "X-Auto-Response-Suppress: All",
    }
    letter = "".join(f"{line}\r\n" for line in fields.values()).encode() + alone(_CONTROL.sub("", note.text))
    check_head(letter, [*fields, *FIELDS_OF_ONE])
    return letter
