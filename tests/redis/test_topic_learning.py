"""A store of before names that are near were topics finds everybody by them once it is opened, and so does one whose
readers live by a zone that is in the database no more."""

from __future__ import annotations

import msgspec
import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from services.subscribers import records, topic_learning
from services.subscribers.digest_topics import digest_topic
from services.subscribers.interests import Interest, following, marked
from services.subscribers.redis_keys import STORE, TOPICS_AGAIN, TOPICS_KNOWN
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


async def _forget_topics(redis: Redis) -> None:
    for pattern in ("vestka:shard:*:asks:*", "vestka:shards-asking:*"):
        async for key in redis.scan_iter(pattern):
            await redis.delete(key)


async def test_whom_a_process_of_before_writes_during_an_upgrade_is_found_within_the_hour(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = await vault_on(redis).add(subscriber(following([marked("Иван Лосев")])))
    await redis.hdel(STORE, TOPICS_KNOWN)
    vault = vault_on(redis)
    await vault.everybody()
    await _forget_topics(redis)  # as one stands there whom a process wrote that does not know them
    topics = topics_of_persons(pardon(of=("Иван Лисов",)).data)
    await vault.learn_again()
    assert await vault.few_asking("email", topics, topics, 10) == []
    due, _, times = str(await redis.hget(STORE, TOPICS_AGAIN)).partition(" ")
    await redis.hset(STORE, TOPICS_AGAIN, f"{int(due) - 3700} {times}")
    await vault.learn_again()
    assert await vault.few_asking("email", topics, topics, 10) == [watcher.number]
    await redis.hset(STORE, TOPICS_AGAIN, f"{int(due) - 3700} 1")
    await vault.learn_again()
    assert await redis.hget(STORE, TOPICS_AGAIN) is None, "a day later no old process is left"


async def test_whose_zone_the_database_has_no_more_stands_where_digests_by_minsks_clock_are_looked_for(
    redis: Redis,
) -> None:
    reader = await vault_on(redis).add(subscriber(Interest(frequency="daily"), zone="Nowhere/Any_More"))
    await vault_on(redis).add(subscriber(Interest(frequency="daily"), zone="Europe/Warsaw"))
    store_before = msgspec.structs.replace(reader, zone="Nowhere/Any_More")
    await redis.hset(STORE, TOPICS_KNOWN, "2 other zones")
    vault = vault_on(redis)
    store = await vault._opened()
    for key in store.asks(store_before):
        await redis.sadd(key, reader.number)
    await redis.hset(STORE, TOPICS_KNOWN, "2 other zones")
    with capture_logs() as logs:
        vault = vault_on(redis)
        asked = [digest_topic("daily", zone) for zone in ("Europe/Minsk", "Nowhere/Any_More")]
        found = [await vault.few_asking("email", [topic], [topic], 10) for topic in asked]
        await topic_learning.learn_topics(redis, await vault._opened(), 0.0)
        await vault_on(redis).everybody()
    assert found == [[reader.number], []]
    (said,) = [one for one in logs if one["event"] == "zones_gone"]
    assert said["count"] == 1
    assert "Nowhere" not in str(said)
    await vault.erase(reader.number)
    assert await vault.few_asking("email", asked, asked, 10) == []


async def test_who_is_erased_or_follows_somebody_no_longer_while_topics_are_learned_is_not_put_back(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    losev = following([marked("Иван Лосев")])
    erased, changed = [await vault_on(redis).add(subscriber(losev)) for _ in range(2)]
    vault = vault_on(redis)
    store, usual = await vault._opened(), records.all_raw_records
    asked = store.asks(erased) | store.asks(changed)

    async def meanwhile(redis: Redis, key: str) -> dict[int, bytes]:
        found = await usual(redis, key)
        if erased.number in found:
            await vault.erase(erased.number)
        if changed.number in found and (await vault.get(changed.number)).interests == (losev,):
            await vault.amend(changed.number, lambda one: msgspec.structs.replace(one, interests=(Interest(),)))
        return found

    monkeypatch.setattr(topic_learning, "all_raw_records", meanwhile)
    await redis.hset(STORE, TOPICS_KNOWN, "1")
    await topic_learning.learn_topics(redis, store, 0.0)
    still = asked - store.asks(await vault.get(changed.number))
    assert still
    assert not any([await redis.exists(key) for key in still])


async def test_in_a_shard_that_is_written_without_a_pause_everybody_is_found_all_the_same(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = await vault_on(redis).add(subscriber(following([marked("Иван Лосев")])))
    vault = vault_on(redis)
    store, usual = await vault._opened(), records.all_raw_records
    await _forget_topics(redis)

    async def meanwhile(redis: Redis, key: str) -> dict[int, bytes]:
        found = await usual(redis, key)
        if watcher.number in found:
            await vault.amend(watcher.number, lambda one: msgspec.structs.replace(one, silent=not one.silent))
        return found

    monkeypatch.setattr(topic_learning, "all_raw_records", meanwhile)
    await redis.hset(STORE, TOPICS_KNOWN, "1")
    await topic_learning.learn_topics(redis, store, 0.0)
    topics = topics_of_persons(pardon(of=("Иван Лисов",)).data)
    assert await vault.few_asking("email", topics, topics, 10) == [watcher.number]
