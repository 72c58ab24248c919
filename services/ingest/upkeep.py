"""What ingest does beside reading: looks every minute for what needs a person, and tidies up every hour."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.contract import INGEST_GROUP, ITEMS_STREAM
from services.ingest.desk.overdue import KINDS, Patience, overdue
from services.ingest.expiry import Expiry
from services.ingest.filling_up import CapacityCheck
from services.ingest.store import Stories
from services.ingest.unread import KINDS as UNREAD_KINDS
from services.ingest.unread import unread
from services.operations.alarms import Alarms
from services.runtime.dead_letters import DeadLetters
from services.runtime.retention import Retention
from services.runtime.steady_clock import SteadyClock
from services.runtime.streams import forget_consumers, trim

log = structlog.get_logger(__name__)

"""Of the items' readers."""
_LOOK_EVERY: Final = 60.0  # seconds
_TIDY_EVERY: Final = 3600.0
_CLOCK_EVERY: Final = 5.0


async def look_forever(
    stories: Stories,
    alarms: Alarms,
    patience: Patience,
    capacity: CapacityCheck,
    letters: DeadLetters,
    now: Callable[[], float],
) -> None:
    """Sounds and clears the alarms about what fills up, what waits too long, and what could not be read."""

    async def look_for_what_fills_up() -> None:
        await capacity.run(now())

    async def look_for_what_waits() -> None:
        await alarms.settle(KINDS, overdue(await stories.open(), patience, now()))

    async def look_for_what_was_not_read() -> None:
        await alarms.settle(UNREAD_KINDS, await unread(letters))

    while True:
        for look in (look_for_what_fills_up, look_for_what_waits, look_for_what_was_not_read):
            try:
                await look()
            except RedisError as error:  # a server that tells nothing of its memory hides no story that waits
                log.warning("not_looked_for_alarms", error=type(error).__name__)
        await asyncio.sleep(_LOOK_EVERY)


async def tidy_forever(
    redis: Redis, stories: Stories, expiry: Expiry, retention: Retention, now: Callable[[], float]
) -> None:
    """By a clock that does not jump: what is forgotten is forgotten for good."""
    while True:
        await asyncio.sleep(_TIDY_EVERY)
        try:
            await stories.close_old(now())
            await trim(redis, ITEMS_STREAM, retention.items, now())
            await forget_consumers(redis, ITEMS_STREAM, INGEST_GROUP)
            await expiry.tidy(now())
        except RedisError as error:
            log.warning("not_tidied", error=type(error).__name__)


async def tell_of_clock_forever(clock: SteadyClock, alarms: Alarms) -> None:
    """Sounds and clears the alarm about a clock that jumped."""
    while True:
        try:
            await alarms.settle({"clock_wrong"}, [clock.wrong] if clock.wrong else [])
        except RedisError as error:
            log.warning("not_looked_for_alarms", error=type(error).__name__)
        await asyncio.sleep(_CLOCK_EVERY)
