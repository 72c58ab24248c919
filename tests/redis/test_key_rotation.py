"""A new wrapping key: every record bears it in the end, whoever writes meanwhile, and however often it breaks off."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from redis.asyncio import Redis

from services.subscribers.record_seal import key_id
from services.subscribers.records import all_raw_records
from services.subscribers.redis_keys import SHARDS, RedisKeys
from tests.redis.samples import subscriber
from tests.store import key_folder, vault_on


async def ids_in(redis: Redis) -> set[bytes]:
    keys = RedisKeys(SHARDS)
    records = [await all_raw_records(redis, keys.records(shard)) for shard in range(SHARDS)]
    return {key_id(record) for shard in records for record in shard.values()}


async def test_every_record_is_sealed_anew_and_opens_as_before(redis: Redis) -> None:
    vault = vault_on(redis)
    before = [await vault.add(subscriber()) for _ in range(20)]
    old = key_folder().now()
    assert await vault.rotate() == 20
    new = key_folder().now()
    assert await ids_in(redis) == {new.current.id} != {old.current.id}
    assert new.lookup == old.lookup
    assert await vault.everybody() == before
    (key_folder().folder / f"wrapping-{old.current.place}.key").unlink()
    assert await vault_on(redis).everybody() == before, "the key before is needed no more"


async def test_whoever_had_the_store_open_goes_on_reading_and_writes_with_the_new_key(redis: Redis) -> None:
    notify, operator = vault_on(redis), vault_on(redis)
    one = await notify.add(subscriber())
    await operator.rotate()
    assert await notify.get(one.number) == one
    await notify.put(msgspec.structs.replace(one, language="ru"))
    assert await ids_in(redis) == {key_folder().now().current.id}


async def test_a_rotation_that_was_broken_off_goes_on_and_makes_no_further_key(redis: Redis) -> None:
    vault = vault_on(redis)
    before = [await vault.add(subscriber()) for _ in range(20)]

    class Dies(Exception):
        pass

    def dies_after_ten(_count: int, done: list[int] = []) -> None:  # noqa: B006
        done.append(_count)
        if len(done) == 10:
            raise Dies

    with pytest.raises(Dies):
        await vault.rotate(dies_after_ten)
    assert len(await ids_in(redis)) == 2, "it broke off in the middle"
    assert await vault_on(redis).everybody() == before
    current = key_folder().now().current
    assert await vault_on(redis).rotate() == 10
    assert key_folder().now().current == current
    assert await ids_in(redis) == {current.id}


async def test_what_is_written_at_the_same_time_is_not_undone(redis: Redis) -> None:
    vault = vault_on(redis)
    for _ in range(40):
        await vault.add(subscriber())
    everybody = await vault.everybody()

    async def stop_all() -> None:
        other = vault_on(redis)
        for one in everybody:
            await other.set_active(one.number, False)

    await asyncio.gather(vault.rotate(), stop_all())
    assert not any(one.active for one in await vault.everybody())
    assert await ids_in(redis) == {key_folder().now().current.id}


async def test_a_record_that_does_not_open_stays_as_it_is_and_is_counted(redis: Redis) -> None:
    vault = vault_on(redis)
    for number in (3, 4):
        await vault.put(subscriber(number=number))
    await redis.hset("vestka:shard:{3}:records", "3", b"broken" * 20)
    assert await vault.rotate() == 1
    found = await vault.census()
    assert found.unreadable == {"damaged": 1}
    assert found.by_key[key_folder().now().current.id.hex()] == 1
