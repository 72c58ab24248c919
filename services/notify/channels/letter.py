"""A rendered delivery as the bytes of one email. The same delivery always gives the same bytes."""

from __future__ import annotations

import hashlib
import html
import re
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Final

from services.contract import event_id
from services.notify.channels.base import STOP_URL_SLOT, Delivery, Rendered
from services.notify.channels.mail_addresses import MailAddress

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNSUBSCRIBE: Final = re.compile(r"https://[!-;=?-~]+")
"""What may stand between < and >: printable ASCII. One-click needs https (RFC 8058, section 3.1)."""

_IN_ONE_LINE: Final = frozenset({"message-id", "in-reply-to", "references", "list-id", "list-unsubscribe"})


class _LetterPolicy(EmailPolicy):
    """The standard policy encodes long ids and addresses as if they were words, when they do not fit into a line."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name.lower() in _IN_ONE_LINE else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii", "surrogateescape")


_POLICY: Final = _LetterPolicy(linesep="\r\n", cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands on every letter of this house."""

    sender: MailAddress
    name: str
    discreet_name: str
    list_id: str


def compose(delivery: Delivery, rendered: Rendered, recipient: MailAddress, head: Letterhead) -> bytes:
    letter = EmailMessage(policy=_POLICY.clone(utf8=recipient.needs_smtputf8))
    for name, value in _headers(delivery, rendered, recipient, head).items():
        letter[name] = value
    letter.set_content(_with_stop(rendered.parts["text"], delivery.stop_url))
    markup = _with_stop(rendered.parts["html"], html.escape(delivery.stop_url))
    letter.add_alternative(markup, subtype="html")
    letter["Content-Language"] = rendered.language  # not earlier: set_content carries such headers into the first part
    letter.set_boundary(f"=_{_fingerprint(delivery.event.id, delivery.number, recipient)}")
    return letter.as_bytes()


def message_id(event: str, number: int, recipient: MailAddress, domain: str) -> str:
    """The same for every attempt. It shows neither the number nor the address, which travel elsewhere than the mail."""
    return f"<{_fingerprint(event, number, recipient)}@{domain}>"


def _fingerprint(event: str, number: int, recipient: MailAddress) -> str:
    digest = hashlib.sha256(f"{event}\0{number}\0{recipient.text}".encode()).digest()
    return b32encode(digest[:20]).decode().lower()


def _headers(
    delivery: Delivery, rendered: Rendered, recipient: MailAddress, head: Letterhead
) -> dict[str, str | Mailbox]:
    sender_name = head.discreet_name if delivery.mode == "discreet" else head.name
    headers: dict[str, str | Mailbox] = {
        "From": Mailbox(_in_line(sender_name), head.sender.local, head.sender.domain),
        "To": Mailbox("", recipient.local, recipient.domain),
        "Subject": _in_line(rendered.parts["subject"]),
        "Date": format_datetime(datetime.fromisoformat(delivery.event.time)),
        "Message-ID": message_id(delivery.event.id, delivery.number, recipient, head.sender.domain),
        "List-Id": f"<{head.list_id}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    return headers | _thread(delivery, recipient, head) | _unsubscribe(delivery.stop_url)


def _thread(delivery: Delivery, recipient: MailAddress, head: Letterhead) -> dict[str, str | Mailbox]:
    data = delivery.event.data
    if data.revision <= 1:
        return {}
    first = message_id(event_id(data.story_id, 1), delivery.number, recipient, head.sender.domain)
    return {"In-Reply-To": first, "References": first}


def _unsubscribe(stop_url: str) -> dict[str, str | Mailbox]:
    """RFC 2369 and RFC 8058."""
    if not _UNSUBSCRIBE.fullmatch(stop_url):
        return {}
    return {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _with_stop(part: str, stop_url: str) -> str:
    return _CONTROL.sub("", _whole(part)).replace(STOP_URL_SLOT, stop_url)


def _in_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", _whole(text)).split())


def _whole(text: str) -> str:
    """Without halves of surrogate pairs, which no encoding carries."""
    return text.encode("utf-8", "replace").decode()
