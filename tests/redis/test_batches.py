"""Many subscribers of one transaction are stored as if they had come one by one, whatever else happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from redis import Redis as Another
from redis.asyncio import Redis

from services.contract import Kind
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.records import RAW
from services.subscribers.remembered import Remembered
from services.subscribers.stops import Said, Stops
from services.subscribers.subscriber import Subscriber
from services.subscribers.taking_in import Taken, TakenAs
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault
from tests.redis.samples import subscriber
from tests.store import everything_in, key_folder, vault_on

KINDS = [Interest(kinds=(kind,)) for kind in Kind if kind in ("pardon", "arrest")]


def mailbox(target: str, *interests: Interest, **fields: Any) -> Subscriber:
    return subscriber(*interests, targets={"email": target}, **fields)


def crowd(dice: Random, size: int) -> list[Subscriber]:
    """Few labels, few addresses on two channels: most of them share something with another."""
    return [
        subscriber(
            *dice.sample(KINDS, dice.randint(1, 2)),
            channels=(channels := dice.choice([("email",), ("telegram",), ("email", "telegram")])),
            targets={
                one: f"r{dice.randint(1, 8)}@example.org" if one == "email" else f"10{dice.randint(1, 8)}"
                for one in channels
            },
            label=dice.choice([None, None, f"desk {dice.randint(1, 5)}"]),
            mode=dice.choice(["plain", "discreet"]),
            active=dice.random() > 0.1,
        )
        for _ in range(size)
    ]


def a_vault(redis: Redis, stops: Stops | None = None) -> Vault:
    seeds = count(1)
    return vault_on(redis, new_seed=lambda: f"{next(seeds):032x}", remembered=Remembered(stops))


async def indexes(redis: Redis) -> list[str]:
    """All but the records, whose seals differ."""
    held = [key async for key in redis.scan_iter("vestka:shard:*") if not key.endswith(":records")]
    return sorted([f"{key} {sorted(await content(redis, key))}" for key in held])


async def content(redis: Redis, key: str) -> list[Any]:
    command = "SMEMBERS" if await redis.type(key) == "set" else "HGETALL"
    found: Any = await redis.execute_command(command, key, **RAW)  # type: ignore[no-untyped-call]
    return list(found.items() if isinstance(found, dict) else found)


@pytest.mark.parametrize("seed", range(12))
async def test_a_batch_leaves_what_one_by_one_leaves(redis: Redis, tmp_path: Path, seed: int) -> None:
    dice = Random(seed)
    before, batch = crowd(dice, 6), crowd(dice, 25)
    stopped = [msgspec.structs.replace(one, label=None) for one in dice.sample(batch, 2)]
    outcomes = []
    for size in (1, 25):
        await redis.flushall()
        stops = Stops(tmp_path / f"of-{size}", keys=key_folder().folder)
        vault = a_vault(redis, stops)
        for one in before:
            await (await vault.intake()).take_in([one])
        for one in stopped:
            stops.note(Said.STOP, one)
        await vault.erase(1)
        intake, taken = await vault.intake(), list[Taken | UnreadableRecord]()
        for first in range(0, len(batch), size):
            taken += await intake.take_in(batch[first : first + size])
        outcomes.append((taken, await vault.everybody(), await indexes(redis)))
    assert outcomes[0] == outcomes[1]
    assert {one.how for one in outcomes[0][0] if isinstance(one, Taken)} >= {TakenAs.REPLACED}


async def test_a_batch_is_one_transaction_and_as_many_round_trips_as_one_alone(redis: Redis) -> None:
    vault = vault_on(redis)
    intake = await vault.intake()
    await intake.take_in([mailbox("first@example.org")])
    spent = []
    for name, size in (("a", 2), ("b", 200)):
        before = await transactions(redis)
        await intake.take_in(
            [mailbox(f"{name}{number}@example.org", label=f"{name}{number}") for number in range(size)]
        )
        spent.append(await transactions(redis) - before)
    assert spent == [1, 1]
    assert len(await vault.everybody()) == 203


async def transactions(redis: Redis) -> int:
    found: Any = await redis.info("commandstats")
    return int(found.get("cmdstat_exec", {}).get("calls", 0))


async def test_numbers_are_given_without_gaps(redis: Redis) -> None:
    vault = vault_on(redis)
    intake = await vault.intake()
    await intake.take_in([mailbox(f"r{number}@example.org") for number in (1, 2, 2, 3)])
    await intake.take_in([mailbox(f"r{number}@example.org") for number in (3, 4)])
    await intake.take_in([mailbox("r5@example.org")])
    assert [one.number for one in await vault.everybody()] == [1, 2, 3, 4, 5]


async def test_what_somebody_changes_meanwhile_is_kept(redis: Redis) -> None:
    """A stop comes between reading and writing, as often as the batch tries and oftener."""
    vault = vault_on(redis)
    readers = [await vault.add(mailbox(f"r{number}@example.org")) for number in range(5)]
    active, stopped = dict[int, bytes](), dict[int, bytes]()
    for one in readers:
        active[one.number] = await record(redis, one.number)
        await vault.set_active(one.number, False)
        stopped[one.number] = await record(redis, one.number)
        await redis.hset(f"vestka:shard:{{{one.number}}}:records", str(one.number), active[one.number])
    intake = await vault_on(redis, remembered=Meanwhile(redis, stopped)).intake()
    taken = await intake.take_in([mailbox(f"r{number}@example.org", *KINDS) for number in range(7)])
    assert not stopped
    assert [one.how for one in taken if isinstance(one, Taken)] == [TakenAs.REPLACED] * 5 + [TakenAs.ADDED] * 2
    everybody = await vault.everybody()
    assert [one.active for one in everybody] == [False] * 5 + [True] * 2
    assert all(one.interests == tuple(KINDS) for one in everybody)


async def record(redis: Redis, number: int) -> bytes:
    found: Any = await redis.execute_command("HGET", f"vestka:shard:{{{number}}}:records", number, **RAW)  # type: ignore[no-untyped-call]
    assert isinstance(found, bytes)
    return found


class Meanwhile(Remembered):
    """Whenever stops are asked for, which is after all else was read, another process stores one of these records."""

    def __init__(self, redis: Redis, records: dict[int, bytes]) -> None:
        super().__init__(None)
        self.other = Another(unix_socket_path=redis.connection_pool.connection_kwargs["path"])
        self.records = records

    def reading(self) -> Callable[[Subscriber], Subscriber | None]:
        if self.records:
            number, record = self.records.popitem()
            self.other.hset(f"vestka:shard:{{{number}}}:records", str(number), record)
        else:
            self.other.close()
        return super().reading()


async def test_a_record_that_does_not_open_costs_one_of_a_batch(redis: Redis) -> None:
    vault = vault_on(redis)
    lost = await vault.add(mailbox("lost@example.org"))
    await redis.hset(f"vestka:shard:{{{lost.number}}}:records", str(lost.number), b"broken" * 20)
    targets = [f"r{number}@example.org" for number in range(9)]
    targets.insert(4, "lost@example.org")
    taken = await (await vault.intake()).take_in([mailbox(one) for one in targets])
    assert [isinstance(one, UnreadableRecord) for one in taken] == [one == "lost@example.org" for one in targets]
    assert len(await vault.everybody()) == 9
    assert list(await vault.unreadable()) == [lost.number]


async def test_two_imports_of_one_file_at_once_double_nobody(redis: Redis) -> None:
    first, second = [await vault_on(redis).intake() for _ in range(2)]
    people = [mailbox(f"r{number}@example.org", label=f"desk {number}") for number in range(40)]
    for half in (people[:20], people[20:]):
        await first.take_in(half)
        await second.take_in(half)
    assert len(await vault_on(redis).everybody()) == 40


async def test_nothing_of_a_batch_is_readable_in_the_store(redis: Redis) -> None:
    await (await vault_on(redis).intake()).take_in(
        [mailbox(f"kanarejka{n}@example.org", label="vuh") for n in range(3)]
    )
    held = await everything_in(redis)
    assert "kanarejka" not in held
    assert "vuh" not in held
