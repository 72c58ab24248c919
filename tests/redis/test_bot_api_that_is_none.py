"""Whatever stands where the Bot API should: the bot waits, says so in the log without a secret, and goes on later."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.demo.bot_stand_in import TelegramStandIn
from services.demo.local_server import LocalServer
from tests.redis.bot_room import READER, TOKEN, BotRoom, open_bot_room

_WELL = {"getMe": b'{"ok": true, "result": {"username": "x"}}'}
ANSWERS = (
    Response(b"<html>", media_type="text/html"),
    Response(b'{"ok": true}', media_type="application/json"),
    Response(b'{"ok": true, "result": 5}', media_type="application/json"),
    Response(b'{"ok": true, "result": [5]}', media_type="application/json"),
    Response(b'{"ok": false, "error_code": 401, "description": "Unauthorized"}', status_code=401),
    Response(b'{"ok": false, "error_code": 429, "parameters": {"retry_after": 5}}', status_code=429),
    Response(b"\xff\xfe", status_code=502),
)


async def test_the_bot_outlives_whatever_answers_in_telegrams_place(
    redis: Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_bot_room(redis) as room:
        await room.join()
        port = room.chat.port
        await room.chat.stop()
        _hurry(room)
        for answer in ANSWERS:
            for method in ("getMe", "getUpdates"):
                _as_if_just_started(room)
                await _stands_there(port, answer, method)
        again = TelegramStandIn(TOKEN, port=port)
        again.updates._next = 900_001  # it is the same Bot API, and counts on
        await again.start()
        room.chat = again
        await again.people.say(READER, "/language ru")
        await room.done()
        assert (await room.reader()).language == "ru"
        said = "".join(capsys.readouterr())
        assert "bot_api_refused" in said
        assert TOKEN not in said
        assert str(READER) not in said


def _hurry(room: BotRoom) -> None:
    (part,) = room.bot.background

    async def short(_seconds: float) -> None:
        await asyncio.sleep(0.02)

    part.__self__.sleep = short  # type: ignore[attr-defined]


def _as_if_just_started(room: BotRoom) -> None:
    (part,) = room.bot.background
    part.__self__._is_presented = False  # type: ignore[attr-defined]


async def test_what_is_refused_is_asked_less_and_less_often_and_the_commands_are_told_once(redis: Redis) -> None:
    async with open_bot_room(redis) as room:
        port = room.chat.port
        await room.chat.stop()
        (part,) = room.bot.background
        waits, met = list[float](), list[str]()

        async def noted(seconds: float) -> None:
            waits.append(seconds)
            await asyncio.sleep(0.02)

        part.__self__.sleep = noted  # type: ignore[attr-defined]
        _as_if_just_started(room)

        async def refuse(request: Request) -> Response:
            met.append(method := request.path_params["path"].partition("/")[2])
            refused = b'{"ok": false, "error_code": 409, "description": "Conflict"}'
            answer = refused if method == "getUpdates" else _WELL.get(method, b'{"ok": true, "result": true}')
            return Response(answer, status_code=409 if method == "getUpdates" else 200)

        server = LocalServer(Starlette(routes=[Route("/{path:path}", refuse, methods=["GET", "POST"])]), port=port)
        await server.start()
        async with asyncio.timeout(30):
            while met.count("getUpdates") < 12:
                await asyncio.sleep(0.02)
        so_far = list(waits)
        await server.stop()
    assert so_far.count(300) > 1
    assert so_far[-1] == 300
    assert met.count("getMe") == 1


async def _stands_there(port: int, answer: Response, last: str) -> None:
    """Until it was asked by the method `last`; to those before it answers well."""
    asked = asyncio.Event()

    async def anything(request: Request) -> Response:
        method = request.path_params["path"].partition("/")[2]
        if method == last:
            asked.set()
        return answer if method == last else Response(_WELL.get(method, b'{"ok": true, "result": true}'))

    server = LocalServer(Starlette(routes=[Route("/{path:path}", anything, methods=["GET", "POST"])]), port=port)
    await server.start()
    async with asyncio.timeout(30):
        await asked.wait()
    await server.stop()
