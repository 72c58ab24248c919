"""Erasing: nothing of a reader is left under their number, nor in any file of Redis; a keyed hash alone stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.contract import Kind
from services.notify.channels.base import Reason, Refused, Retry
from services.notify.opened_vault import keyring_of, vault_of
from services.notify.references import References
from services.notify.repair.erasing import eraser_of
from services.notify.settings import NotifySettings
from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.settings import load_settings
from services.runtime.streams import open_redis
from services.subscribers.persistence import FilesNotRewritten, rewrite_files
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault
from tests.redis.house import House
from tests.redis.plain_form import keep_plain
from tests.redis.samples import pardon, subscriber
from tests.store import key_folder, vault_on

MARK = "marked@reader.example"


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[tuple[Redis, Path]]:
    """A server whose files are this test's alone."""
    server = EmbeddedRedis(tmp_path / "redis")
    server.start()
    redis = open_redis(server.url)
    yield redis, server.folder
    await redis.aclose()
    server.stop()


def in_files(folder: Path, what: bytes) -> list[str]:
    return [str(file) for file in folder.rglob("*") if file.is_file() and what in file.read_bytes()]


async def test_no_file_of_redis_holds_an_erased_record_nor_an_address_ever_did(own: tuple[Redis, Path]) -> None:
    redis, folder = own
    vault = vault_on(redis)
    one = await vault.add(subscriber(targets={"email": MARK}))
    found = await redis.execute_command("HGET", f"vestka:shard:{{{one.number}}}:records", one.number, NEVER_DECODE=True)  # type: ignore[no-untyped-call]
    sealed = bytes(found)[60:90]
    await redis.config_set("appendfsync", "always")
    await redis.set("written", "through")
    assert in_files(folder, sealed), "it is not for want of looking"
    await vault.erase(one.number)
    assert in_files(folder, sealed) == []
    assert in_files(folder, MARK.encode()) == []


async def test_a_plain_store_leaves_no_file_behind_that_names_anybody(own: tuple[Redis, Path]) -> None:
    redis, folder = own
    await redis.config_set("appendfsync", "always")
    await keep_plain(redis, subscriber(Interest(persons=("aknana batatakva",)), number=5, targets={"email": MARK}))
    await redis.set("vestka:link-key", "marked link key")
    await redis.bgsave()
    assert in_files(folder, MARK.encode())
    vault = vault_of(redis, settings := load_settings(NotifySettings))
    await vault.open()
    await keyring_of(redis, settings, move=True)
    await Vault(redis, key_folder()).open()
    for mark in (MARK, "batatakva", "marked link key"):
        assert in_files(folder, mark.encode()) == [], mark
    assert (await vault.get(5)).addresses[0].target == MARK


async def test_a_snapshot_that_somebody_took_is_written_anew_as_well(own: tuple[Redis, Path]) -> None:
    redis, folder = own
    await redis.set("what", "marked for deletion")
    await redis.save()
    await redis.delete("what")
    assert in_files(folder, b"marked for deletion")
    await rewrite_files(redis)
    assert in_files(folder, b"marked for deletion") == []


async def test_where_the_files_cannot_be_rewritten_it_says_so_and_goes_on_later(redis: Redis) -> None:
    vault = vault_on(redis)
    one = await vault.add(subscriber())
    await redis.execute_command("ACL", "SETUSER", "default", "-bgrewriteaof")  # type: ignore[no-untyped-call]
    try:
        with pytest.raises(FilesNotRewritten, match="BGREWRITEAOF"):
            await vault.erase(one.number)
        assert await redis.smembers("vestka:subscribers:erasing") == {str(one.number)}
    finally:
        await redis.execute_command("ACL", "SETUSER", "default", "+bgrewriteaof")  # type: ignore[no-untyped-call]
    await vault_on(redis).open()
    assert not await redis.exists("vestka:subscribers:erasing")


def erasing(house: House) -> Vault:
    async def references() -> References:
        return house.references

    return vault_on(house.redis, erasers=[eraser_of(house.redis, references)])


async def test_what_was_sent_what_waits_and_what_was_given_up_is_forgotten(house: House) -> None:
    wants = Interest(kinds=(Kind.PARDON,))
    sent, waits, given_up, other = [await house.subscribe(wants) for _ in range(4)]
    house.mail.at(waits.addresses[0].target, Retry(Reason.SERVER_ERROR))
    house.mail.at(given_up.addresses[0].target, Refused(Reason.UNEXPLAINED))
    await house.deliver(pardon())
    event = pardon().id
    ledger = house.senders["email"].ledger
    assert len(await ledger.records(event)) == 4
    waiting, letters = await house.queues["email"].everything(), await house.dead.all()
    assert (len(waiting), len(letters)) == (1, 1)
    for one in (sent, waits, given_up):
        await erasing(house).erase(one.number)
    left = {one.number for one in await house.vault.everybody()}
    assert left == {other.number}
    assert set(await ledger.records(event)) <= left
    assert {due.number for due in await house.queues["email"].everything()} <= left
    assert await house.dead.all() == []


async def test_an_erasure_that_was_broken_off_is_finished_when_the_store_is_opened(house: House) -> None:
    class Dies(Exception):
        pass

    async def dies(numbers: frozenset[int]) -> None:
        raise Dies

    one = await house.subscribe()
    await house.deliver(pardon())
    with pytest.raises(Dies):
        await vault_on(house.redis, erasers=[dies]).erase(one.number)
    assert await house.senders["email"].ledger.records(pardon().id)
    await erasing(house).open()
    assert await house.senders["email"].ledger.records(pardon().id) == {}
