"""What a mail server's refusal means: the enhanced code first (RFC 3463), then the digit (RFC 5321, section 4.2.1)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

from services.notify.channels.base import Outcome, Reason, Refused, Retry

HOLD_SECONDS: Final = 60.0
"""How long the channel rests when it is our own settings that are refused."""


class Stage(StrEnum):
    """How far the conversation had come."""

    GREETING = "greeting"
    SECURING = "securing"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


_ABOUT_THE_READER: Final = frozenset({Stage.RECIPIENT, Stage.CONTENT})
"""Before these nothing was said of the reader, so nothing can be held against their address."""


class _Enhanced(NamedTuple):
    severity: str
    subject: str
    detail: str


_ENHANCED: Final = re.compile(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])")

_ENDS_ADDRESS: Final = frozenset({("1", "1"), ("1", "2"), ("1", "10")})
"""No such mailbox, no such domain, a domain that takes no mail (RFC 7505)."""

_MAILBOX_FULL: Final = ("2", "2")

_BY_DETAIL: Final = {("2", "3"): Reason.TOO_LARGE, ("3", "4"): Reason.TOO_LARGE}

_BY_SUBJECT: Final = {
    "1": Reason.UNKNOWN_ADDRESS,
    "2": Reason.UNKNOWN_ADDRESS,
    "3": Reason.SERVER_ERROR,
    "4": Reason.UNREACHABLE,
    "5": Reason.SERVER_ERROR,
    "6": Reason.UNACCEPTABLE,
    "7": Reason.POLICY,  # our own reputation: an alarm for us, and the address stays
}

_BY_STAGE: Final = {Stage.RECIPIENT: Reason.UNKNOWN_ADDRESS, Stage.CONTENT: Reason.UNACCEPTABLE}
"""A refusal for good that names no enhanced code."""


def read_reply(code: int, text: str, stage: Stage, *, last_try: bool = False) -> Outcome:
    """`last_try`: others came before and none will come after, so that a full mailbox has been full all along."""
    if stage is Stage.SECURING:
        return Retry(Reason.TLS)
    found = _ENHANCED.match(text)
    enhanced = _Enhanced(*found.groups()) if found else None
    severity = _severity(code, enhanced)
    if enhanced and enhanced[1:] == _MAILBOX_FULL:
        return Refused(Reason.MAILBOX_FULL, ends_address=True) if last_try else Retry(Reason.MAILBOX_FULL)
    if severity == "5":
        return _for_good(enhanced, stage)
    return Retry(_BY_SUBJECT.get(enhanced.subject, Reason.SERVER_ERROR) if enhanced else Reason.SERVER_ERROR)


def _severity(code: int, enhanced: _Enhanced | None) -> str:
    return enhanced.severity if enhanced and enhanced.severity != "2" else str(code)[:1]


def _for_good(enhanced: _Enhanced | None, stage: Stage) -> Outcome:
    if stage is Stage.LOGIN or (stage not in _ABOUT_THE_READER and not (enhanced and enhanced.subject == "7")):
        return Retry(Reason.MISCONFIGURED, after=HOLD_SECONDS, holds_channel=True)
    if enhanced is None:
        return Refused(_BY_STAGE.get(stage, Reason.UNACCEPTABLE))
    exact = enhanced[1:]
    reason = _BY_DETAIL.get(exact) or _BY_SUBJECT.get(enhanced.subject, Reason.UNACCEPTABLE)
    return Refused(reason, ends_address=exact in _ENDS_ADDRESS)
