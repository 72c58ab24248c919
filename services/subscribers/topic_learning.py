"""A store of before some topic was thought of: everybody is put where it is looked for."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from redis.asyncio import Redis

from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.records import all_raw_records
from services.subscribers.redis_keys import STORE, TOPICS_KNOWN, topic_of
from services.subscribers.sealed_store import SealedStore

TOPICS: Final = "2"
"""Of which kinds there are topics. One more with each kind that is added: 2, names that are near."""


async def learn_topics(redis: Redis, store: SealedStore) -> None:
    """May be broken off, and done by several at once. Whoever is written meanwhile is put there by that."""
    if await redis.hget(STORE, TOPICS_KNOWN) == TOPICS or not await redis.exists(STORE):
        return
    for shard in range(store.keys.shards):
        await _learn_shard(redis, store, shard)
    await redis.hset(STORE, TOPICS_KNOWN, TOPICS)


async def _learn_shard(redis: Redis, store: SealedStore, shard: int) -> None:
    asked = defaultdict[str, list[int]](list)
    for number, record in (await all_raw_records(redis, store.keys.records(shard))).items():
        try:
            subscriber = store.decode(number, record)
        except UnreadableRecord:
            continue
        for key in store.asks(subscriber):
            asked[key].append(number)
    async with redis.pipeline(transaction=False) as pipe:
        for key, numbers in asked.items():
            pipe.sadd(key, *numbers)
            pipe.sadd(store.keys.asking(topic_of(key)), shard)
        await pipe.execute()
