"""The vault: subscribers, and the index by which work finds their shards."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from redis.asyncio import Redis

from services.contract import Kind
from services.subscribers.address import Address
from services.subscribers.redis_keys import SHARDS
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest
from services.subscribers.vault import UnknownSubscriber, Vault
from tests.redis.samples import subscriber
from tests.store import everything_in, vault_on

PARDONS = Interest(kinds=(Kind.PARDON,))
TOPIC = "kind:pardon"


@pytest.fixture
def vault(redis: Redis) -> Vault:
    return vault_on(redis)


async def asking(vault: Vault, topic: str = TOPIC, channel: str = "email") -> list[int]:
    return sorted(await vault.shards_asking(channel, [topic]))


def without_digests(one: Subscriber) -> Subscriber:
    return msgspec.structs.replace(
        one, addresses=tuple(msgspec.structs.replace(address, digest=None) for address in one.addresses)
    )


async def test_everybody_has_a_number_of_their_own(vault: Vault) -> None:
    added = await asyncio.gather(*(vault.add(subscriber()) for _ in range(20)))
    assert sorted(one.number for one in added) == list(range(1, 21))
    assert [one.number for one in await vault.everybody()] == list(range(1, 21))


async def test_what_is_kept_is_what_was_given(vault: Vault) -> None:
    given = subscriber(PARDONS, channels=("email", "telegram"), language="ru", mode="discreet", label="desk")
    added = await vault.add(given)
    assert without_digests(added) == msgspec.structs.replace(given, number=added.number, stop_seed=added.stop_seed)
    assert await vault.get(added.number) == added
    assert await vault.by_label("desk") == added


async def test_a_shard_holds_those_of_its_numbers(vault: Vault) -> None:
    for number in (1, SHARDS + 1):
        await vault.put(subscriber(number=number))
    assert [one.number for one in await vault.in_shard(1)] == [1, SHARDS + 1]
    assert [one.number for one in await vault.in_shard(1, [SHARDS + 1, 999])] == [SHARDS + 1]
    assert await vault.in_shard(1, []) == []


async def test_work_is_sought_where_somebody_reachable_asked(vault: Vault) -> None:
    one = await vault.add(subscriber(PARDONS))
    assert await asking(vault) == [vault.shard_of(one.number)]
    assert await asking(vault, channel="telegram") == []
    assert await asking(vault, "kind:arrest") == []


async def test_two_who_ask_alike_keep_the_shard_until_both_have_gone(vault: Vault) -> None:
    one, other = [await vault.put(subscriber(PARDONS, number=number)) for number in (1, SHARDS + 1)]
    assert vault.shard_of(one.number) == vault.shard_of(other.number)
    await vault.erase(one.number)
    assert vault.shard_of(one.number) in await asking(vault)
    await vault.erase(other.number)
    assert vault.shard_of(one.number) not in await asking(vault)


async def test_the_index_follows_what_is_asked_for(vault: Vault) -> None:
    one = await vault.add(subscriber(PARDONS))
    await vault.put(msgspec.structs.replace(one, interests=(Interest(kinds=(Kind.ARREST,)),)))
    assert await asking(vault) == []
    assert await asking(vault, "kind:arrest") == [vault.shard_of(one.number)]


async def test_the_index_follows_stopping_and_coming_back(vault: Vault) -> None:
    one = await vault.add(subscriber(PARDONS))
    await vault.set_active(one.number, False)
    assert not (await vault.get(one.number)).active
    assert await asking(vault) == []
    await vault.set_active(one.number, False)
    await vault.set_active(one.number, True)
    assert await asking(vault) == [vault.shard_of(one.number)]


async def test_an_address_that_ended_is_asked_no_more(vault: Vault) -> None:
    one = await vault.add(subscriber(PARDONS, channels=("email", "telegram")))
    await vault.end_address(one.number, "email", "gone")
    assert await asking(vault) == []
    assert await asking(vault, channel="telegram") == [vault.shard_of(one.number)]
    kept = await vault.get(one.number)
    assert kept.address_on("email") is None
    assert kept.address_on("telegram") is not None


async def test_an_address_that_moved_keeps_its_secrets(vault: Vault) -> None:
    one = await vault.add(subscriber(PARDONS))
    await vault.move_address(one.number, Address("email", "elsewhere"))
    assert (await vault.get(one.number)).address_on("email") == Address("email", "elsewhere")


async def test_erasing_leaves_nothing_of_a_subscriber(redis: Redis, vault: Vault) -> None:
    await vault.open()
    before = {key async for key in redis.scan_iter()}
    one = await vault.add(subscriber(PARDONS, label="desk", targets={"email": "reader@example.org"}))
    await vault.erase(one.number)
    await vault.erase(one.number)
    assert await vault.by_label("desk") is None
    with pytest.raises(UnknownSubscriber):
        await vault.get(one.number)
    left = {key async for key in redis.scan_iter()} - before
    assert left == {"vestka:subscribers:last", "vestka:subscribers:erased-hashes"}
    assert "desk" not in await everything_in(redis)
    assert await vault.everybody() == []


async def test_who_is_unknown_is_said_to_be_unknown(vault: Vault) -> None:
    for attempt in (vault.get(99), vault.set_active(99, False), vault.end_address(99, "email", "gone")):
        with pytest.raises(UnknownSubscriber):
            await attempt


async def test_changes_at_the_same_time_leave_the_index_right(vault: Vault) -> None:
    one = await vault.add(subscriber(PARDONS))
    interests = [PARDONS, Interest(kinds=(Kind.ARREST,))] * 10
    await asyncio.gather(*(vault.put(msgspec.structs.replace(one, interests=(asked,))) for asked in interests))
    await vault.put(one)
    assert await asking(vault) == [vault.shard_of(one.number)]
    assert await asking(vault, "kind:arrest") == []


async def test_a_stop_is_not_undone_by_another_change_at_the_same_moment(vault: Vault) -> None:
    for turn in range(10):
        one = await vault.add(subscriber(PARDONS))
        moved = Address("email", f"elsewhere-{turn}")
        await asyncio.gather(vault.set_active(one.number, False), vault.move_address(one.number, moved))
        kept = await vault.get(one.number)
        assert not kept.active
        assert kept.address_on("email") == moved


async def test_nothing_of_what_an_erased_reader_watched_stays_behind(redis: Redis, vault: Vault) -> None:
    one = await vault.add(subscriber(Interest(persons=("aknana batatakva",))))
    assert [key async for key in redis.scan_iter("*:asks:*")]
    assert "batatakva" not in await everything_in(redis)
    await vault.erase(one.number)
    assert not [key async for key in redis.scan_iter("*:asks:*")]
