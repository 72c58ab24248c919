"""A doubt about who is meant names somebody who is watched, so it goes with the last who watched them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from redis.asyncio import Redis

from services.notify.channels import CHANNELS
from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.notify.references import References
from services.subscribers.eraser import Eraser
from services.subscribers.vault import Vault

log = structlog.get_logger(__name__)


async def drop_unwatched(doubts: DoubtfulMatches, vault: Vault) -> int:
    """Those, answered or not, of a name that nobody watches any more: how many. Whoever watches it again is asked about
    anew. Raises RedisError."""
    watched: dict[str, bool] = {}
    dropped = 0
    for doubt in await doubts.everything():
        if doubt.watched not in watched:
            watched[doubt.watched] = await vault.is_watched(doubt.watched, tuple(CHANNELS))
        if not watched[doubt.watched]:
            await doubts.forget(doubt)
            dropped += 1
    if dropped:
        log.info("doubts_dropped", count=dropped)
    return dropped


def doubts_eraser(redis: Redis, references: Callable[[], Awaitable[References]], vault: Callable[[], Vault]) -> Eraser:
    """As the vault calls it, once those who are erased are found by nothing any more."""

    async def erase(_numbers: frozenset[int]) -> None:
        await drop_unwatched(DoubtfulMatches(redis, await references()), vault())

    return erase
