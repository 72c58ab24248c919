"""Sign-ups that wait, and those who come and go: what is kept, and for how long."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from services.contract import Kind
from services.runtime.steady_clock import server_time
from services.subscribers.keyring import Keyring
from services.subscribers.remembered import Remembered
from services.subscribers.signups import Choices, Signup, Signups
from services.subscribers.stops import Stops
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault
from tests.redis.samples import subscriber
from tests.store import everything_in, vault_on

DAY = 86_400
ARRESTS = (Interest(kinds=(Kind.ARREST,), persons=("alas balatka",)),)
SIGNUP = Signup("email", "mother@mail.example.org", Choices("ru", "discreet", False, ARRESTS))


@pytest.fixture
def vault(redis: Redis, tmp_path: Path) -> Vault:
    return vault_on(redis, remembered=Remembered(Stops(tmp_path / "state", keys=tmp_path / "keys")))


@pytest.fixture
def signups(redis: Redis) -> Signups:
    return Signups(redis, Keyring(b"a key for this test"))


async def put(vault: Vault, signups: Signups, signup: Signup = SIGNUP) -> str:
    return await signups.put(signup, await vault.digest_of(signup.channel, signup.target))


async def test_a_link_leads_to_what_was_chosen_until_it_is_dropped(vault: Vault, signups: Signups) -> None:
    ticket = signups.ticket(await put(vault, signups))
    assert ticket is not None
    assert await signups.get(ticket) == SIGNUP
    await signups.drop(ticket)
    assert await signups.get(ticket) is None


async def test_nothing_of_it_can_be_read_and_the_link_is_nowhere(redis: Redis, vault: Vault, signups: Signups) -> None:
    token = await put(vault, signups)
    held = await everything_in(redis)
    assert "vestka:signup:" in held, "it is not for want of looking"
    for what in ("mother", "example.org", "balatka", token):
        assert what not in held


async def test_what_is_kept_is_as_long_for_one_who_chose_little_as_for_one_who_chose_more(
    redis: Redis, vault: Vault, signups: Signups
) -> None:
    await put(vault, signups)
    await put(vault, signups, Signup("email", "a@b.example", Choices("en", "plain", True, (Interest(),))))
    lengths = {await redis.strlen(key) async for key in redis.scan_iter("vestka:signup:*")}
    assert len(lengths) == 1


async def test_it_vanishes_after_seven_days(redis: Redis, vault: Vault, signups: Signups) -> None:
    await put(vault, signups)
    keys = [key async for key in redis.scan_iter("vestka:signup*")]
    assert len(keys) == 2
    assert all([7 * DAY - 60 < await redis.ttl(key) <= 7 * DAY for key in keys])


@pytest.mark.parametrize("token", ["", "a", "a" * 77, "\x00", "../etc", "A" * 77, "2" * 5000])
def test_what_is_no_link_of_ours_leads_nowhere(signups: Signups, token: str) -> None:
    assert signups.ticket(token) is None


async def test_erasing_takes_what_waits_at_the_address_along(redis: Redis, vault: Vault, signups: Signups) -> None:
    someone = await vault.join(SIGNUP)
    token = await put(vault, signups)
    await vault.erase(someone.number)
    ticket = signups.ticket(token)
    assert ticket is not None
    assert await signups.get(ticket) is None
    assert [key async for key in redis.scan_iter("vestka:signup*")] == []


async def test_who_confirms_is_a_subscriber_with_what_they_chose(vault: Vault) -> None:
    someone = await vault.join(SIGNUP)
    assert (someone.language, someone.mode, someone.updates, someone.interests) == ("ru", "discreet", False, ARRESTS)
    assert someone.is_reached
    assert await vault.by_address("email", "Mother@MAIL.example.org.") == someone


async def test_confirming_twice_in_whatever_letter_case_makes_one_subscriber(vault: Vault) -> None:
    one = await vault.join(SIGNUP)
    again = await vault.join(msgspec.structs.replace(SIGNUP, target="MOTHER@mail.example.org"))
    assert again.number == one.number
    assert len(await vault.everybody()) == 1


async def test_who_stopped_is_gone_after_a_day_and_no_import_brings_them_back_and_joining_anew_does(
    redis: Redis, vault: Vault
) -> None:
    someone = await vault.join(SIGNUP)
    await vault.stop(someone.number)
    now = await server_time(redis)
    assert await vault.vanish(now + DAY - 60) == 0
    assert await vault.vanish(now + DAY + 60) == 1
    assert await vault.everybody() == []

    intake = await vault.intake()
    file = subscriber(targets={"email": "mother@MAIL.example.org"})
    assert [one.how for one in await intake.take_in([file]) if not isinstance(one, Exception)] == ["left out"]
    assert await vault.everybody() == []

    await vault.join(SIGNUP)
    assert [one.is_reached for one in await vault.everybody()] == [True]


async def test_a_file_does_not_bring_back_who_stopped_and_is_gone(redis: Redis, vault: Vault) -> None:
    someone = await vault.put_labelled(subscriber(label="desk"))
    assert someone is not None
    await vault.stop(someone.number)
    assert await vault.vanish(await server_time(redis) + DAY + 60) == 1
    assert await vault.put_labelled(subscriber(label="desk")) is None


async def test_who_comes_back_within_the_day_stays(redis: Redis, vault: Vault) -> None:
    someone = await vault.join(SIGNUP)
    await vault.stop(someone.number)
    await vault.set_active(someone.number, True)
    assert await vault.vanish(await server_time(redis) + 3 * DAY) == 0
    assert (await vault.get(someone.number)).is_reached


async def test_whose_only_address_ended_is_gone_after_a_month(redis: Redis, vault: Vault) -> None:
    someone = await vault.join(SIGNUP)
    await vault.end_address(someone.number, "email", "unknown_address")
    now = await server_time(redis)
    assert await vault.vanish(now + 30 * DAY - 60) == 0
    assert await vault.vanish(now + 30 * DAY + 60) == 1


async def test_joining_anew_mends_an_address_that_had_ended(vault: Vault) -> None:
    someone = await vault.join(SIGNUP)
    await vault.end_address(someone.number, "email", "unknown_address")
    assert (await vault.join(SIGNUP)).is_reached


@pytest.mark.parametrize("said", ["stop", "erase"])
async def test_a_store_that_was_put_back_brings_nobody_back_who_stopped_since(
    redis: Redis, vault: Vault, said: str
) -> None:
    stays, leaves = await vault.join(msgspec.structs.replace(SIGNUP, target="a@b.example")), await vault.join(SIGNUP)
    assert await vault.honour_stops() == 0
    copy = {key: await redis.dump(key) async for key in redis.scan_iter()}
    await (vault.stop(leaves.number) if said == "stop" else vault.erase(leaves.number))
    assert await vault.honour_stops() == 0, "nothing was put back"
    await redis.flushall()
    for key, value in copy.items():
        await redis.restore(key, 0, value or b"")

    assert (await vault.get(leaves.number)).is_reached, "as it stood in the copy"
    assert await vault.honour_stops() == 1
    assert not (await vault.get(leaves.number)).is_reached
    assert (await vault.get(stays.number)).is_reached
    assert await vault.honour_stops() == 0
    assert await vault.vanish(await server_time(redis) + DAY + 60) == 1
    assert (await vault.join(SIGNUP)).is_reached, "joining anew does"


async def test_joining_anew_mends_no_address_but_the_one_that_confirmed(vault: Vault) -> None:
    known = await vault.add(
        subscriber(channels=("email", "telegram"), targets={"email": SIGNUP.target, "telegram": "1001"})
    )
    for channel in ("email", "telegram"):
        await vault.end_address(known.number, channel, "gone")
    again = await vault.join(SIGNUP)
    assert {one.channel: one.ended for one in again.addresses} == {"email": None, "telegram": "gone"}
