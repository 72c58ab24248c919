"""What a mail server's refusal means: the enhanced code first (RFC 3463), then the code (RFC 5321, section 4.2).

Only what is said of the address itself is the reader's: such a mailbox, such a domain does not exist. Whatever else is
refused, at whatever stage, is about us (our relay, sender, name, login, reputation) or about the letter. Many servers
say that only at RCPT, so the stage excuses nobody; what says nothing clear is taken for ours, and the address stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

from services.notify.channels.base import Outcome, Reason, Refused, Retry
from services.notify.channels.far_side_standing import HOLD_SECONDS, REFUSED_SECONDS

LOGIN_HOLD_SECONDS: Final = 30.0
"""Servers ban who fails to log in too often."""


class Stage(StrEnum):
    """How far the conversation had come."""

    GREETING = "greeting"
    SECURING = "securing"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


_OF_ONE_READER: Final = frozenset({Stage.RECIPIENT, Stage.CONTENT})
"""Before these nothing was said of the reader, so it is said of us, and to all."""


class _Enhanced(NamedTuple):
    severity: str
    subject: str
    detail: str


_ENHANCED: Final = re.compile(r"[#\[(]?([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])")

_ENDS_ADDRESS: Final = frozenset({("1", "1"), ("1", "2"), ("1", "6"), ("1", "10")})
"""No such mailbox, no such domain, a mailbox that moved and left no word where (these three: RFC 3463, section 3.2),
a domain that takes no mail (RFC 7505)."""

_ONE_DELIVERY: Final = frozenset({("1", "3"), ("1", "4"), ("2", "1")})
"""The reader's as well, and perhaps not for ever: a syntax or an ambiguity that this server minds, a mailbox that is
disabled (RFC 3463, section 3.3, says that this may pass). This delivery is given up, and the address stays."""

_MAILBOX_FULL: Final = ("2", "2")

_OF_THE_LETTER: Final = {("2", "3"): Reason.TOO_LARGE, ("3", "4"): Reason.TOO_LARGE}

_BY_DETAIL: Final = {("1", "7"): Reason.MISCONFIGURED, ("1", "8"): Reason.MISCONFIGURED}
"""Our sender's address: its syntax, its domain."""

_BY_SUBJECT: Final = {
    "1": Reason.UNEXPLAINED,
    "2": Reason.UNEXPLAINED,
    "3": Reason.SERVER_ERROR,
    "4": Reason.UNREACHABLE,
    "5": Reason.MISCONFIGURED,  # how we speak: our name, the order of commands, a login that is missing
    "6": Reason.UNACCEPTABLE,
    "7": Reason.POLICY,  # our own reputation: an alarm for us, and the address stays
}

_BY_CODE: Final = {
    530: Reason.MISCONFIGURED,  # log in first (RFC 4954)
    534: Reason.MISCONFIGURED,
    535: Reason.MISCONFIGURED,
    538: Reason.MISCONFIGURED,
    555: Reason.MISCONFIGURED,  # our parameters of MAIL or RCPT (RFC 5321)
}

_PASSING: Final = {
    "1": Reason.UNKNOWN_ADDRESS,
    "2": Reason.UNKNOWN_ADDRESS,
    "4": Reason.UNREACHABLE,
    "7": Reason.POLICY,
}

_ABOUT_US: Final = re.compile(
    r"\b(?:sender|relay\w*|helo|ehlo|block\w*|black\w*|reputation|spam|authenti\w+|log ?in|policy|client|rate|"
    r"spf|dkim|dmarc)\b",
    re.IGNORECASE,
)
"""With such a word beside it even a code of the address ends none."""


@dataclass(frozen=True, slots=True)
class NotForThisReader:
    """Refused for what is not known to be this reader's; whether to all is to be found out, see `standing`."""

    why: Retry
    for_now: bool = False


def read_reply(code: int, text: str, stage: Stage, *, last_try: bool = False) -> Outcome | NotForThisReader:
    """`last_try`: others came before and none will come after, so that a full mailbox has been full all along."""
    meaning = _read(code, text, stage, last_try)
    if isinstance(meaning, NotForThisReader):
        return replace(meaning, why=replace(meaning.why, code=code))
    return replace(meaning, code=code)


def _read(code: int, text: str, stage: Stage, last_try: bool) -> Outcome | NotForThisReader:
    if stage is Stage.SECURING:
        return Retry(Reason.TLS)
    found = _ENHANCED.match(text)
    enhanced = _Enhanced(*found.groups()) if found else None
    if _severity(code, enhanced) != "5":
        return _for_now(enhanced, stage, last_try)
    if stage not in _OF_ONE_READER:
        return _hold(enhanced, stage)
    return _for_good(code, enhanced, text, stage, last_try)


def _severity(code: int, enhanced: _Enhanced | None) -> str:
    return enhanced.severity if enhanced and enhanced.severity != "2" else str(code)[:1]


def _for_now(enhanced: _Enhanced | None, stage: Stage, last_try: bool) -> Outcome | NotForThisReader:
    if stage not in _OF_ONE_READER:
        return Retry(Reason.SERVER_ERROR, of_all=True)
    if enhanced and enhanced[1:] == _MAILBOX_FULL:
        return _full(last_try)
    reason = _PASSING.get(enhanced.subject, Reason.SERVER_ERROR) if enhanced else Reason.SERVER_ERROR
    return NotForThisReader(Retry(reason), for_now=True)


def _hold(enhanced: _Enhanced | None, stage: Stage) -> Retry:
    policy = enhanced is not None and enhanced.subject == "7" and stage is not Stage.LOGIN
    seconds = LOGIN_HOLD_SECONDS if stage is Stage.LOGIN else HOLD_SECONDS
    reason = Reason.POLICY if policy else Reason.MISCONFIGURED
    return Retry(reason, after=seconds, holds_channel=True, spends_attempt=False)


def _for_good(
    code: int, enhanced: _Enhanced | None, text: str, stage: Stage, last_try: bool
) -> Outcome | NotForThisReader:
    exact = enhanced[1:] if enhanced and enhanced.severity != "2" else None
    if exact == _MAILBOX_FULL or (exact is None and code == 552 and stage is Stage.RECIPIENT):
        return _full(last_try and exact is not None)
    if exact in _ENDS_ADDRESS | _ONE_DELIVERY and not _ABOUT_US.search(_said(text)):
        return Refused(Reason.UNKNOWN_ADDRESS, ends_address=exact in _ENDS_ADDRESS)
    if exact in _OF_THE_LETTER or (exact and exact[0] == "6") or (exact is None and code == 552):
        reason = _OF_THE_LETTER.get(exact, Reason.UNACCEPTABLE) if exact else Reason.TOO_LARGE
        return Retry(reason, after=REFUSED_SECONDS)
    return NotForThisReader(Retry(_reason(code, exact)))


def _said(text: str) -> str:
    """Without the addresses that servers repeat: their names are no words about us."""
    return re.sub(r"<[^<>]*>|\S+@\S+|https?:\S+", " ", text)


def _reason(code: int, exact: tuple[str, ...] | None) -> Reason:
    if exact is None or exact[0] == "0":
        return _BY_CODE.get(code, Reason.UNEXPLAINED)
    return _BY_DETAIL.get((exact[0], exact[1])) or _BY_SUBJECT.get(exact[0], Reason.UNEXPLAINED)


def _full(last_try: bool) -> Outcome:
    return Refused(Reason.MAILBOX_FULL, ends_address=True) if last_try else Retry(Reason.MAILBOX_FULL)
