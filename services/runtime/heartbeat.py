"""Ends a service whose Redis refuses writes; its supervisor then starts it again, ever more slowly, until it need not.

FastStream's reader, refused, tries again at once and for ever: it would spin and fill the log. A connection that is
merely down needs none of this: everybody waits and goes on when it is back.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

_EVERY = 2.0  # seconds


class WritesRefused(Exception):
    """The text repeats the server's own word for it (READONLY, MISCONF, NOREPLICAS, OOM), which names nobody."""


def heartbeat_key(name: str) -> str:
    """Is there while a service of this name runs, and for a minute after."""
    return f"vestka:pulse:{name}"


async def until_writes_are_refused(redis: Redis, name: str) -> None:
    """Raises WritesRefused; goes on while the server writes, or cannot be reached at all."""
    while True:
        try:
            await redis.set(heartbeat_key(name), "1", ex=60)
        except ResponseError as error:
            word = str(error).partition(" ")[0]
            raise WritesRefused(
                f"Redis refuses writes ({word}): look at its memory limit, its disk and its replicas"
            ) from None
        except (RedisError, OSError):
            pass  # it is away: everybody waits for it
        await asyncio.sleep(_EVERY)


async def pulse_forever(redis: Redis, name: str) -> None:
    """For a service that reads: it says that it runs where it can, and goes on where it cannot."""
    while True:
        with suppress(RedisError, OSError):
            await redis.set(heartbeat_key(name), "1", ex=60)
        await asyncio.sleep(_EVERY)
