"""The plain form in which earlier versions kept subscribers: sealed once, one after the other, and nothing of it left.

Each is sealed in the step that deletes what was plain of it, so this may be broken off anywhere and done again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Final

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from services.subscribers.records import Records, in_one_step
from services.subscribers.redis_keys import ERASED
from services.subscribers.sealed_store import SealedStore
from services.subscribers.subscriber import StoredAddress, Subscriber

log = structlog.get_logger(__name__)

_SHARDS: Final = tuple(f"vestka:subscribers:shard:{shard}" for shard in range(16))
_ERASED_LABELS: Final = "vestka:subscribers:erased"
_INDEXES: Final = (
    "vestka:subscribers:labels",
    "vestka:subscribers:stop-seeds",
    "vestka:subscribers:addresses-keyed",
)
_PATTERNS: Final = ("vestka:asking:*", "vestka:address:*")
_AT_ONCE: Final = 500


async def is_plain(redis: Redis) -> bool:
    return bool(await redis.exists(*_SHARDS, *_INDEXES, _ERASED_LABELS))


async def seal_plain_store(redis: Redis, store: SealedStore) -> int:
    """How many subscribers were sealed. What is no record of ours stays, and is told of."""
    sealed, left = 0, 0
    async for number in _numbers(redis):
        if await in_one_step(redis, store, partial(_seal, store=store, number=number)):
            sealed += 1
        else:
            left += 1
    await _seal_erased(redis, store)
    if left:
        log.error("plain_records_unreadable", count=left, todo="look at vestka:subscriber:… by hand")
        return sealed
    for pattern in _PATTERNS:
        async for key in redis.scan_iter(pattern, count=_AT_ONCE):
            await redis.unlink(key)
    await redis.unlink(*_SHARDS, *_INDEXES)
    return sealed


async def _numbers(redis: Redis) -> AsyncIterator[int]:
    """Also of a record that no set names any more."""
    for shard in _SHARDS:
        for number in await redis.smembers(shard):
            yield int(number)
    async for key in redis.scan_iter("vestka:subscriber:*", count=_AT_ONCE):
        yield int(key.rpartition(":")[2])


async def _seal(records: Records, store: SealedStore, number: int) -> bool:
    """Whether nothing plain is left of it."""
    raw: Any = await records.watched(_key(number))
    if raw is None:
        records.also(partial(_forget, number=number))
        return True
    try:
        plain = msgspec.json.decode(raw, type=Subscriber)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    if await records.get(number) is None:
        await records.put(_hashed_anew(plain, store))
    records.also(partial(_forget, number=number))
    return True


def _hashed_anew(plain: Subscriber, store: SealedStore) -> Subscriber:
    """Whose addresses were in the index are so again; the others are left to be settled."""

    def anew(one: StoredAddress) -> StoredAddress:
        digest = None if one.digest is None else store.lookups.address(one.channel, one.target)
        return msgspec.structs.replace(one, digest=digest)

    return msgspec.structs.replace(plain, addresses=tuple(map(anew, plain.addresses)))


def _forget(pipe: Pipeline, number: int) -> None:
    pipe.delete(_key(number))
    pipe.srem(_SHARDS[number % len(_SHARDS)], number)


async def _seal_erased(redis: Redis, store: SealedStore) -> None:
    """They were plain hashes, in which a label can be guessed."""
    digests = await redis.smembers(_ERASED_LABELS)
    if not digests:
        return
    async with redis.pipeline() as pipe:
        pipe.sadd(ERASED, *(store.lookups.erased_by_digest(str(one)) for one in digests))
        pipe.delete(_ERASED_LABELS)
        await pipe.execute()


def _key(number: int) -> str:
    return f"vestka:subscriber:{number}"
