"""While Redis is away everybody who needs it says so; of all that one line a minute is written, without a traceback."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import Final

from redis.exceptions import AuthenticationError, AuthorizationError, MaxConnectionsError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

SAID_EVERY: Final = 60.0  # seconds
EVENT: Final = "redis_away"
_DO: Final = "everybody waits, and goes on when it answers; see 'vestka doctor'"

_AWAY: Final = (RedisConnectionError, RedisTimeoutError)
_NOT_AWAY: Final = (AuthenticationError, AuthorizationError, MaxConnectionsError)
"""redis-py has them under ConnectionError, and they do not end by waiting: each is said every time."""


def says_redis_is_away(error: BaseException | None) -> bool:
    """An error of the connection, one raised because of it, or a group of nothing else."""
    if error is None:
        return False
    if isinstance(error, BaseExceptionGroup):
        return all(says_redis_is_away(one) for one in error.exceptions)
    if isinstance(error, _AWAY):
        return not isinstance(error, _NOT_AWAY)
    return says_redis_is_away(error.__cause__)


class RedisAwayFilter(logging.Filter):
    """Lets one of those lines pass in a while, reworded; of a logging handler. `clock` counts seconds.

    What a line is about is told by the exception that it shows, or inside whose `except` it is written: so it holds
    for libraries' lines as for our own.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said_at = float("-inf")
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        error = _error_of(record)
        if not says_redis_is_away(error):
            return True
        now = self._clock()
        if now - self._said_at < SAID_EVERY:
            self._left_out += 1
            return False
        _reword(record, type(error).__name__, self._left_out)
        self._said_at, self._left_out = now, 0
        return True


def _error_of(record: logging.LogRecord) -> BaseException | None:
    """What the line shows; else what was being handled when it was written."""
    shown = record.exc_info
    if isinstance(record.msg, dict) and record.msg.get("exc_info"):
        shown = record.msg["exc_info"]
    if isinstance(shown, BaseException):
        return shown
    return shown[1] if isinstance(shown, tuple) else sys.exc_info()[1]


def _reword(record: logging.LogRecord, error: str, left_out: int) -> None:
    said = {"event": EVENT, "error": error, "lines_left_out": left_out, "todo": _DO}
    record.exc_info = record.exc_text = None
    record.levelno, record.levelname = logging.WARNING, "WARNING"
    if isinstance(record.msg, dict):  # of structlog, on its way to the formatter
        kept = {key: record.msg[key] for key in ("service", "timestamp") if key in record.msg}
        record.msg = {**kept, "level": "warning", **said}
    else:
        record.msg, record.args = f"{EVENT} ({error}); {left_out} lines left out; {_DO}", None
