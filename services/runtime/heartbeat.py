"""Ends a service whose Redis refuses writes; its supervisor then starts it again, ever more slowly, until it need not.

FastStream's reader, refused, tries again at once and for ever: it would spin and fill the log. A connection that is
merely down needs none of this: everybody waits and goes on when it is back.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from services.runtime.server_words import server_word

_EVERY = 2.0  # seconds
_REFUSALS: Final = frozenset({"READONLY", "MISCONF", "NOREPLICAS", "OOM", "NOPERM"})
"""Why a server takes no write."""


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
            raise _refused(server_word(error, _REFUSALS) or type(error).__name__) from None
        except (RedisError, OSError):
            pass  # it is away: everybody waits for it
        await asyncio.sleep(_EVERY)


def writes_refused(error: BaseException) -> WritesRefused | None:
    """The same of a part that met the refusal before the heartbeat did; None: it failed of something else."""
    word = server_word(error, _REFUSALS)
    return None if word is None else _refused(word)


def _refused(word: str) -> WritesRefused:
    return WritesRefused(f"Redis refuses writes ({word}): look at its memory limit, its disk and its replicas")


async def pulse_forever(redis: Redis, name: str) -> None:
    """For a service that reads: it says that it runs where it can, and goes on where it cannot."""
    while True:
        with suppress(RedisError, OSError):
            await redis.set(heartbeat_key(name), "1", ex=60)
        await asyncio.sleep(_EVERY)
