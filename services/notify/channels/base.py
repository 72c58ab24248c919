"""The promise every channel keeps, and the closed vocabulary of what can become of an attempt.

    Sent ───────── the far side took it
    Retry ──────── the far side may take it later
    Refused ────── the far side will not take it, ever

An exception out of `Channel.send` means that *we* failed: the work stays pending and is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Final, Literal, Protocol

import msgspec

from services.contract import Event
from services.notify.channels.stated import ValueSaid
from services.subscribers.address import Address, Mode

FOR_THE_ANSWER: Final = 0.2
"""Of a channel's deadline: what stays for the far side's answer once a message has left. Whoever leaves later than that
would not hear it, and go out again."""

COVER_SLOT = "\ue004cover\ue001"
"""Stands for a reader's code word, in a neutral text alone."""
STOP_URL_SLOT = "\ue000stop-url\ue001"
"""Stands in a rendered part for the one personal thing in it. Private-use characters never survive in an article."""


class Reason(StrEnum):
    """Why an attempt did not end in Sent. A closed list, since it labels a metric and is shown to operators."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"  # DNS, connection refused or reset
    TLS = "tls"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    CLIENT_ERROR = "client_error"
    REDIRECT = "redirect"
    GONE = "gone"
    BLOCKED = "blocked"  # the reader blocked the bot, or left
    UNKNOWN_ADDRESS = "unknown_address"
    MAILBOX_FULL = "mailbox_full"
    POLICY = "policy"  # our reputation, not the reader's address
    UNACCEPTABLE = "unacceptable"  # the far side cannot read this message
    TOO_LARGE = "too_large"
    FORBIDDEN_TARGET = "forbidden_target"  # the address leads where we must not connect
    MISCONFIGURED = "misconfigured"  # our credentials or settings are wrong
    MOVED = "moved"
    EXHAUSTED = "exhausted"  # the whole schedule was tried
    UNEXPLAINED = "unexplained"  # refused for good, without a word on whose fault it is
    STOPPED = "stopped"  # the reader said stop while the message waited its turn


@dataclass(frozen=True, slots=True)
class Rendered:
    """One event in one language and mode, for one channel: the channel's parts by name."""

    language: str
    parts: Mapping[str, str]
    headline: str = ""
    """What happened in one sentence, whatever kind of message tells of it."""
    stated: tuple[ValueSaid, ...] = ()
    """The facts of the parts as data, for a channel that sends both."""
    neutral: Mapping[str, str] = field(default_factory=dict)
    """What stands in place of the parts where those may not be shown, see `content.neutral_texts`."""


Composed = Any
"""What `Channel.compose` made of an event: everything that is the same for all its readers of one language and mode.
Nobody but the channel looks into it."""


def _always() -> bool:
    return True


class NoLongerWanted(Exception):
    """The reader said stop while the message waited its turn."""


class TooLate(Exception):
    """So little time is left that an answer would not be heard, and the message would go out again. Nothing left."""


class StoreTooSlow(Exception):
    """We cannot be sure that a stop would have reached us. Nothing left, and it is nobody's fault out there."""


