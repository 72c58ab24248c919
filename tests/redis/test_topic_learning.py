"""A store of before names that are near were topics finds everybody by them once it is opened."""

from __future__ import annotations

from redis.asyncio import Redis

from services.subscribers.interests import Interest, following, marked
from services.subscribers.redis_keys import STORE, TOPICS_KNOWN
from services.subscribers.topics import topics_of_persons
from tests.redis.samples import pardon, subscriber
from tests.store import vault_on


async def test_whoever_was_there_before_is_found_by_a_near_name(redis: Redis) -> None:
    watcher = await vault_on(redis).add(subscriber(following([marked("Иван Лосев")])))
    await vault_on(redis).add(subscriber(Interest(regions=("gomel",))))
    for pattern in ("vestka:shard:*:asks:*", "vestka:shards-asking:*"):
        async for key in redis.scan_iter(pattern):
            await redis.delete(key)
    await redis.hdel(STORE, TOPICS_KNOWN)
    topics = topics_of_persons(pardon(of=("Иван Лисов",)).data)
    vault = vault_on(redis)
    await vault.everybody()
    assert await vault.few_asking("email", topics, topics, 10) == [watcher.number]


async def test_a_new_store_has_nothing_to_learn(redis: Redis) -> None:
    await vault_on(redis).add(subscriber())
    assert await redis.hget(STORE, TOPICS_KNOWN)
