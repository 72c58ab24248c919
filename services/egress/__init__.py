"""The way out: one HTTP client that connects only where it may, in time, and tells no log about it."""

from services.egress.by_wire import WireTransport
from services.egress.client import Egress
from services.egress.errors import (
    AnswerTooLarge,
    BadAnswer,
    BadRequest,
    EgressError,
    ForbiddenTarget,
    TimedOut,
    TlsFailed,
    Unreachable,
)
from services.egress.loop_time import loop_time
from services.egress.policy import EgressPolicy
from services.egress.question import Answer
from services.egress.request_fields import Fields
from services.egress.retry_after import read_retry_after
from services.egress.targets import origin_of

__all__ = [
    "Answer",
    "AnswerTooLarge",
    "BadAnswer",
    "BadRequest",
    "Egress",
    "EgressError",
    "EgressPolicy",
    "Fields",
    "ForbiddenTarget",
    "TimedOut",
    "TlsFailed",
    "Unreachable",
    "WireTransport",
    "loop_time",
    "origin_of",
    "read_retry_after",
]
