"""The sealed store: what stands in Redis shows nobody, and what is wrong with it or its keys is one clear error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from services.contract import Kind
from services.subscribers.key_files import KeyFolder
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.store_faults import StoreFault, UnusableKeys, UnusableStore
from services.subscribers.subscriber import Subscriber
from services.subscribers.topics import Interest
from services.subscribers.vault import UnknownSubscriber, Vault
from tests.redis.house import House
from tests.redis.plain_form import keep_plain, keep_plain_erasure
from tests.redis.samples import pardon, subscriber
from tests.store import everything_in, key_folder, vault_on

WATCHES = Interest(kinds=(Kind.PARDON,), persons=("aknana batatakva",))
SEED = "5eed" * 8


def marked(number: int = 0, **fields: Any) -> Subscriber:
    return subscriber(
        WATCHES,
        channels=("email", "webhook"),
        targets={"email": "marked@reader.example", "webhook": "https://marked.example/hook"},
        **{"number": number, "label": "family-of-marked", "mode": "discreet", **fields},
    )


async def nothing_marked(redis: Redis) -> None:
    held = await everything_in(redis)
    for mark in ("marked", "batatakva", "discreet", SEED):
        assert mark not in held, mark


async def keys_of(redis: Redis) -> set[str]:
    return {str(key) async for key in redis.scan_iter()}


async def test_nothing_in_redis_shows_who_a_subscriber_is_or_whom_they_watch(redis: Redis) -> None:
    vault = vault_on(redis)
    one = await vault.put_labelled(marked())
    assert one is not None
    await nothing_marked(redis)
    assert one.stop_seed is not None
    assert one.stop_seed not in await everything_in(redis)
    assert await vault.by_label("family-of-marked") == one
    assert await vault.by_address("email", "MARKED@reader.example") == one
    assert await vault.by_stop_seed(one.stop_seed) == one


async def test_a_new_store_makes_its_keys_once_and_another_opens_it_with_them(redis: Redis) -> None:
    one = await vault_on(redis).add(subscriber())
    made = key_folder().now()
    assert await vault_on(redis).get(one.number) == one
    assert key_folder().now() == made


async def test_reading_a_store_that_was_never_used_finds_nobody_and_makes_no_key(redis: Redis) -> None:
    vault = vault_on(redis)
    assert await vault.everybody() == []
    with pytest.raises(UnknownSubscriber):
        await vault.set_active(7, False)
    assert key_folder().read() is None
    assert await keys_of(redis) == set()


async def dumped(redis: Redis) -> dict[str, object]:
    return {key: await redis.dump(key) for key in await keys_of(redis)}


async def unusable(redis: Redis, vault: Vault, kind: type[StoreFault], says: str) -> None:
    before = await dumped(redis)
    for attempt in (vault.open(), vault.add(subscriber()), vault.everybody(), vault.erase(1)):
        with pytest.raises(kind, match=says):
            await attempt
    assert await dumped(redis) == before, "nothing was overwritten"


async def test_without_its_keys_a_filled_store_stops_and_none_are_made(redis: Redis, tmp_path: Path) -> None:
    await vault_on(redis).add(subscriber())
    elsewhere = KeyFolder(tmp_path / "empty")
    await unusable(redis, Vault(redis, elsewhere), UnusableKeys, "holds no keys")
    assert elsewhere.read() is None


async def test_keys_of_another_store_are_told_from_its_own(redis: Redis, tmp_path: Path) -> None:
    await vault_on(redis).add(subscriber())
    foreign = KeyFolder(tmp_path / "foreign")
    foreign.make()
    await unusable(redis, Vault(redis, foreign), UnusableKeys, "lookup key .* is not the one of this store")


async def test_a_wrapping_key_that_is_missing_is_named(redis: Redis, tmp_path: Path) -> None:
    await vault_on(redis).add(subscriber())
    foreign = KeyFolder(tmp_path / "foreign")
    foreign.make()
    (foreign.folder / "lookup.key").write_text((key_folder().folder / "lookup.key").read_text())
    await unusable(redis, Vault(redis, foreign), UnusableKeys, "wrapping key [0-9a-f]{8} is not in")


async def test_another_number_of_shards_is_refused_and_named(redis: Redis) -> None:
    await vault_on(redis).add(subscriber())
    await unusable(redis, vault_on(redis, shards=16), UnusableStore, "VESTKA_SHARDS=256")


async def test_a_store_of_a_later_version_is_left_alone(redis: Redis) -> None:
    await vault_on(redis).add(subscriber())
    await redis.hset("vestka:subscribers:store", "form", "3")
    await unusable(redis, vault_on(redis), UnusableStore, "later version")


async def break_record(redis: Redis, number: int) -> None:
    await redis.hset(f"vestka:shard:{{{number}}}:records", str(number), b"broken" * 20)


async def test_a_record_that_does_not_open_costs_no_other_reader_their_news(house: House) -> None:
    broken, *others = [await house.vault.put(subscriber(number=number)) for number in (3, 3 + 256, 4)]
    await break_record(house.redis, broken.number)
    await house.deliver(pardon())
    assert sorted(house.mail.takers()) == sorted(one.number for one in others)
    assert await house.vault.unreadable() == {3: "damaged"}
    with pytest.raises(UnreadableRecord):
        await house.vault.get(3)


async def test_a_record_whose_key_is_back_is_no_longer_counted(redis: Redis) -> None:
    vault = vault_on(redis)
    one = await vault.put(subscriber(number=3))
    kept = await redis.dump("vestka:shard:{3}:records")
    await break_record(redis, 3)
    assert await vault.in_shard(3) == []
    await redis.restore("vestka:shard:{3}:records", 0, kept, replace=True)  # type: ignore[arg-type]
    assert await vault.unreadable() == {}
    assert await vault.in_shard(3) == [one]


async def test_a_record_that_does_not_open_can_be_erased_with_all_that_leads_to_it(redis: Redis) -> None:
    vault = vault_on(redis)
    one = await vault.put_labelled(marked())
    assert one is not None
    await break_record(redis, one.number)
    await vault.erase(one.number)
    assert [key async for key in redis.scan_iter("vestka:shard:*")] == []


async def test_a_record_moved_under_another_number_is_no_one_elses(redis: Redis) -> None:
    vault = vault_on(redis)
    await vault.put(subscriber(number=3))
    raw = await redis.dump("vestka:shard:{3}:records")
    await redis.restore("vestka:shard:{4}:records", 0, raw)  # type: ignore[arg-type]
    await redis.hset("vestka:shard:{3}:records", "4", "x")
    assert [one.number for one in await vault.in_shard(3)] == [3]


async def plain_store(redis: Redis) -> None:
    await keep_plain(
        redis,
        marked(5, stop_seed=SEED),
        *(subscriber(number=number, targets={"email": f"marked{number}@reader.example"}) for number in range(6, 40)),
    )
    await keep_plain_erasure(redis, "label of one erased")
    await redis.set("vestka:link-key", "marked link key")


async def test_a_store_of_the_plain_form_is_sealed_and_leaves_nothing_plain(redis: Redis) -> None:
    await plain_store(redis)
    vault = vault_on(redis)
    await vault.open()
    one = await vault.by_label("family-of-marked")
    assert one is not None
    assert (one.number, one.stop_seed, one.interests, one.mode) == (5, SEED, (WATCHES,), "discreet")
    assert await vault.by_stop_seed(SEED) == one
    assert await vault.by_address("email", "marked@reader.example") == one
    assert [each.number for each in await vault.everybody()] == list(range(5, 40))
    assert await vault.put_labelled(subscriber(label="label of one erased")) is None
    assert (await vault.add(subscriber())).number == 40
    await redis.delete("vestka:link-key")  # the keyring's
    await nothing_marked(redis)
    assert {key for key in await keys_of(redis) if not key.startswith(("vestka:shard:{", "vestka:shards-asking:"))} == {
        "vestka:subscribers:store",
        "vestka:subscribers:erased-hashes",
        "vestka:subscribers:last",
    }


async def test_sealing_that_was_broken_off_is_finished_and_loses_nobody(redis: Redis) -> None:
    await plain_store(redis)

    class Dies(Exception):
        pass

    class Dying(KeyFolder):
        """Dies in the middle: it is asked for its keys for every record."""

        asked = 0

        def now(self):  # type: ignore[no-untyped-def]
            self.asked += 1
            if self.asked > 30:
                raise Dies
            return super().now()

    with pytest.raises(Dies):
        await Vault(redis, Dying(key_folder().folder)).open()
    plain = [key async for key in redis.scan_iter("vestka:subscriber:*")]
    assert 0 < len(plain) < 35, "it died in the middle"
    vault = vault_on(redis)
    await vault.open()
    assert [each.number for each in await vault.everybody()] == list(range(5, 40))
    assert await vault.by_stop_seed(SEED) is not None
    await redis.delete("vestka:link-key")
    await nothing_marked(redis)


async def test_a_command_does_not_seal_a_plain_store_with_keys_of_its_own(redis: Redis) -> None:
    await plain_store(redis)
    with pytest.raises(UnusableKeys, match="keys create"):
        await vault_on(redis).everybody()
    assert key_folder().read() is None
    assert await redis.exists("vestka:subscriber:5")


async def test_a_plain_record_that_is_none_stays_and_hinders_nobody(redis: Redis) -> None:
    await plain_store(redis)
    await redis.set("vestka:subscriber:7", "{no record")
    vault = vault_on(redis)
    await vault.open()
    assert len(await vault.everybody()) == 34
    assert await redis.get("vestka:subscriber:7") == "{no record"


async def test_work_of_before_names_a_shard_of_sixteen_and_reaches_all_of_it(house: House) -> None:
    reached = [await house.vault.put(subscriber(number=number)) for number in (3, 19, 3 + 256)]
    other = await house.vault.put(subscriber(number=4))
    entry = await house.publish(pardon())
    await house.redis.xadd("vestka:deliveries:email", {"entry": entry, "shard": "3"})
    await house.deliver()
    assert sorted(set(house.mail.takers())) == sorted([*(one.number for one in reached), other.number])


async def test_who_wants_tests_is_found_whatever_else_they_asked_for(redis: Redis) -> None:
    vault = vault_on(redis)
    wants = await vault.add(subscriber(Interest(regions=("gomel",)), tests=True))
    await vault.add(subscriber())
    shards = await vault.shards_asking("email", ["tests"])
    assert shards == {vault.shard_of(wants.number): 1}
    assert await vault.asking(next(iter(shards)), "email", ["tests"]) == [wants]


async def test_the_index_gives_those_who_asked_and_those_named_beside(redis: Redis) -> None:
    vault = vault_on(redis)
    asks, not_asks, other = [
        await vault.put(subscriber(Interest(kinds=(kind,)), number=number))
        for number, kind in ((3, Kind.PARDON), (259, Kind.ARREST), (515, Kind.ARREST))
    ]
    assert await vault.asking(3, "email", ["kind:pardon"]) == [asks]
    assert await vault.asking(3, "email", ["kind:pardon"], [other.number]) == [asks, other]
    changed = await vault.put(msgspec.structs.replace(not_asks, interests=(Interest(kinds=(Kind.PARDON,)),)))
    assert await vault.asking(3, "email", ["kind:pardon"]) == [asks, changed]
    await vault.set_active(asks.number, False)
    assert await vault.asking(3, "email", ["kind:pardon"]) == [changed]
