"""Managing and leaving over HTTP, by the link that is asked for by mail: everything that can be changed, and by nobody
else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from services.contract import Kind
from services.demo.form_browser import OpenedPage, filled
from services.names import fold
from services.subscribers.interests import Interest, following, marked
from services.subscribers.manage_links import GOOD_FOR
from services.subscribers.stop_links import StopLinks
from tests.redis.portal_room import KEYRING, PortalRoom, open_portal_room
from tests.redis.post_office import PUBLIC
from tests.store import everything_in

MOTHER, ELSEWHERE = "mother@mail.example.org", "mother@another.example"
DAY = 86_400
LATER = {"en": "It is being erased", "ru": "Удаляется", "be": "Выдаляецца"}


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[PortalRoom]:
    async with open_portal_room(redis) as room:
        await room.joined(MOTHER, persons="Алесь Бяляцкі\nМарыя Калеснікава")
        yield room


def here(page: OpenedPage, verb: str) -> str:
    return page.answer.url.path.removesuffix("/save") + verb


async def test_what_is_shown_is_what_is_kept_and_saving_it_untouched_changes_nothing(room: PortalRoom) -> None:
    (before,) = await room.vault.everybody()
    page = await room.managing()
    saved = await room.browser.send(page, "/save")
    assert saved.status == 200
    assert "Saved" in saved.text
    assert await room.vault.get(before.number) == before


async def test_saving_keeps_the_habits_that_the_page_does_not_ask_for(room: PortalRoom) -> None:
    (someone,) = await room.vault.everybody()
    habits = {"silent": True, "cover": "code_word", "code_word": "birch", "zone": "Europe/Vilnius"}
    before = await room.vault.amend(someone.number, lambda one: msgspec.structs.replace(one, **habits))
    await room.browser.send(await room.managing(), "/save", updates="first")
    assert await room.vault.get(someone.number) == msgspec.structs.replace(before, updates=False)


async def test_everything_chosen_can_be_changed(room: PortalRoom) -> None:
    page = await room.managing()
    keep = filled(page.form("/save"))["key"][:1]
    await room.browser.send(
        page, "/save", kind=["arrest"], region=["brest"], key=keep, discreet=None, updates="first", language="ru"
    )
    (someone,) = await room.vault.everybody()
    assert someone.interests == (
        Interest(kinds=(Kind.ARREST,), regions=("brest",)),
        following([marked("Алесь Бяляцкі")]),
    )
    assert (someone.mode, someone.updates, someone.language) == ("plain", False, "ru")


async def test_a_change_of_frequency_says_what_becomes_of_what_has_waited(room: PortalRoom) -> None:
    await room.browser.send(await room.managing(), "/save", frequency="weekly")
    page = await room.browser.send(await room.managing(), "/save", frequency="daily")
    assert "What has waited until now still comes in one message" in page.answer.text
    page = await room.browser.send(await room.managing(), "/save")
    assert "What has waited" not in page.answer.text


async def test_a_name_that_is_not_theirs_cannot_be_slipped_in_as_a_key(room: PortalRoom) -> None:
    (before,) = await room.vault.everybody()
    page = await room.browser.send(await room.managing(), "/save", key=["somebody else"])
    assert page.status == 422
    assert await room.vault.everybody() == [before]


async def test_pausing_stops_everything_until_one_goes_on_and_nothing_is_deleted(
    room: PortalRoom, redis: Redis
) -> None:
    page = await room.browser.send(await room.managing(), "/pause")
    (someone,) = await room.vault.everybody()
    assert not someone.active
    assert await room.vault.vanish(room.portal_clock() + 400 * DAY) == 0
    await room.browser.send(page, "/resume")
    assert (await room.vault.get(someone.number)).is_reached


async def test_stopping_lets_one_come_back_for_a_day_and_then_nothing_is_kept(room: PortalRoom, redis: Redis) -> None:
    page = await room.browser.send(await room.managing(), "/stop")
    assert "you can come back" in page.text
    (someone,) = await room.vault.everybody()
    await room.browser.send(page, "/resume")
    assert (await room.vault.get(someone.number)).is_reached
    await room.vault.stop(someone.number)
    assert await room.vault.vanish(room.portal_clock() + 2 * DAY) == 1
    assert await room.vault.everybody() == []


async def test_the_stop_page_lets_one_come_back_and_looking_does_not(room: PortalRoom) -> None:
    (someone,) = await room.vault.everybody()
    assert someone.stop_seed is not None
    link = StopLinks(KEYRING, PUBLIC).url(someone.stop_seed)
    done = await room.browser.send(await room.browser.open(link))
    assert not (await room.vault.get(someone.number)).active
    assert (await room.browser.open(f"{link}/back")).status == 405
    assert not (await room.vault.get(someone.number)).active
    back = await room.browser.send(done, "/back")
    assert back.heading == "You are back"
    assert (await room.vault.get(someone.number)).is_reached


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b""},
        {"content": b"\x00\xff" * 100, "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"json": {"List-Unsubscribe": "One-Click"}},
    ],
    ids=["form", "multipart", "empty", "broken", "json"],
)
@pytest.mark.parametrize("reader", ["there", "twice", "erased"])
async def test_one_click_in_every_form_is_taken(room: PortalRoom, body: dict[str, object], reader: str) -> None:
    (someone,) = await room.vault.everybody()
    assert someone.stop_seed is not None
    link = StopLinks(KEYRING, PUBLIC).url(someone.stop_seed)
    if reader == "erased":
        await room.vault.erase(someone.number)
    for _ in range(2 if reader == "twice" else 1):
        answer = await room.browser.client.post(link, **body)  # type: ignore[arg-type]
        assert answer.status_code == 200
    assert all(not one.active for one in await room.vault.everybody())


async def test_a_move_waits_until_both_addresses_have_confirmed(room: PortalRoom) -> None:
    (someone,) = await room.vault.everybody()
    count = len(room.inbox.messages)
    await room.browser.send(await room.managing(), "/move", new_address=ELSEWHERE)
    await room.work()
    letters = {one.recipient: one for one in room.inbox.messages[count + 1 :]}
    assert letters.keys() == {MOTHER, ELSEWHERE}
    links = {
        who: next(line for line in one.text.splitlines() if line.startswith(PUBLIC)) for who, one in letters.items()
    }
    await room.browser.send(await room.browser.open(links[ELSEWHERE]))
    assert (await room.vault.get(someone.number)).addresses[0].target == MOTHER
    done = await room.browser.send(await room.browser.open(links[MOTHER]))
    assert done.status == 200
    moved = await room.vault.get(someone.number)
    assert [one.target for one in moved.addresses] == [ELSEWHERE]
    assert MOTHER not in repr([one.given for one in moved.addresses])
    assert await room.vault.by_address("email", MOTHER) is None
    for link in links.values():
        assert (await room.browser.open(link)).status == 410


async def test_one_address_alone_moves_nothing_however_often_it_confirms(room: PortalRoom) -> None:
    count = len(room.inbox.messages)
    await room.browser.send(await room.managing(), "/move", new_address=ELSEWHERE)
    await room.work()
    (new,) = [one for one in room.inbox.messages[count + 1 :] if one.recipient == ELSEWHERE]
    link = next(line for line in new.text.splitlines() if line.startswith(PUBLIC))
    for _ in range(3):
        await room.browser.send(await room.browser.open(link))
    assert (await room.vault.by_address("email", ELSEWHERE)) is None


async def test_what_is_kept_can_be_taken_along_and_imported(room: PortalRoom) -> None:
    answer = (await room.browser.send(await room.managing(), "/export")).answer
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"].startswith("attachment")
    kept = json.loads(answer.text)
    assert kept["channels"] == [{"channel": "email", "target": MOTHER}]
    assert sorted(kept["interests"][1]["person_keys"]) == sorted(map(fold, ("Алесь Бяляцкі", "Марыя Калеснікава")))
    assert not {"number", "stop_seed", "kin", "digest", "owed"} & kept.keys()


async def test_what_they_are_owed_still_is_taken_along_too(room: PortalRoom) -> None:
    page = await room.managing()
    (reader,) = await room.vault.everybody()
    for often in ("daily", "at_once"):
        interests = tuple(msgspec.structs.replace(one, frequency=often) for one in reader.interests)
        await room.vault.amend(reader.number, partial(msgspec.structs.replace, interests=interests))
    kept = json.loads((await room.browser.send(page, "/export")).answer.text)
    assert [one["frequency"] for one in kept["owed"]] == ["daily"] * len(reader.interests)
    assert {fold("Алесь Бяляцкі"), fold("Марыя Калеснікава")} <= {
        key for one in kept["owed"] for key in one.get("person_keys", ())
    }


async def test_erasing_is_asked_once_more_and_leaves_nothing(room: PortalRoom, redis: Redis) -> None:
    page = await room.managing()
    asked = await room.browser.open(here(page, "/erase"))
    assert len(await room.vault.everybody()) == 1
    assert (await room.browser.send(asked)).heading == "Erased"
    assert await room.vault.everybody() == []
    assert [key async for key in redis.scan_iter("*:found:*")] == []
    assert (await room.browser.open(str(page.answer.url))).status == 410
    assert "mother" not in await everything_in(redis)


@pytest.mark.parametrize("language", ["en", "ru", "be"])
async def test_where_redis_does_not_rewrite_its_files_whoever_erases_is_told_that_it_takes_longer(
    room: PortalRoom, redis: Redis, language: str
) -> None:
    asked = await room.browser.open(here(await room.managing(), f"/erase?lang={language}"))
    await redis.execute_command("ACL", "SETUSER", "default", "-bgrewriteaof")  # type: ignore[no-untyped-call]
    try:
        said = await room.browser.send(asked)
    finally:
        await redis.execute_command("ACL", "SETUSER", "default", "+bgrewriteaof")  # type: ignore[no-untyped-call]
    assert (said.status, said.heading) == (200, LATER[language])
    assert await room.vault.everybody() == []


async def test_a_link_ends_after_an_hour_and_a_form_that_is_open_ends_with_it(room: PortalRoom) -> None:
    page = await room.managing()
    room.portal_clock.forward(GOOD_FOR + 1)
    assert (await room.browser.open(str(page.answer.url))).status == 410
    assert (await room.browser.send(page, "/pause")).status == 410
    assert all(one.active for one in await room.vault.everybody())


async def test_looking_at_every_page_changes_nothing(room: PortalRoom, redis: Redis) -> None:
    page = await room.managing()
    before = await everything_in(redis)
    for verb in ("", "/erase"):
        for ask in (room.browser.client.get, room.browser.client.head):
            assert (await ask(here(page, verb))).status_code == 200
    for verb in ("save", "pause", "stop", "resume", "move", "export"):
        assert (await room.browser.client.get(here(page, f"/{verb}"))).status_code == 405
    assert await everything_in(redis) == before


async def test_nothing_is_done_without_the_seal_of_that_very_page(room: PortalRoom) -> None:
    page = await room.managing()
    await room.joined(ELSEWHERE)
    other = filled((await room.managing(ELSEWHERE)).form("/pause"))["form"][0]
    for seal in (None, "", "x", other):
        for verb in ("/pause", "/stop", "/move", "/export", "/save"):
            assert (await room.browser.send(page, verb, form=seal)).status in (400, 422)
    assert (await room.browser.client.post(here(page, "/erase"), data={})).status_code == 400
    assert all(one.active for one in await room.vault.everybody())
    assert len(await room.vault.everybody()) == 2


HOSTILE = Path(__file__).parent / "hostile_fields.txt"
"""One a line, backslashes as in Python."""


def hostile() -> list[str]:
    lines = HOSTILE.read_text().splitlines()
    return [line.encode("latin-1", "backslashreplace").decode("unicode_escape") for line in lines if line]


async def test_hostile_text_in_every_field_of_every_form_is_answered_and_changes_and_breaks_nothing(
    room: PortalRoom,
) -> None:
    (before,) = await room.vault.everybody()
    joining, managing = await room.browser.open("/join/email?lang=en"), await room.managing()
    for text in hostile():
        for page, action in ((joining, "/join/email"), (managing, "/save"), (managing, "/move")):
            for name in filled(page.form(action)):
                await _is_harmless(room, page, action, name, text)
    (after,) = await room.vault.everybody()
    assert after == before


async def _is_harmless(room: PortalRoom, page: OpenedPage, action: str, name: str, text: str) -> None:
    usual = {"email": "not an address"} if action == "/join/email" else {}  # so that nothing is ever right
    usual |= {"towns": "Atlantis"} if action == "/save" and name not in ("towns", "form") else {}
    answer = await room.browser.send(page, action, **{**usual, name: text})
    assert answer.status in (200, 400, 410, 413, 422), (action, name, text)
    assert answer.tree.css("script, img, svg, iframe, a[href^='javascript']") == []
    if answer.status == 422:
        assert len(answer.forms()) == len(page.forms())


async def test_how_often_and_when_is_chosen_told_back_and_shown_as_it_is(room: PortalRoom) -> None:
    habits = {"quiet_from": "22:00", "quiet_until": "07:00", "zone": "Europe/Vilnius", "urgent": ["yes"]}
    saved = await room.browser.send(await room.managing(), "/save", frequency="daily", **habits)
    assert saved.status == 200
    (someone,) = await room.vault.everybody()
    assert {one.frequency for one in someone.interests} == {"daily"}
    assert (someone.quiet, someone.zone, someone.urgent) == ((1320, 420), "Europe/Vilnius", True)
    again = await room.browser.send(saved, "/save")
    assert again.status == 200
    assert await room.vault.get(someone.number) == someone


async def test_hours_that_cannot_be_are_said_and_change_nothing(room: PortalRoom) -> None:
    before = await room.vault.everybody()
    page = await room.browser.send(await room.managing(), "/save", quiet_from="22:00", quiet_until="")
    assert page.status == 422
    assert "Quiet hours" in page.text
    assert await room.vault.everybody() == before
