"""Many subscribers at once, by shard. A record that does not open costs nobody else theirs: it is noted and told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import structlog
from redis.asyncio import Redis

from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.records import all_raw_records, raw_records
from services.subscribers.redis_keys import UNREADABLE
from services.subscribers.sealed_store import SealedStore
from services.subscribers.subscriber import Subscriber

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 1_000


async def in_whole_shard(redis: Redis, store: SealedStore, shard: int) -> list[Subscriber]:
    return await _opened(redis, store, await all_raw_records(redis, store.keys.records(shard)))


async def some(redis: Redis, store: SealedStore, numbers: Iterable[int]) -> list[Subscriber]:
    """Those of them who are there, by number."""
    found: list[Subscriber] = []
    for shard, wanted in _by_shard(store, numbers).items():
        for first in range(0, len(wanted), _AT_ONCE):
            part = wanted[first : first + _AT_ONCE]
            raw = await raw_records(redis, store.keys.records(shard), part)
            records = {number: one for number, one in zip(part, raw, strict=True) if one is not None}
            found += await _opened(redis, store, records)
    return sorted(found, key=lambda one: one.number)


async def shards_asking(redis: Redis, store: SealedStore, channel: str, topics: Sequence[str]) -> list[int]:
    hashes = [store.lookups.topic(channel, topic) for topic in topics]
    if not hashes:
        return []
    async with redis.pipeline(transaction=False) as pipe:
        for shard in range(store.keys.shards):
            pipe.exists(*(store.keys.asks(shard, topic) for topic in hashes))
        return [shard for shard, found in enumerate(await pipe.execute()) if found]


async def numbers_asking(redis: Redis, store: SealedStore, shard: int, channel: str, topics: Sequence[str]) -> set[int]:
    """Those in the shard who asked for one of the topics."""
    keys = [store.keys.asks(shard, store.lookups.topic(channel, topic)) for topic in topics]
    found: Any = await redis.sunion(keys) if keys else ()
    return {int(number) for number in found}


async def still_unreadable(redis: Redis, store: SealedStore) -> dict[int, str]:
    """Of the records that did not open: which still do not, and the reasons. The others are forgotten."""
    noted: Any = await redis.smembers(UNREADABLE)
    found: dict[int, str] = {}
    for number in sorted(map(int, noted)):
        [raw] = await raw_records(redis, store.keys.record_of(number), [number])
        try:
            if raw is not None:
                store.decode(number, raw)
        except UnreadableRecord as error:
            found[number] = error.reason
        else:
            await redis.srem(UNREADABLE, number)
    return found


async def _opened(redis: Redis, store: SealedStore, records: Mapping[int, bytes]) -> list[Subscriber]:
    found = []
    for number, raw in sorted(records.items()):
        try:
            found.append(store.decode(number, raw))
        except UnreadableRecord as error:
            await note_unreadable(redis, store, number, error)
    return found


async def note_unreadable(redis: Redis, store: SealedStore, number: int, error: UnreadableRecord) -> None:
    if await redis.sadd(UNREADABLE, number):
        log.error("record_unreadable", reader=store.lookups.tag(number), reason=error.reason, todo=str(error))


def _by_shard(store: SealedStore, numbers: Iterable[int]) -> dict[int, list[int]]:
    shards: dict[int, list[int]] = {}
    for number in sorted(set(numbers)):
        shards.setdefault(store.keys.shard_of(number), []).append(number)
    return shards
