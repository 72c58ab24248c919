"""A rendered delivery as the bytes of one email. The same delivery always gives the same bytes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from services.contract import Event
from services.notify.channels.base import STOP_URL_SLOT, Delivery, Rendered
from services.notify.channels.email.header_fields import check_head, mailbox, one_line, unstructured
from services.notify.channels.email.mail_addresses import MailAddress
from services.notify.channels.email.mime_body import FIELDS_OF_ONE, FIELDS_OF_TWO, alone, alternative
from services.subscribers.address import Mode

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNSUBSCRIBE: Final = re.compile(r"https://[!-;=?-~]{1,900}")
"""What may stand between < and >: printable ASCII. One-click needs https (RFC 8058, section 3.1)."""
_LIST_ID: Final = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands on every letter of this house."""

    sender: MailAddress
    name: str
    discreet_name: str
    list_id: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What all readers of one language and mode get of an event."""

    event: Event
    rendered: Rendered
    mode: Mode
    head: Letterhead


@dataclass(frozen=True, slots=True)
class Own:
    """What is one reader's own in a letter."""

    recipient: str = field(repr=False)
    """A checked address, see `read_mail_address`."""
    stop_url: str = field(repr=False)
    message_id: str
    first_message_id: str


def compose(delivery: Delivery, rendered: Rendered, recipient: MailAddress, head: Letterhead) -> bytes:
    """Whatever the values are, the letter goes out, and its head holds our fields and no other."""
    own = Own(recipient.text, delivery.stop_url, delivery.message_id, delivery.first_message_id)
    return write(Draft(delivery.event, rendered, delivery.mode, head), own)


def write(draft: Draft, own: Own) -> bytes:
    """See `compose`. Raises UnsafeHead."""
    return _written(
        dict(_fields(draft, own, draft.rendered.parts["subject"])), _body(draft.rendered, own), FIELDS_OF_TWO
    )


def write_text(draft: Draft, own: Own, subject: str, text: str) -> bytes:
    """In place of what is rendered: `text` alone, under another subject. Raises UnsafeHead."""
    fields = dict(_fields(draft, own, subject))
    return _written(fields, alone(_with_stop(text, own.stop_url)), FIELDS_OF_ONE)


def _written(fields: dict[str, str], body: bytes, of_body: Sequence[str]) -> bytes:
    letter = "".join(f"{line}\r\n" for line in fields.values()).encode() + body
    check_head(letter, [*fields, *of_body])
    return letter


def links_in(rendered: Rendered) -> int:
    """How often a body bears the link that stops."""
    return sum(_with_stop(rendered.parts[name], STOP_URL_SLOT).count(STOP_URL_SLOT) for name in ("text", "html"))


def _body(rendered: Rendered, own: Own) -> bytes:
    text = _with_stop(rendered.parts["text"], own.stop_url)
    marked_up = _with_stop(rendered.parts["html"], html.escape(own.stop_url))
    return alternative(text, marked_up, f"=_{own.message_id}")


def _fields(draft: Draft, own: Own, wanted: str) -> Iterator[tuple[str, str]]:
    """Each field's name, and the whole field."""
    head = draft.head
    sender_name = head.discreet_name if draft.mode == "discreet" else head.name
    subject = one_line(wanted) or one_line(sender_name) or "…"
    yield "From", mailbox("From", sender_name, head.sender.text)
    yield "To", f"To: {own.recipient}"
    yield "Subject", unstructured("Subject", subject)
    for name, value in _ours(draft, own).items():
        yield name, f"{name}: {value}"


def _ours(draft: Draft, own: Own) -> dict[str, str]:
    """Values of our own, or of a form that is checked here: one that is not of it is left out."""
    head, language = draft.head, draft.rendered.language
    domain, first = head.sender.domain, draft.event.data.revision <= 1
    answers = {} if first else dict.fromkeys(("In-Reply-To", "References"), f"<{own.first_message_id}@{domain}>")
    return {
        "Date": format_datetime(datetime.fromisoformat(draft.event.time)),
        "Message-ID": f"<{own.message_id}@{domain}>",
        **answers,
        **({"List-Id": f"<{head.list_id}>"} if _LIST_ID.fullmatch(head.list_id) else {}),
        **_unsubscribe(own.stop_url),
        **({"Content-Language": language} if _LANGUAGE.fullmatch(language) else {}),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def _unsubscribe(stop_url: str) -> dict[str, str]:
    """RFC 2369 and RFC 8058."""
    if not _UNSUBSCRIBE.fullmatch(stop_url):
        return {}
    return {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _with_stop(part: str, stop_url: str) -> str:
    return _CONTROL.sub("", _whole(part)).replace(STOP_URL_SLOT, stop_url)


def _whole(text: str) -> str:
    """Without halves of surrogate pairs, which no encoding carries."""
    return text.encode("utf-8", "replace").decode()
