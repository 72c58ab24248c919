"""One address is one subscriber's, however often it comes and from where: added, loaded, moved, or stored before."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from services.contract import Kind
from services.notify.channels.base import Reason, Retry
from services.subscribers.address import Address
from services.subscribers.keyring import Keyring
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.subscribers_file import load_file
from services.subscribers.topics import Interest
from services.subscribers.vault import UnknownSubscriber, Vault
from tests.redis.far_side import ChatSide, MailSide
from tests.redis.house import House
from tests.redis.plain_form import keep_plain
from tests.redis.samples import SINCE, arrest, pardon, retraction, subscriber
from tests.store import everything_in, vault_on

PARDONS, ARRESTS = Interest(kinds=(Kind.PARDON,)), Interest(kinds=(Kind.ARREST,))
CHANNELS = {"email": MailSide(), "telegram": ChatSide()}
KEYRING = Keyring(b"a key for this test")


@pytest.fixture
def vault(redis: Redis) -> Vault:
    return vault_on(redis)


def mailbox(target: str = "reader@example.org", *interests: Interest, **fields: Any) -> Subscriber:
    return subscriber(*interests, targets={"email": target}, **fields)


def chat(target: str, *interests: Interest, **fields: Any) -> Subscriber:
    return subscriber(*interests, channels=("telegram",), targets={"telegram": target}, **fields)


async def store_as_before(redis: Redis, *subscribers: Subscriber) -> None:
    """As they were stored when there was no index of addresses."""
    numbered = [msgspec.structs.replace(one, number=number) for number, one in enumerate(subscribers, start=1)]
    await keep_plain(redis, *numbered, indexed=False)


async def test_who_is_added_again_in_other_letter_case_is_one_who_asks_for_both(vault: Vault) -> None:
    first = await vault.add(mailbox("reader@example.org", PARDONS))
    again = await vault.add(mailbox("Reader@EXAMPLE.org", ARRESTS))
    assert again.number == first.number
    assert again.interests == (PARDONS, ARRESTS)
    assert await vault.everybody() == [again]


async def test_the_more_careful_word_counts_when_two_become_one(vault: Vault) -> None:
    await vault.add(mailbox(since="2024-02-01T00:00:00.000Z"))
    again = await vault.add(mailbox(mode="discreet", tests=True))
    assert (again.mode, again.tests, again.since) == ("discreet", True, SINCE)


async def test_adding_again_undoes_no_stop_and_revives_no_ended_address(vault: Vault) -> None:
    one = await vault.add(mailbox())
    await vault.end_address(one.number, "email", "unknown_address")
    await vault.set_active(one.number, False)
    again = await vault.add(mailbox("READER@example.org"))
    assert (again.number, again.active, again.addresses[0].ended) == (one.number, False, "unknown_address")


async def test_those_who_are_added_at_the_same_moment_meet_in_one(vault: Vault) -> None:
    spellings = ["reader@example.org", "Reader@example.org", "READER@EXAMPLE.ORG", "reader@Example.org"] * 3
    added = await asyncio.gather(*(vault.add(mailbox(one)) for one in spellings))
    assert len({one.number for one in added}) == 1
    assert len(await vault.everybody()) == 1


async def test_another_way_to_reach_a_known_reader_is_added_to_them(vault: Vault) -> None:
    first = await vault.add(mailbox())
    both = subscriber(channels=("email", "telegram"), targets={"email": "Reader@example.org", "telegram": "1001"})
    again = await vault.add(both)
    assert again.number == first.number
    assert again.address_on("telegram") == Address("telegram", "1001")
    assert (await vault.add(chat("1001"))).number == first.number


async def test_a_second_chat_beside_a_known_mailbox_is_kept_and_stops_with_it(vault: Vault) -> None:
    targets = {"email": "reader@example.org", "telegram": "1001"}
    first = await vault.add(subscriber(channels=("email", "telegram"), targets=targets))
    await vault.add(subscriber(channels=("email", "telegram"), targets=targets | {"telegram": "1002"}))
    second = await vault.add(chat("1002"))
    assert second.number != first.number
    assert second.address_on("telegram") == Address("telegram", "1002")
    assert second.address_on("email") is None
    await vault.set_active(first.number, False)
    assert not (await vault.get(second.number)).active


async def test_a_partners_new_secret_signs_first_and_the_one_before_goes_on(vault: Vault) -> None:
    def endpoint(secret: str) -> Subscriber:
        address = StoredAddress(channel="webhook", target="https://partner.example/a", secrets=(secret,))
        return msgspec.structs.replace(mailbox(), addresses=(address,))

    await vault.add(endpoint("whsec_one"))
    again = await vault.add(endpoint("whsec_two"))
    assert again.addresses[0].secrets == ("whsec_two", "whsec_one")


async def test_two_entries_of_a_file_with_one_mailbox_are_one_however_often_it_is_loaded(
    vault: Vault, tmp_path: Path
) -> None:
    def write(*second: str) -> None:
        entries = [("one", "reader@example.org", ["pardon"]), ("two", "Reader@example.org", list(second))]
        (tmp_path / "file").write_text(json.dumps({"subscribers": [
            {"id": label, "channels": [{"channel": "email", "target": target}], "interests": [{"kinds": kinds}]}
            for label, target, kinds in entries
        ]}))  # fmt: skip

    for _ in range(3):
        write("arrest")
        await load_file(tmp_path / "file", vault, CHANNELS, ("en",), SINCE)
        one, two = await vault.everybody()
        assert one.interests == (PARDONS, ARRESTS)
        assert (one.is_reached, two.is_reached) == (True, False)
    write("pardon")
    for _ in range(2):  # the first entry is read before the second says that it asks for less
        await load_file(tmp_path / "file", vault, CHANNELS, ("en",), SINCE)
    assert (await vault.get(one.number)).interests == (PARDONS,)
    await vault.set_active(two.number, False)
    await load_file(tmp_path / "file", vault, CHANNELS, ("en",), SINCE)
    assert not any(one.active for one in await vault.everybody())
    await vault.resume(two.number)
    assert (await vault.get(one.number)).is_reached
    await vault.erase(two.number)
    assert await load_file(tmp_path / "file", vault, CHANNELS, ("en",), SINCE) == 0


async def test_a_mailbox_that_a_file_gives_to_another_entry_changes_hands_back(vault: Vault, tmp_path: Path) -> None:
    def write(first: str, second: str) -> None:
        entries = [{"id": label, "channels": [{"channel": "email", "target": target}]}
                   for label, target in (("one", first), ("two", second))]  # fmt: skip
        (tmp_path / "file").write_text(json.dumps({"subscribers": entries}))

    for targets in (("a@example.org", "A@example.org"), ("b@example.org", "a@example.org")):
        write(*targets)
        await load_file(tmp_path / "file", vault, CHANNELS, ("en",), SINCE)
    one, two = await vault.everybody()
    assert (one.address_on("email"), two.address_on("email")) == (
        Address("email", "b@example.org"),
        Address("email", "a@example.org"),
    )
    await vault.set_active(one.number, False)
    assert (await vault.get(two.number)).active, "they share nothing any more"


async def test_two_who_were_stored_before_become_one_and_a_stop_of_either_stands(redis: Redis, vault: Vault) -> None:
    await store_as_before(
        redis,
        mailbox("reader@example.org", PARDONS),
        mailbox("Reader@example.org", ARRESTS),
        mailbox("other@example.org"),
        mailbox("OTHER@example.org", active=False),
    )
    await vault.open()
    first, second, third, fourth = await vault.everybody()
    assert (first.interests, first.is_reached) == ((PARDONS, ARRESTS), True)
    assert (second.is_reached, second.addresses[0].ended) == (False, "moved")
    assert not third.active
    assert not fourth.active
    assert (await vault.add(mailbox("READER@example.org"))).number == first.number


async def test_a_stop_by_either_link_stops_the_one(redis: Redis, vault: Vault) -> None:
    await store_as_before(redis, mailbox("reader@example.org"), mailbox("Reader@example.org"))
    await vault.open()
    second = await vault.by_stop_seed(str((await vault.get(2)).stop_seed))
    assert second is not None
    await vault.set_active(second.number, False)
    assert not any(one.active for one in await vault.everybody())
    assert await vault.shards_asking("email", ["kind:pardon"]) == {}


async def test_erasing_by_either_number_erases_the_one(redis: Redis, vault: Vault) -> None:
    await store_as_before(redis, mailbox("reader@example.org"), mailbox("Reader@example.org"))
    await vault.open()
    await vault.erase(2)
    for number in (1, 2):
        with pytest.raises(UnknownSubscriber):
            await vault.get(number)
    assert "eader" not in await everything_in(redis)
    assert [key async for key in redis.scan_iter("*:found:*")] == []
    assert (await vault.add(mailbox("reader@example.org"))).number == 3


async def test_the_index_shows_no_address(redis: Redis, vault: Vault) -> None:
    await vault.add(mailbox("reader@example.org"))
    held = await everything_in(redis)
    assert "reader" not in held
    assert "example" not in held


async def test_a_group_that_moves_to_a_known_chat_hears_once_and_of_all_that_either_asked_for(house: House) -> None:
    old = await house.vault.add(chat("-5", PARDONS))
    known = await house.vault.add(chat("-1005", ARRESTS))
    reached = await house.vault.move_address(old.number, Address("telegram", "-1005"))
    assert reached.number == known.number
    await house.deliver(pardon(), arrest())
    assert [delivery.address.target for delivery in house.chat.attempted] == ["-1005", "-1005"]
    assert not (await house.vault.get(old.number)).is_reached
    await house.vault.set_active(old.number, False)
    assert not (await house.vault.get(known.number)).active


async def test_what_was_under_way_to_the_old_chat_goes_to_whoever_has_the_new_one(house: House) -> None:
    old = await house.vault.add(chat("-5", PARDONS))
    known = await house.vault.add(chat("-1005", ARRESTS))
    event = pardon()
    house.chat.at("-5", Retry(Reason.MOVED, moved_to=Address("telegram", "-1005")))
    await house.deliver(event)
    await house.deliver_due()
    await house.deliver_due()
    assert [delivery.address.target for delivery in house.chat.attempted] == ["-5", "-1005"]
    assert [delivery.number for delivery in house.chat.attempted] == [old.number, known.number]


async def test_a_correction_follows_to_the_chat_that_the_old_one_became(house: House) -> None:
    old = await house.vault.add(chat("-5", PARDONS))
    await house.deliver(pardon())
    await house.vault.add(chat("-1005", PARDONS))
    await house.vault.move_address(old.number, Address("telegram", "-1005"))
    await house.deliver(retraction())
    assert [delivery.address.target for delivery in house.chat.attempted] == ["-5", "-1005"]
