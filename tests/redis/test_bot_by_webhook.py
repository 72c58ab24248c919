"""Updates by webhook: over real HTTP from the stand-in to the portal, by a path and a header that only Telegram has."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from services.demo.local_server import LocalServer
from services.demo.stage import free_port
from services.portal.app import ROOMS
from services.portal.bot.webhook_routes import HEADER, WebhookSecrets
from services.portal.frame.door_pages import DoorPages
from services.portal.frame.portal_app import portal_app
from services.subscribers.topics import Interest
from tests.letters import renderer_at
from tests.redis.bot_room import KEYRING, READER, BotRoom, open_bot_room

SECRETS = WebhookSecrets.of(KEYRING)


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[BotRoom]:
    port = free_port(0)
    here = f"http://127.0.0.1:{port}"
    async with open_bot_room(redis, bot={"updates": "webhook"}, pages_url=here) as room:
        pages = DoorPages(renderer_at(), room.settings.portal_exit_url, ROOMS)
        server = LocalServer(portal_app(pages, room.bot.routes), port=port)
        await server.start()
        async with asyncio.timeout(20):
            while room.chat.updates.webhook is None:
                await asyncio.sleep(0.02)
        yield room
        await room.chat.updates.close()
        await server.stop()


def _update(text: str, number: int = 77) -> dict[str, Any]:
    who = {"id": READER, "is_bot": False, "first_name": "A reader", "language_code": "en"}
    chat = {"id": READER, "type": "private"}
    return {"update_id": number, "message": {"message_id": 5, "from": who, "chat": chat, "date": 1, "text": text}}


async def test_a_whole_conversation_in_its_order(room: BotRoom) -> None:
    webhook = room.chat.updates.webhook
    assert webhook is not None
    assert webhook.url.endswith(f"/telegram/{SECRETS.path}")
    await room.join()
    for text in ("/place gomel", "/place brest", "/place -gomel", "/language ru"):
        await room.chat.people.say(READER, text)
    await room.done()
    someone = await room.reader()
    assert (someone.language, someone.interests) == ("ru", (Interest(regions=("brest",)),))
    assert room.chat.updates.refusals == []


@pytest.mark.parametrize(
    ("path", "header"),
    [
        (SECRETS.path, None),
        (SECRETS.path, ""),
        (SECRETS.path, SECRETS.header[:-1]),
        (SECRETS.path, SECRETS.header.upper()),
        (SECRETS.path, "é"),
        (SECRETS.path[:-1] + "a", SECRETS.header),
        ("x", SECRETS.header),
        (SECRETS.header, SECRETS.path),
    ],
)
async def test_whoever_lacks_either_secret_changes_nothing_and_is_told_of_no_bot(
    room: BotRoom, path: str, header: str | None
) -> None:
    await room.join()
    sent = room.chat.kept.total
    headers = [] if header is None else [(HEADER.encode(), header.encode())]
    async with httpx.AsyncClient(base_url=room.settings.pages_url, trust_env=False) as client:
        refused = await client.post(f"/telegram/{path}", json=_update("/stop"), headers=headers)
        unknown = await client.post("/nowhere/at/all", json={})
        others = [await client.request(method, f"/telegram/{path}") for method in ("GET", "PUT", "OPTIONS", "DELETE")]
    assert (refused.status_code, refused.text) == (404, unknown.text)
    assert all((one.status_code, one.text) == (404, unknown.text) for one in others), "no 405 that tells of a bot"
    assert (await room.reader()).active
    assert room.chat.kept.total == sent


async def test_what_comes_twice_is_done_once_and_both_are_taken(room: BotRoom) -> None:
    await room.join()
    sent = room.chat.kept.total
    async with httpx.AsyncClient(base_url=room.settings.pages_url, trust_env=False) as client:
        sending = (
            client.post(f"/telegram/{SECRETS.path}", json=_update("/list"), headers={HEADER: SECRETS.header})
            for _ in range(4)
        )
        answers = await asyncio.gather(*sending)
    assert [one.status_code for one in answers] == [200] * 4
    assert room.chat.kept.total == sent + 1


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b"x" * 300_000])
async def test_a_body_that_is_no_update_is_not_sent_for_ever(room: BotRoom, body: bytes) -> None:
    async with httpx.AsyncClient(base_url=room.settings.pages_url, trust_env=False) as client:
        answer = await client.post(f"/telegram/{SECRETS.path}", content=body, headers={HEADER: SECRETS.header})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


async def test_the_longest_update_there_can_be_is_read(room: BotRoom) -> None:
    await room.join()
    long = {"text": "Ж" * 4000, "entities": [{"type": "bold", "offset": n, "length": 1} for n in range(100)]}
    update = _update("/place gomel\n" + " " * 3000)
    update["message"] |= {"reply_to_message": {**update["message"], **long}}
    async with httpx.AsyncClient(base_url=room.settings.pages_url, trust_env=False) as client:
        content = json.dumps(update).encode()
        await client.post(f"/telegram/{SECRETS.path}", content=content, headers={HEADER: SECRETS.header})
    assert (await room.reader()).interests == (Interest(regions=("gomel",)),)


def test_the_secrets_are_of_the_form_that_telegram_takes_and_neither_tells_the_other() -> None:
    assert SECRETS.header.isascii()
    assert SECRETS.header.isalnum()
    assert 32 <= len(SECRETS.header) <= 256
    assert SECRETS.path.isalnum()
    assert SECRETS.path not in SECRETS.header
    assert SECRETS.path not in repr(SECRETS)


async def test_what_comes_too_slowly_or_breaks_off_is_to_come_again(
    room: BotRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.portal.bot.webhook_routes._BODY_PATIENCE", 0.3)
    await room.join()
    whole = json.dumps(_update("/stop")).encode()

    async def slowly() -> AsyncIterator[bytes]:
        yield whole[:20]
        await asyncio.sleep(3)
        yield whole[20:]

    async with httpx.AsyncClient(base_url=room.settings.pages_url, trust_env=False) as client:
        path, headers = f"/telegram/{SECRETS.path}", {HEADER: SECRETS.header}
        slow = await client.post(path, content=slowly(), headers=headers)
        assert (slow.status_code, (await room.reader()).active) == (503, True)
        assert (await client.post(path, content=whole, headers=headers)).status_code == 200
    assert not (await room.reader()).active
