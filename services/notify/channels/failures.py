"""What it means for a delivery that a request did not come through. Shared by the channels that speak HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from services.egress import (
    AnswerTooLarge,
    BadAnswer,
    EgressError,
    ForbiddenTarget,
    TimedOut,
    TlsFailed,
    Unreachable,
)
from services.notify.channels.base import Outcome, Reason, Refused, Retry

_MEANING: Final[dict[type[EgressError], Outcome]] = {
    TimedOut: Retry(Reason.TIMEOUT),
    Unreachable: Retry(Reason.UNREACHABLE),
    TlsFailed: Retry(Reason.TLS),
    BadAnswer: Retry(Reason.SERVER_ERROR),
    AnswerTooLarge: Retry(Reason.SERVER_ERROR),
    ForbiddenTarget: Refused(Reason.FORBIDDEN_TARGET),
}


def read_failure(error: EgressError) -> Outcome:
    """Raises the error again when it is our own mistake (BadRequest): the work then stays pending."""
    meaning = _MEANING.get(type(error))
    if meaning is None:
        raise error
    return replace(meaning, may_have_arrived=error.sent) if isinstance(meaning, Retry) else meaning
