"""The page behind the link that stops the alerts: for every link that stands in some letter, and for no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest
import structlog
from redis.asyncio import Redis

from services.notify.stop_door import StopDoor, stop_routes
from services.runtime.http.web import web_app
from services.subscribers.keyring import Keyring
from services.subscribers.stop_links import StopLinks
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import Vault
from tests.letters import renderer_at
from tests.redis.plain_form import keep_plain
from tests.redis.samples import subscriber
from tests.store import everything_in, vault_on

KEY = b"a key for this test"
OLD_FORM = {1: "1-dbr53mnnt6c55f2xb7v5pang", 4711: "1267-5rktqfnywgaxk3ew4zlnezzz"}
"""As they stand in letters sent before links were random, by this key."""
LINKS = StopLinks(Keyring(KEY), "http://notify")


@pytest.fixture
def vault(redis: Redis) -> Vault:
    return vault_on(redis)


@pytest.fixture
async def client(vault: Vault) -> AsyncIterator[httpx.AsyncClient]:
    app = web_app(stop_routes(StopDoor(vault, LINKS, renderer_at())))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notify") as client:
        yield client


async def link_of(vault: Vault, someone: Subscriber) -> str:
    seed = (await vault.with_stop_seed(someone.number)).stop_seed
    assert seed is not None
    return LINKS.url(seed)


async def test_one_click_stops_and_a_mere_look_does_not(vault: Vault, client: httpx.AsyncClient) -> None:
    someone = await vault.add(subscriber())
    link = await link_of(vault, someone)
    assert (await client.get(link)).status_code == 200
    assert (await vault.get(someone.number)).active
    answer = await client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not (await vault.get(someone.number)).active


async def test_a_link_stops_nobody_else(vault: Vault, client: httpx.AsyncClient) -> None:
    one, other = [await vault.add(subscriber()) for _ in range(2)]
    await client.post(await link_of(vault, one))
    assert (await vault.get(other.number)).active


@pytest.mark.parametrize("number", OLD_FORM)
async def test_a_link_of_before_goes_on_working(vault: Vault, client: httpx.AsyncClient, number: int) -> None:
    await vault.put(subscriber(number=number))
    assert (await client.get(f"/stop/{OLD_FORM[number]}")).status_code == 200
    assert (await client.post(f"/stop/{OLD_FORM[number]}")).status_code == 200
    assert not (await vault.get(number)).active


async def test_of_an_erased_reader_nothing_is_left_to_stop_and_that_is_no_error(
    vault: Vault, client: httpx.AsyncClient
) -> None:
    someone = await vault.add(subscriber())
    link = await link_of(vault, someone)
    await vault.erase(someone.number)
    for ask in (client.get, client.post):
        gone, old = await ask(link), await ask(f"/stop/{OLD_FORM[1]}")
        assert (gone.status_code, old.status_code) == (200, 200)
        assert gone.text == old.text
        assert "<form" not in gone.text


async def test_a_link_of_a_key_we_no_longer_hold_is_no_error_for_a_provider_and_promises_a_person_nothing(
    vault: Vault, client: httpx.AsyncClient
) -> None:
    await vault.add(subscriber())
    done = (await client.post(f"/stop/{OLD_FORM[4711]}")).text
    for unknown in (StopLinks(Keyring(b"another key"), "").url("00" * 16), "/stop/1-aaaaaaaaaaaaaaaaaaaaaaaa"):
        posted, looked = await client.post(unknown), await client.get(unknown)
        assert (posted.status_code, looked.status_code) == (200, 404)
        assert posted.text == looked.text != done
    assert all(one.active for one in await vault.everybody())


@pytest.mark.parametrize("token", ["x", "stop", "a" * 52 + "b", "1-" + "1" * 24, "%00", "me@example.org", "a" * 5000])
async def test_what_is_no_link_of_ours_in_any_form_is_not_found(
    vault: Vault, client: httpx.AsyncClient, token: str
) -> None:
    assert (await client.post(f"/stop/{token}")).status_code == 404


async def test_a_link_lives_through_whatever_replaces_the_record(vault: Vault, client: httpx.AsyncClient) -> None:
    someone = await vault.put_labelled(subscriber(label="desk"))
    assert someone is not None
    link = await link_of(vault, someone)
    again = await vault.put_labelled(subscriber(label="desk", language="ru"))
    assert again is not None
    await vault.put(msgspec.structs.replace(again, stop_seed=None))
    await vault.put(msgspec.structs.replace(again, stop_seed="00" * 16))
    await vault.set_active(again.number, False)
    await vault.resume(again.number)
    assert await link_of(vault, await vault.get(again.number)) == link
    assert (await client.post(link)).status_code == 200
    assert not (await vault.get(someone.number)).active


async def test_who_was_stored_before_there_were_seeds_gets_one_when_it_is_needed(redis: Redis, vault: Vault) -> None:
    old = subscriber(number=5)
    await keep_plain(redis, old)
    await vault.open()
    seeds = {one.stop_seed for one in await asyncio.gather(*(vault.with_stop_seed(5) for _ in range(5)))}
    assert len(seeds) == 1, "those who need it at the same time meet in one"
    assert await vault.by_stop_seed(str(seeds.pop())) == await vault.get(5)


async def test_erasing_leaves_no_seed_behind(redis: Redis, vault: Vault) -> None:
    someone = await vault.add(subscriber())
    assert someone.stop_seed is not None
    assert await vault.by_stop_seed(someone.stop_seed) == someone
    await vault.erase(someone.number)
    assert await vault.by_stop_seed(someone.stop_seed) is None
    assert [key async for key in redis.scan_iter("*:found:*")] == []


async def test_a_link_from_a_phone_is_nowhere_on_the_server(redis: Redis, vault: Vault) -> None:
    someone = await vault.add(subscriber())
    token = (await link_of(vault, someone)).rpartition("/")[2]
    held = await everything_in(redis)
    assert token not in held
    assert str(someone.stop_seed) not in held
    assert "vestka:subscribers:store" in held, "it is not for want of looking"


async def test_stopping_is_logged_without_a_number(vault: Vault, client: httpx.AsyncClient) -> None:
    await vault.put(subscriber(number=4711))
    with structlog.testing.capture_logs() as lines:
        await client.post(f"/stop/{OLD_FORM[4711]}")
    assert [line["event"] for line in lines] == ["subscriber_stopped"]
    assert "4711" not in str(lines)
