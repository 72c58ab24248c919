"""What comes back, read: a delivery status notification (RFC 3464) or a report of abuse (ARF, RFC 5965). Pure.

Whoever wrote it may be anybody, so nothing in it is believed but what `bounce_desk` can check.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr
from typing import Final

MOST_BYTES: Final = 1 << 20
"""Of one message; what tells something stands near its beginning."""
_MOST_PARTS: Final = 50
_STATUS: Final = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})(?!\d)")
_IN_DIAGNOSTIC: Final = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_MESSAGE_ID: Final = re.compile(r"<([^<>@\s]{1,200})@[^<>\s]{1,255}>")


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """One recipient's status. `status`: the enhanced code (RFC 3463); `failed`: for good, not for now."""

    status: tuple[str, str, str]
    failed: bool


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    complaint: bool
    """Somebody says that they did not want it."""
    not_delivered: tuple[NotDelivered, ...]
    targets: tuple[str, ...] = field(repr=False)
    """Whom the letter went to, as the letter itself says first, and as the report has it."""
    message_ids: tuple[str, ...] = field(repr=False)
    """Of the letter that came back: what stands before the @."""
    digest: str = ""
    """Of the report: the same one that comes twice counts once."""


def read_returned(raw: bytes) -> ReturnedMail | None:
    """None where it is no report of either kind: an answer from somebody's holiday, or a letter to us."""
    raw = raw[:MOST_BYTES]
    try:
        parts = list(_parts(BytesParser(policy=policy.compat32).parsebytes(raw)))
        kinds = {part.get_content_type() for part in parts}
        if "message/delivery-status" in kinds:
            return _read(parts, raw, complaint=False)
        if "message/feedback-report" in kinds:
            return _read(parts, raw, complaint=_is_abuse(parts))
    except Exception:  # of the standard library, on the oddest of mail: whoever wrote it wants nothing of us
        return None
    return None


def _parts(message: Message) -> Iterator[Message]:
    """Not into letters that are in it: those are looked at for their head only."""
    ahead, seen = [message], 0
    while ahead and seen < _MOST_PARTS:
        part, seen = ahead.pop(0), seen + 1
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            ahead.extend(one for one in part.get_payload() if isinstance(one, Message))


def _read(parts: list[Message], raw: bytes, *, complaint: bool) -> ReturnedMail:
    letters = [head for part in parts for head in _returned_letters(part)]
    reports = [block for part in parts for block in _blocks(part)]
    targets = [parseaddr(_text(letter, "To"))[1] for letter in letters]
    for name in ("Original-Recipient", "Final-Recipient", "Original-Rcpt-To"):
        targets += [_address(value) for block in reports for value in block.get_all(name, [])]
    ids = [found for letter in letters for found in _MESSAGE_ID.findall(_text(letter, "Message-ID"))]
    return ReturnedMail(
        complaint=complaint,
        not_delivered=tuple(one for block in reports if (one := _not_delivered(block)) is not None),
        targets=tuple(dict.fromkeys(filter(None, targets))),
        message_ids=tuple(dict.fromkeys(ids)),
        digest=hashlib.sha256(raw).hexdigest(),
    )


def _returned_letters(part: Message) -> Iterator[Message]:
    """The head of what came back: the whole letter, or its headers alone."""
    if part.get_content_type() == "message/rfc822":
        inside = part.get_payload()
        yield from (one for one in inside if isinstance(one, Message)) if isinstance(inside, list) else ()
    elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
        text = part.get_payload(decode=True)
        if isinstance(text, bytes):
            yield BytesParser(policy=policy.compat32).parsebytes(text, headersonly=True)


def _blocks(part: Message) -> Iterator[Message]:
    """Of a report: the groups of fields, each a head of its own."""
    if part.get_content_type() == "message/delivery-status":
        inside = part.get_payload()
        yield from (one for one in inside if isinstance(one, Message)) if isinstance(inside, list) else ()
    elif part.get_content_type() == "message/feedback-report":
        inside = part.get_payload()
        first = inside[0] if isinstance(inside, list) and inside else None
        text = first.as_bytes() if isinstance(first, Message) else part.get_payload(decode=True)
        if isinstance(text, bytes):
            yield BytesParser(policy=policy.compat32).parsebytes(text.lstrip(), headersonly=True)


def _not_delivered(block: Message) -> NotDelivered | None:
    action = _text(block, "Action").strip().lower()
    if action not in ("failed", "delayed"):
        return None
    found = _STATUS.match(_text(block, "Status")) or _IN_DIAGNOSTIC.search(_text(block, "Diagnostic-Code"))
    inner = _IN_DIAGNOSTIC.search(_text(block, "Diagnostic-Code"))
    if inner is not None and (found is None or found[3] == "0"):  # 5.0.0 says nothing; what the far side said, may
        found = inner
    if found is None:
        return None
    return NotDelivered((found[1], found[2], found[3]), failed=action == "failed" and found[1] == "5")


def _is_abuse(parts: list[Message]) -> bool:
    """RFC 5965, section 7.3: anything but "not-spam" is a complaint."""
    kinds = [_text(block, "Feedback-Type").strip().lower() for part in parts for block in _blocks(part)]
    return any(kind and kind != "not-spam" for kind in kinds)


def _address(value: object) -> str:
    """Of "rfc822; somebody@example.org"."""
    kind, semicolon, address = str(value).partition(";")
    return parseaddr((address if semicolon and "@" not in kind else str(value)).strip())[1]


def _text(message: Message, name: str) -> str:
    return str(message.get(name, ""))
