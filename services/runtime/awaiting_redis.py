"""A service that is kept running waits for a Redis that is away at its start, rather than end time and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from redis.exceptions import RedisError

from services.runtime.redis_away import says_redis_is_away
from services.runtime.streams import open_redis

log = structlog.get_logger(__name__)

_AGAIN_AFTER: Final = 1.0  # seconds


async def until_redis_answers(url: str, wanted: Callable[[], bool]) -> None:
    """Returns when it answers, or is no longer `wanted`. Raises the RedisError of one that will not let us in."""
    redis = open_redis(url)
    try:
        while wanted():
            try:
                await redis.ping()
                return
            except RedisError as error:
                if not says_redis_is_away(error):
                    raise
                log.warning("redis_not_there_yet")
            await asyncio.sleep(_AGAIN_AFTER)
    finally:
        await redis.aclose()