class Delivery(msgspec.Struct, frozen=True):
    """One event for one subscriber on one channel, about to be attempted."""

    event: Event
    number: int
    """The subscriber's number. It stands in nothing that leaves us, and beside an event in no log."""
    address: Address
    language: str
    mode: Mode
    stop_url: str
    message_id: str
    """Opaque: the same for every attempt of this event to this reader, and not to be computed without our key."""
    first_message_id: str
    """The same of the story's first revision: what a revision answers to where the channel has threads."""
    attempt: int = 1
    retries_remaining: int = 0
    next_attempt_at: int | None = None
    """Unix seconds of the attempt after this one, should this one fail."""
    first_reference: str | None = None
    """What `Sent.reference` was for the story's first revision to this subscriber: what a revision answers to."""
    progress: str | None = None
    """What `Retry.progress` was on the attempt before."""
    still_wanted: Callable[[], bool] = _always
    """Asked by `leave`. Raises StoreTooSlow."""
    cover: str | None = None
    """See `Subscriber.covers_with`."""
    silent: bool = False
    """See `Subscriber.silent`."""

    def __repr__(self) -> str:
        return f"Delivery(event={self.event.id!r}, attempt={self.attempt})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """A traceback drawn on a terminal asks for this instead: the fields of a struct, unless told otherwise."""
        return [("event", self.event.id), ("attempt", self.attempt)]

    def leave(self, within: float | None = None) -> None:
        """To be called right before the message itself leaves, and after every wait within an attempt: nothing goes
        out after an acknowledged stop. `within`: seconds after which it may not leave any more. Waits for nothing.

        Raises NoLongerWanted, which `send` answers with Refused(Reason.STOPPED); TooLate; StoreTooSlow, which `send`
        lets through.
        """
        if within is not None and within <= 0:
            raise TooLate
        if not self.still_wanted():
            raise NoLongerWanted


@dataclass(frozen=True, slots=True)
class Sent:
    reference: str | None = None
    """The far side's own id for the message, where a later revision needs it (a Telegram message id)."""
    code: int | None = field(default=None, compare=False)
    """What the far side answered with, where that has a number (HTTP, SMTP)."""


@dataclass(frozen=True, slots=True)
class Retry:
    reason: Reason
    after: float | None = None
    """Seconds the far side asked us to wait; it only ever pushes the schedule later."""
    holds_channel: bool = False
    """The whole channel waits for `after`, not only this delivery."""
    spends_attempt: bool = True
    """False: nothing was said of this reader, so it counts as no attempt and is made again after `after` seconds."""
    of_all: bool = False
    """Said of the far side as a whole and of no reader: it counts as if nobody had answered."""
    progress: str | None = None
    """How far the attempt came (messages already taken, of a split text), for the next attempt to go on from."""
    moved_to: Address | None = None
    """The address to use from now on."""
    may_have_arrived: bool = field(default=False, compare=False)
    """All of the message was on its way and nobody said what became of it."""
    code: int | None = field(default=None, compare=False)
    """What the far side answered with, where that has a number (HTTP, SMTP)."""


@dataclass(frozen=True, slots=True)
class Refused:
    reason: Reason
    ends_address: bool = False
    """Nothing should be sent to this address again."""
    code: int | None = field(default=None, compare=False)
    """What the far side answered with, where that has a number (HTTP, SMTP)."""


Outcome = Sent | Retry | Refused


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the far side would take nothing of ours now."""

    reason: Reason
    says: str
    """What is wrong and what to do: names settings, and never a host, a token or anybody's address."""


class Channel(Protocol):
    """One way to reach people. All that is particular to it lives in its one file and its templates."""

    name: ClassVar[str]
    parts: ClassVar[tuple[str, ...]]
    """The template parts it sends, by name; each is a file in `templates/<name>/<message kind>/`."""
    languages: ClassVar[Literal["reader", "all"]]
    """Does `send` want the reader's language only, or the parts in every language?"""
    personal: ClassVar[bool]
    """Does `send` need what is the reader's own: the link that stops, the ids of messages?"""
    shared: bool
    """One far side takes everything (a mail server, the Bot API); False: each address is a far side of its own."""
    deadline: float
    """Seconds that one attempt may take in all; `send` keeps it by itself."""

    def read_address(self, target: str, secrets: tuple[str, ...] = ()) -> Address:
        """Checks and normalises what a person typed. Raises InvalidAddress."""
        ...

    def compose(self, event: Event, rendered: Mapping[str, Rendered], mode: Mode) -> Composed:
        """What all readers of one language and mode get of an event, made once. `rendered` is keyed by language: of one
        reader's there is but one. What it raises is poison, see `composing`."""
        ...

    async def send(self, delivery: Delivery, composed: Composed) -> Outcome:
        """One attempt: what is the reader's own is put into `composed`, and it leaves. No outcome and no exception text
        bears the address."""
        ...

    async def ask(self) -> Trouble | None:
        """Whether the shared far side would talk to us now, found out without sending; None where there is none."""
        ...

    async def close(self) -> None: ...
