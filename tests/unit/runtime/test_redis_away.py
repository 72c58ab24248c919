"""While Redis is away one line a minute tells it, whoever noticed and however they log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    MaxConnectionsError,
    ResponseError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from services.runtime.logs import configure_logs
from services.runtime.redis_away import RedisAwayFilter, says_redis_is_away


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("info", "json", "notify", stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (RedisConnectionError("refused"), True),
        (RedisTimeoutError("too slow"), True),
        (BusyLoadingError("loading"), True),
        (ExceptionGroup("several", [RedisTimeoutError(), RedisConnectionError()]), True),
        (ExceptionGroup("several", [RedisTimeoutError(), KeyError()]), False),
        (AuthenticationError("WRONGPASS"), False),
        (MaxConnectionsError("too many of our own"), False),
        (ResponseError("OOM"), False),
        (ConnectionError("an endpoint's"), False),
        (None, False),
    ],
)
def test_what_is_an_outage_of_redis_and_what_is_not(error: BaseException | None, away: bool) -> None:
    assert says_redis_is_away(error) is away


def _raised(instead: Exception, cause: bool) -> BaseException:
    """What comes out where the outage is met and something else is raised, because of it or merely meanwhile."""
    try:
        try:
            raise RedisConnectionError
        except RedisConnectionError as error:
            if cause:
                raise instead from error
            raise instead  # noqa: B904
    except Exception as raised:
        return raised


def test_an_error_raised_because_of_the_outage_is_the_outage_and_a_fault_met_meanwhile_is_not() -> None:
    assert says_redis_is_away(_raised(OSError("wrapped"), cause=True))
    assert not says_redis_is_away(_raised(KeyError("a mistake of ours"), cause=False))


def test_of_all_that_is_logged_about_it_one_line_passes_and_has_no_traceback(written: io.StringIO) -> None:
    for number in range(20):
        try:
            raise RedisConnectionError("Error 111 connecting")
        except RedisConnectionError as error:
            structlog.get_logger("ours").warning("due_queue_unreachable", number=number)
            structlog.get_logger("ours").exception("part_failed")
            logging.getLogger("vestka.faststream").exception("Message fetch error")
            logging.getLogger("asyncio").error("never retrieved", exc_info=error)
    structlog.get_logger("ours").info("something_else")
    first, other = lines(written)
    assert first["event"] == "redis_away"
    assert (first["error"], first["level"], first["service"]) == ("ConnectionError", "warning", "notify")
    assert other["event"] == "something_else"
    assert "Traceback" not in written.getvalue()


def test_a_library_that_notices_first_is_reworded_too(written: io.StringIO) -> None:
    try:
        raise RedisTimeoutError
    except RedisTimeoutError:
        logging.getLogger("vestka.faststream").exception("Message fetch error")
    (line,) = lines(written)
    assert line["event"].startswith("redis_away (TimeoutError)")
    assert "exception" not in line


def test_a_minute_later_it_is_said_again_with_how_many_lines_were_left_out() -> None:
    now = 1000.0
    sieve = RedisAwayFilter(clock=lambda: now)

    def passes() -> logging.LogRecord | None:
        error = RedisConnectionError()
        record = logging.LogRecord("x", logging.ERROR, "", 0, "lost", None, (type(error), error, None))
        return record if sieve.filter(record) else None

    assert passes()
    assert not passes()
    now = 1059.0
    assert not passes()
    now = 1060.0
    said = passes()
    assert said is not None
    assert "2 lines left out" in said.getMessage()


def test_every_other_line_written_while_it_is_away_passes(written: io.StringIO) -> None:
    try:
        raise KeyError("a fault")
    except KeyError:
        structlog.get_logger("ours").exception("delivery_poisoned")
    (line,) = lines(written)
    assert line["event"] == "delivery_poisoned"
    assert "KeyError" in line["exception"]
