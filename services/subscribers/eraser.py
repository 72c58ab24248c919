"""What is left of somebody whose record is gone: others' traces of them, and what stands in Redis' files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from redis.asyncio import Redis

from services.forgettable import forget
from services.subscribers.change_notices import announce
from services.subscribers.persistence import rewrite_files
from services.subscribers.records import RAW
from services.subscribers.redis_keys import ERASING, UNREADABLE
from services.subscribers.sealed_store import SealedStore

Eraser = Callable[[frozenset[int]], Awaitable[None]]
"""Removes what another room keeps under these subscribers' numbers. It may be called twice for the same."""


async def finish_erasing(redis: Redis, erasers: Sequence[Eraser]) -> None:
    """For all whose record is gone. Returns when nothing of them is in Redis nor in a file of it.

    Raises FilesNotRewritten; then, and after a crash, it is begun again when the store is opened the next time.
    """
    found: Any = await redis.smembers(ERASING)
    numbers = frozenset(map(int, found))
    if not numbers:
        return
    forget()
    for eraser in erasers:
        await eraser(numbers)
    await redis.srem(UNREADABLE, *numbers)
    await rewrite_files(redis)
    await redis.srem(ERASING, *numbers)


async def erase_unread(redis: Redis, store: SealedStore, number: int) -> None:
    """One whose record does not open, and so does not tell where else it stands: it is looked for everywhere."""
    await redis.sadd(ERASING, number)
    shard = store.keys.shard_of(number)
    async for key in redis.scan_iter(store.keys.asks(shard, "*"), count=1_000):
        await redis.srem(key, number)
    async for key in redis.scan_iter(store.keys.every_found(), count=1_000):
        held: Any = await redis.execute_command("HGETALL", key, **RAW)  # type: ignore[no-untyped-call]
        theirs = [digest for digest, whose in held.items() if int(whose) == number]
        if theirs:
            await redis.hdel(key, *theirs)
    await redis.hdel(store.keys.record_of(number), str(number))
    await announce(redis, [number])
