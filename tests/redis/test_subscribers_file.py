"""Subscribers of a file, loaded into the vault at every start of every notifier."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
import pytest
from redis.asyncio import Redis

from services.subscribers.address import Address
from services.subscribers.entries import UnusableSubscribers
from services.subscribers.subscriber import Subscriber
from services.subscribers.subscribers_file import load_file
from services.subscribers.vault import Vault
from tests.redis.far_side import ChatSide, MailSide
from tests.redis.samples import SINCE
from tests.store import vault_on

CHANNELS = {"email": MailSide(), "telegram": ChatSide()}


@pytest.fixture
def vault(redis: Redis) -> Vault:
    return vault_on(redis)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "subscribers.yaml"


def write(
    file: Path, *ids: str, target: str = "reader@example.org", languages: Mapping[str, str] = MappingProxyType({})
) -> None:
    entries = [
        {"id": one, "language": languages.get(one, "en"), "channels": [{"channel": "email", "target": address}]}
        for one, address in zip(ids, [target, *(f"{one}@example.org" for one in ids[1:])], strict=True)
    ]
    file.write_text(json.dumps({"subscribers": entries}))


async def load(file: Path, vault: Vault, since: str = SINCE) -> list[Subscriber]:
    await load_file(file, vault, CHANNELS, ("en", "ru"), since)
    return await vault.everybody()


async def test_a_file_loaded_twice_adds_nobody(vault: Vault, file: Path) -> None:
    write(file, "one", "two")
    first = await load(file, vault)
    assert await load(file, vault, since="2030-01-01T00:00:00.000Z") == first
    assert len(first) == 2


async def test_an_entry_that_changed_replaces_the_old_one_and_keeps_a_stop(vault: Vault, file: Path) -> None:
    write(file, "one")
    (before,) = await load(file, vault)
    await vault.set_active(before.number, False)
    write(file, "one", target="elsewhere@example.org")
    (after,) = await load(file, vault)
    assert (after.number, after.since, after.active) == (before.number, before.since, False)
    assert after.addresses[0].target == "elsewhere@example.org"


async def test_a_file_with_one_mistake_changes_nothing(vault: Vault, file: Path) -> None:
    write(file, "one", "two", languages={"two": "xx"})
    with pytest.raises(UnusableSubscribers, match=r"subscribers\.1: language: it is one of en, ru$"):
        await load(file, vault)
    assert await vault.everybody() == []


async def test_two_notifiers_that_load_one_file_at_once_make_one_subscriber_of_each_entry(
    vault: Vault, file: Path
) -> None:
    write(file, "one", "two", "three")
    await asyncio.gather(load(file, vault), load(file, vault))
    assert sorted(one.label or "" for one in await vault.everybody()) == ["one", "three", "two"]


async def test_who_was_erased_is_not_brought_back_by_the_file(vault: Vault, file: Path, redis: Redis) -> None:
    write(file, "one", "two")
    one, two = await load(file, vault)
    await vault.erase(one.number)
    assert await load(file, vault) == [two]
    assert not [key async for key in redis.scan_iter("*one*")]


async def test_an_address_that_ended_stays_ended_until_the_file_gives_another(vault: Vault, file: Path) -> None:
    write(file, "one")
    (before,) = await load(file, vault)
    await vault.end_address(before.number, "email", "unknown_address")
    (same,) = await load(file, vault)
    assert same.addresses[0].ended == "unknown_address"
    write(file, "one", target="new@example.org")
    (after,) = await load(file, vault)
    assert (after.addresses[0].target, after.addresses[0].ended) == ("new@example.org", None)


async def test_an_address_that_moved_stays_where_it_moved_to(vault: Vault, file: Path) -> None:
    write(file, "one")
    (before,) = await load(file, vault)
    await vault.move_address(before.number, Address("email", "moved@example.org"))
    (after,) = await load(file, vault)
    assert after.addresses[0].target == "moved@example.org"


async def test_a_record_that_does_not_open_hinders_no_other_of_the_file(redis: Redis, vault: Vault, file: Path) -> None:
    write(file, "one", "two")
    one, two = await load(file, vault)
    await redis.hset(f"vestka:shard:{{{one.number}}}:records", str(one.number), b"broken" * 20)
    write(file, "one", "two", languages={"two": "ru"})
    assert await load(file, vault) == [msgspec.structs.replace(two, language="ru")]
