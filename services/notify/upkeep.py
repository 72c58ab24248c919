"""What notify does beside sending: measures what waits whenever it is asked for metrics, and tidies up every hour."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.contract import EVENTS_STREAM, NOTIFY_GROUP, deliveries_stream
from services.notify.delivery.due_queue import DueQueue
from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.notify.letters.letter_request import LETTERS_STREAM
from services.notify.repair.unwatched_doubts import drop_unwatched
from services.operations.alarms import Alarms
from services.runtime.dead_letters import DeadLetters
from services.runtime.lease import Lease
from services.runtime.metrics import Metrics
from services.runtime.retention import Retention
from services.runtime.streams import forget_consumers, oldest_pending_seconds, trim
from services.subscribers.persistence import FilesNotRewritten
from services.subscribers.store_faults import StoreFault
from services.subscribers.vault import Vault

log = structlog.get_logger(__name__)

_TIDY_EVERY: Final = 3600.0  # seconds
_VANISH_EVERY: Final = 60.0  # seconds
VANISH_LEASE: Final = 150.0
"""Seconds: one process of several looks."""


async def measure(
    redis: Redis,
    metrics: Metrics,
    dead: DeadLetters,
    queues: dict[str, DueQueue],
    alarms: Alarms,
    now: Callable[[], float],
) -> None:
    await alarms.measure()
    for kind, count in (await dead.counts()).items():
        metrics.dead_letters.labels(kind).set(count)
    for name, queue in queues.items():
        metrics.retries_pending.labels(name).set(await queue.troubled(now()))
    for stream in (EVENTS_STREAM, LETTERS_STREAM, *(deliveries_stream(name) for name in queues)):
        age = await oldest_pending_seconds(redis, stream, NOTIFY_GROUP, now())
        metrics.oldest_pending.labels(stream).set(age)


async def vanish_forever(vault: Vault, doubts: DoubtfulMatches, lease: Lease, now: Callable[[], float]) -> None:
    """Until cancelled: of those who stopped a day ago, and whose addresses ended a month ago, nothing is kept.
    And where an older store was put back, who stopped since gets nothing; whom a process of before wrote while an
    upgrade was under way is found as everybody is."""
    while True:
        try:
            if await lease.take():
                await vault.learn_again()
                await drop_unwatched(doubts, vault)  # whom nobody follows any more, or who was noted while it ended
                if stopped := await vault.honour_stops():
                    log.warning("stops_of_before_honoured", count=stopped)
                if gone := await vault.vanish(now()):
                    log.info("subscribers_vanished", count=gone)
        except (RedisError, OSError, StoreFault, FilesNotRewritten) as error:
            log.warning("subscribers_not_vanished", error=type(error).__name__)
        await asyncio.sleep(_VANISH_EVERY)


async def tidy_forever(redis: Redis, channels: list[str], retention: Retention, now: Callable[[], float]) -> None:
    """Trims the streams by age, and never past what a group has not finished with."""
    limits = {
        EVENTS_STREAM: retention.events,
        LETTERS_STREAM: Retention.LETTERS,
        **{deliveries_stream(name): Retention.DELIVERIES for name in channels},
    }
    while True:
        await asyncio.sleep(_TIDY_EVERY)
        for stream, age in limits.items():
            try:
                await trim(redis, stream, age, now())
                await forget_consumers(redis, stream, NOTIFY_GROUP)
            except RedisError as error:
                log.warning("stream_not_tidied", stream=stream, error=type(error).__name__)
