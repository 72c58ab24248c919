"""How a subscriber is stored: after it is settled whose its addresses are, and with the seed of its link for good."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import msgspec
import structlog
from redis.asyncio import Redis

from services.subscribers import loading
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.records import Records, in_one_step
from services.subscribers.redis_keys import NOT_SETTLED, SHARDS_KNOWN, STORE, topic_of
from services.subscribers.sealed_store import SealedStore
from services.subscribers.settling import settle
from services.subscribers.subscriber import Subscriber

log = structlog.get_logger(__name__)


async def keep(records: Records, new: Subscriber, new_seed: Callable[[], str]) -> Subscriber:
    """A seed once given stays, whatever replaces the record: it stands in letters that were sent."""
    known = await records.get(new.number)
    kept = known.stop_seed if known is not None else None
    stored = msgspec.structs.replace(new, stop_seed=kept or new.stop_seed or new_seed())
    await records.put(stored)
    return stored


async def settle_and_keep(
    records: Records, store: SealedStore, new: Subscriber, new_seed: Callable[[], str]
) -> Subscriber:
    """Whoever is reached there now."""
    settled = await settle(records, new, store.lookups)
    stored = {one.number: await keep(records, one, new_seed) for one in settled.stored}
    return stored[settled.reached.number]


async def settle_everybody(redis: Redis, store: SealedStore, new_seed: Callable[[], str]) -> None:
    """Of those who were stored before there was an index of addresses, two may have the same: they become one."""
    if not await redis.hexists(STORE, NOT_SETTLED):
        return

    async def joined(records: Records, number: int) -> bool:
        known = await records.get(number)
        return known is not None and (await settle_and_keep(records, store, known, new_seed)).number != number

    count = 0
    for shard in range(store.keys.shards):
        for one in await loading.in_whole_shard(redis, store, shard):
            with suppress(UnreadableRecord):  # of somebody it shares something with
                count += await in_one_step(redis, store, partial(joined, number=one.number))
    await redis.hdel(STORE, NOT_SETTLED)
    if count:
        log.info("subscribers_joined", count=count)


async def learn_shards(redis: Redis, store: SealedStore) -> None:
    """In a store of before there were sets of the shards in which a topic is asked for: they are made."""
    if await redis.hexists(STORE, SHARDS_KNOWN) or not await redis.exists(STORE):
        return
    for shard in range(store.keys.shards):
        async for key in redis.scan_iter(store.keys.asks(shard, "*"), count=1_000):
            await redis.sadd(store.keys.asking(topic_of(key)), shard)
    await redis.hset(STORE, SHARDS_KNOWN, "1")
