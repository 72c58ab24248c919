"""What can go wrong with a request to somewhere else: a closed set, whose texts never bear an address.

EgressError
├── ForbiddenTarget   we must not connect there
├── Unreachable       no such name, nobody listens, or the connection broke
├── TlsFailed         who answers cannot prove to be who we asked for
├── TimedOut          the deadline passed
├── AnswerTooLarge    the body is longer than the caller takes
├── BadAnswer         what came back is not HTTP, or ends in the middle
└── BadRequest        what we meant to send is not HTTP: our own mistake
"""

from __future__ import annotations

from typing import ClassVar


class EgressError(Exception):
    says: ClassVar[str]
    sent: bool = False
    """All of the request had left when it broke off, so that the far side may have done what it asks."""

    def __init__(self) -> None:
        super().__init__(self.says)


class ForbiddenTarget(EgressError):
    """`why` is a phrase of ours, and part of no address."""

    says = "this address leads where we must not connect"

    def __init__(self, why: str) -> None:
        Exception.__init__(self, f"{self.says}: {why}")
        self.why = why


class Unreachable(EgressError):
    says = "the far side cannot be reached: no such name, nobody listens there, or the connection broke"


class TlsFailed(EgressError):
    says = "no secure connection: the far side's certificate or TLS version is not acceptable"


class TimedOut(EgressError):
    says = "the far side did not answer in time"


class AnswerTooLarge(EgressError):
    says = "the answer is larger than we take"


class BadAnswer(EgressError):
    says = "the answer is not HTTP, or ends in the middle"


class BadRequest(EgressError):
    says = "our request is not HTTP: a header or the method holds a character that cannot be sent"
