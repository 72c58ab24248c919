"""Publishes again what notify misses; see `services.runtime.kept_events`."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.runtime.kept_events import KeptEvents

log = structlog.get_logger(__name__)

_LOOK_EVERY: Final = 2.0  # seconds


async def republish_forever(redis: Redis) -> None:
    """Until cancelled."""
    kept = KeptEvents(redis)
    while True:
        try:
            for event_id in await kept.put_back_wanted():
                log.warning("event_published_again", event_id=event_id)
        except RedisError as error:
            log.warning("not_published_again", error=type(error).__name__)
        await asyncio.sleep(_LOOK_EVERY)
