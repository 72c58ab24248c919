"""A certificate is given, shown and taken away by the link to manage, and by nothing else; what is wrong changes
nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from services.demo.form_browser import OpenedPage, filled
from services.subscribers.certificates import MOST_GIVEN, read_certificate
from tests.openpgp import certificate_of, new_key
from tests.redis.portal_room import PortalRoom, open_portal_room
from tests.store import everything_in

MOTHER = "mother@mail.example.org"
KEY = new_key()
CERTIFICATE = KEY.extract_certificate()
ARMORED = str(CERTIFICATE)


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[PortalRoom]:
    async with open_portal_room(redis) as room:
        await room.joined(MOTHER)
        yield room


async def key_page(room: PortalRoom) -> OpenedPage:
    """While there is no key: the link to manage comes encrypted where there is one."""
    managing = await room.managing(MOTHER)
    return await room.browser.open(f"{managing.answer.url.path}/key")


async def manage_page(room: PortalRoom, page: OpenedPage) -> OpenedPage:
    return await room.browser.open(page.answer.url.path.removesuffix("/key"))


async def hand_in(room: PortalRoom, page: OpenedPage, file: bytes = b"", **fields: str) -> OpenedPage:
    """As a browser sends the first form of the page."""
    form = {name: values[0] for name, values in filled(page.forms()[0]).items() if name != "file"}
    answer = await room.browser.client.post(
        page.answer.url.path, data={**form, **fields}, files={"file": ("key.asc", file)}
    )
    return OpenedPage(answer)


async def kept(room: PortalRoom) -> str | None:
    (subscriber,) = await room.vault.everybody()
    return subscriber.addresses[0].openpgp


@pytest.mark.parametrize("way", ["file", "binary file", "pasted"])
async def test_a_key_that_is_handed_in_is_kept_and_shown_by_its_fingerprint(room: PortalRoom, way: str) -> None:
    page = await key_page(room)
    assert await kept(room) is None
    given = bytes(CERTIFICATE) if way == "binary file" else ARMORED.encode()
    done = await (hand_in(room, page, pasted=ARMORED) if way == "pasted" else hand_in(room, page, given))
    assert done.status == 200
    assert "Saved. The next letter is encrypted." in done.text
    assert CERTIFICATE.fingerprint.upper() in done.text.replace(" ", "")
    assert await kept(room) == read_certificate(bytes(CERTIFICATE), room.portal_clock())


async def test_a_key_is_taken_away_on_purpose_only(room: PortalRoom) -> None:
    page = await key_page(room)
    await hand_in(room, page, ARMORED.encode())
    nothing = await hand_in(room, page)
    assert nothing.status == 422
    assert await kept(room) is not None
    managing = await manage_page(room, page)
    assert "The letters are encrypted." in managing.text
    await room.browser.send(managing, "/save", updates="first")
    assert await kept(room) is not None, "saving what somebody wants to hear changes no key"
    gone = await hand_in(room, page, remove="yes")
    assert "The next letter is not encrypted." in gone.text
    assert await kept(room) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (str(KEY).encode(), "This is a secret key."),
        (bytes(CERTIFICATE) + bytes(CERTIFICATE.revoke(KEY.certifier())), "revoked"),
        (bytes(CERTIFICATE) + certificate_of(new_key()), "more than one key"),
        (b"x" * (MOST_GIVEN + 1), "larger than a key need be"),
        (b"<script>alert(1)</script>", "no public key that we can read"),
    ],
)
async def test_what_is_no_fit_key_changes_nothing_and_nothing_of_it_is_shown(
    room: PortalRoom, given: bytes, said: str
) -> None:
    page = await key_page(room)
    await hand_in(room, page, ARMORED.encode())
    before = await kept(room)
    refused = await hand_in(room, page, given)
    assert refused.status == 422
    assert said in refused.text
    assert "<script>" not in refused.answer.text
    assert await kept(room) == before


async def test_an_expired_key_is_refused_and_one_that_expires_later_is_said_to_be_unfit(room: PortalRoom) -> None:
    ends = bytes(CERTIFICATE.set_expiration(datetime.now(UTC) + timedelta(minutes=10), KEY.certifier()))
    page = await key_page(room)
    assert (await hand_in(room, page, ends)).status == 200
    room.portal_clock.at += 20 * 60
    page = await room.browser.open(page.answer.url.path)
    assert "cannot be used any more" in page.text
    assert "This key has expired." in (await hand_in(room, page, ends)).text


async def test_without_the_seal_of_the_page_or_with_another_link_nothing_is_changed(room: PortalRoom) -> None:
    page = await key_page(room)
    assert (await hand_in(room, page, ARMORED.encode(), form="1-abc")).status == 400
    answer = await room.browser.client.post("/manage/2-nobody/key", files={"file": ("x", ARMORED.encode())})
    assert answer.status_code == 404
    assert (await room.browser.client.get(page.answer.url.path.replace("/key", "/nothing"))).status_code in (404, 405)
    assert await kept(room) is None


async def test_a_key_lies_in_the_store_sealed_and_is_gone_with_its_reader(room: PortalRoom, redis: Redis) -> None:
    await hand_in(room, await key_page(room), ARMORED.encode())
    openpgp = await kept(room)
    assert openpgp is not None
    everything = await everything_in(redis)
    for form in (openpgp[40:80], repr(bytes(CERTIFICATE)[10:40])[2:-1], CERTIFICATE.fingerprint):
        assert form not in everything
    (subscriber,) = await room.vault.everybody()
    await room.vault.erase(subscriber.number)
    assert await room.vault.everybody() == []


async def test_a_key_goes_along_to_another_address(room: PortalRoom) -> None:
    page = await key_page(room)
    await hand_in(room, page, ARMORED.encode())
    before = await kept(room)
    managing = await manage_page(room, page)
    await room.browser.send(managing, "/move", new_address="mother@another.example")
    await room.work()
    for letter in room.inbox.messages[-2:]:
        (link,) = [line for line in letter.text.splitlines() if "/move/" in line]
        await room.browser.send(await room.browser.open(link.partition("example.org")[2] or link))
    (subscriber,) = await room.vault.everybody()
    assert subscriber.addresses[0].target == "mother@another.example"
    assert subscriber.addresses[0].openpgp == before
