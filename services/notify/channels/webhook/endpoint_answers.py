"""What an endpoint's answer means."""

from __future__ import annotations

from typing import Final

from services.egress import Answer, read_retry_after
from services.notify.channels.base import Outcome, Reason, Refused, Retry, Sent

_BY_STATUS: Final = {
    408: Reason.TIMEOUT,
    425: Reason.SERVER_ERROR,
    # Overloaded, the endpoint or what stands before it: this reason also slows down what else goes there.
    429: Reason.RATE_LIMITED,
    502: Reason.RATE_LIMITED,
    504: Reason.RATE_LIMITED,
}


_DOWN: Final = frozenset({500, 502, 503, 504})
"""Whatever we ask it, it would say so: unless it names a time, it is looked at early, as one that cannot be reached."""


TAKEN: Final = {status: Sent(code=status) for status in range(200, 300)}


def read_answer(answer: Answer, now: float) -> Outcome:
    """`now`: Unix seconds."""
    status = answer.status
    if (taken := TAKEN.get(status)) is not None:
        return taken
    if status == 410:
        return Refused(Reason.GONE, ends_address=True, code=status)
    after = read_retry_after(answer.headers.get("retry-after"), now)
    reason = _BY_STATUS.get(status) or _by_hundred(status)
    return Retry(reason, after=after, of_all=after is None and status in _DOWN, code=status)


def _by_hundred(status: int) -> Reason:
    if status < 400:
        return Reason.REDIRECT
    # Retried as well, since receivers ship bugs and mend them.
    return Reason.CLIENT_ERROR if status < 500 else Reason.SERVER_ERROR
