"""A new wrapping key for every record, while notify runs; broken off, it goes on where it stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from redis.asyncio import Redis

from services.subscribers.key_files import KeyFolder
from services.subscribers.persistence import rewrite_files
from services.subscribers.record_seal import UnreadableRecord, key_id
from services.subscribers.records import all_raw_records
from services.subscribers.redis_keys import STORE, WRAPPING
from services.subscribers.sealed_store import SealedStore

log = structlog.get_logger(__name__)

_SWAP: Final = """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
"""
"""Unless somebody has written it since: then it bears the new key already, or is met the next time round."""


@dataclass(frozen=True, slots=True)
class Census:
    """How many records there are by the id of their key, as hexadecimal digits, and of those how many do not open."""

    by_key: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    """By reason, see UnreadableRecord."""


async def census(redis: Redis, store: SealedStore) -> Census:
    found = Census()
    for shard in range(store.keys.shards):
        for number, record in (await all_raw_records(redis, store.keys.records(shard))).items():
            found.by_key[key_id(record).hex()] += 1
            try:
                store.decode(number, record)
            except UnreadableRecord as error:
                found.unreadable[error.reason] += 1
    return found


async def rotate(
    redis: Redis, store: SealedStore, folder: KeyFolder, on_done: Callable[[int], None] = lambda _: None
) -> int:
    """How many records were sealed anew. A rotation that was broken off is finished, and no further key is made.

    What does not open stays as it is. Raises UnusableKeys, and FilesNotRewritten when all but that is done.
    """
    earlier = {one.id.hex() for one in folder.now().wrapping[1:]}
    if earlier.isdisjoint((await census(redis, store)).by_key):
        folder.add_wrapping()
    await redis.hset(STORE, WRAPPING, folder.now().current.id.hex())
    done = 0
    for shard in range(store.keys.shards):
        while count := await _rewrap(redis, store, shard):
            done += count
            on_done(count)
    await rewrite_files(redis)
    return done


async def _rewrap(redis: Redis, store: SealedStore, shard: int) -> int:
    """Until a whole round finds nothing more to do; how many this round was."""
    swap = redis.register_script(_SWAP)
    key, count = store.keys.records(shard), 0
    for number, record in (await all_raw_records(redis, key)).items():
        try:
            rewrapped = store.seal.rewrapped(number, record)
        except UnreadableRecord:
            continue
        if rewrapped is not None:
            count += int(await swap(keys=[key], args=[str(number), record, rewrapped]))
    return count
