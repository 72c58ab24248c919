"""The many of a bench are the subscribers that the import would have made of the same lines."""

from __future__ import annotations

import json

import msgspec
import pytest
from redis.asyncio import Redis

from benchmarks.beside.seeding import seed
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault
from tests.store import vault_on

SINCE = "2020-01-01T00:00:00.000Z"
CHANNELS: list[dict[str, object]] = [
    {"channel": "email", "target": "reader1@example.org"},
    {"channel": "telegram", "target": "1000000001"},
    {"channel": "webhook", "target": "http://127.0.0.1:9000/r/1", "secrets": ["whsec_" + "A" * 32]},
]
KINDS = [["pardon"], ["arrest"], ["arrest", "pardon"]]


@pytest.fixture
def vault(redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Vault:
    monkeypatch.setenv("REDIS_URL", redis_url)
    return vault_on(redis)


def imported(channel: dict[str, object], kinds: list[str]) -> Subscriber:
    address = msgspec.convert(channel, StoredAddress)
    return Subscriber(
        number=0, since=SINCE, addresses=(address,), interests=(msgspec.convert({"kinds": kinds}, Interest),)
    )


async def test_who_was_seeded_is_kept_and_found_as_who_was_added(vault: Vault, redis: Redis) -> None:
    added = [await vault.add(imported(channel, kinds)) for channel, kinds in zip(CHANNELS, KINDS, strict=True)]
    asked = {topic: await asking(vault, topic) for topic in ("kind:pardon", "kind:arrest")}
    for one in added:
        await vault.erase(one.number)
    lines = [
        json.dumps({"since": SINCE, "channels": [channel], "interests": [{"kinds": kinds}]})
        for channel, kinds in zip(CHANNELS, KINDS, strict=True)
    ]
    await seed(lines, len(added) + 1)
    seeded = await vault.everybody()
    assert [msgspec.structs.replace(one, number=0, stop_seed="") for one in seeded] == [
        msgspec.structs.replace(one, number=0, stop_seed="") for one in added
    ]
    assert len({one.stop_seed for one in [*added, *seeded]}) == 6
    for one in seeded:
        assert await vault.by_address(one.addresses[0].channel, one.addresses[0].target) == one
    for topic, before in asked.items():
        assert await asking(vault, topic) == {channel: numbers_after(numbers) for channel, numbers in before.items()}
    newcomer = await vault.add(imported({"channel": "email", "target": "reader9@example.org"}, ["pardon"]))
    assert newcomer.number == 2 * len(added) + 1


async def asking(vault: Vault, topic: str) -> dict[str, list[int]]:
    """By channel, the shards in which somebody asks for it: each has one here, of their number."""
    return {
        channel: sorted(await vault.shards_asking(channel, [topic])) for channel in ("email", "telegram", "webhook")
    }


def numbers_after(numbers: list[int]) -> list[int]:
    return [number + len(CHANNELS) for number in numbers]


async def test_parts_that_are_written_side_by_side_leave_the_highest_number_as_the_last(
    vault: Vault, redis: Redis
) -> None:
    await vault.add(imported(CHANNELS[0], ["pardon"]))
    lines = [
        json.dumps({"since": SINCE, "channels": [{"channel": "telegram", "target": str(number)}], "interests": []})
        for number in range(2, 8)
    ]
    await seed(lines[3:], 5)
    await seed(lines[:3], 2)
    assert [one.number for one in await vault.everybody()] == list(range(1, 8))
    assert (await vault.add(imported({"channel": "telegram", "target": "99"}, ["pardon"]))).number == 8
