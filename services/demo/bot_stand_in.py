"""Stands in for Telegram's Bot API over HTTP, and is as strict as the real one (https://core.telegram.org/bots/api)."""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.demo import bot_rules as rules
from services.demo.bot_chat import USUAL_BOT, ChatMessage, ChatRefusal, bot_document
from services.demo.bot_limits import BotLimits, FloodGate
from services.demo.bot_methods import BotMethods
from services.demo.bot_multipart import SentFile, read_multipart
from services.demo.bot_people import BotPeople
from services.demo.bot_rules import BotError, BotRefused
from services.demo.bounded_list import KEPT, BoundedList, utc_now
from services.demo.local_server import LOOPBACK, LocalServer
from services.demo.request_bodies import read_body, read_object
from services.demo.updates_waiting import BotUpdates

BODY_MAX = 1 << 20
"""Bytes of one request."""
_SENDING = ("sendmessage", "senddocument")


class TelegramStandIn:
    """Knows the methods of `bot_methods`, by GET or POST, with the parameters in the query, a form or JSON.

    `troubles` maps a chat id to what the Bot API shall answer for it (`bot_rules.BLOCKED`, `migrated(-100…)`); it may
    be changed while running. `people` do what people do in their chats. `before_answer` is awaited after a message was
    kept and before the bot is told. `second`: another bot, with chats, people and limits of its own, at the same place;
    it is neither started nor stopped by itself.
    """

    def __init__(
        self,
        token: str,
        host: str = LOOPBACK,
        port: int = 0,
        *,
        troubles: Mapping[int, BotError] | None = None,
        limits: BotLimits | None = None,
        keep: int = KEPT,
        before_answer: Callable[[], Awaitable[object]] | None = None,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
        named: tuple[str, str] = USUAL_BOT,
        second: TelegramStandIn | None = None,
    ) -> None:
        self.second = second
        self.troubles = dict(troubles or {})
        self.before_answer = before_answer
        self.kept: BoundedList[ChatMessage] = BoundedList(keep)
        self.refused: BoundedList[ChatRefusal] = BoundedList(keep)
        self._token = token
        self._now = now
        bot, gate = bot_document(token, named), FloodGate(limits or BotLimits(), clock)
        self.updates = BotUpdates()
        self.people = BotPeople(self.updates, self.kept, bot, self.troubles, now)
        self._methods = BotMethods(bot, self.kept, self.people, self.updates, self.troubles, gate, now)
        self._server = LocalServer(self.app(), host, port)

    @property
    def messages(self) -> list[ChatMessage]:
        return self.kept.things

    @property
    def refusals(self) -> list[ChatRefusal]:
        return self.refused.things

    @property
    def base_url(self) -> str:
        """What stands before `/bot<token>/<method>`; right once `start` has returned."""
        return self._server.url

    @property
    def port(self) -> int:
        return self._server.port

    async def wait_for(self, count: int) -> None:
        """Returns once `count` messages have been sent in all."""
        await self.kept.reached(count)

    async def start(self) -> None:
        await self._server.start()

    async def stop(self) -> None:
        await self.updates.close()
        if self.second is not None:
            await self.second.updates.close()
        await self._server.stop()

    def app(self) -> Starlette:
        methods = ["GET", "POST"]
        return Starlette(routes=[
            Route("/bot{token}/{method}", self._call, methods=methods),
            Route("/{path:path}", _no_such_path, methods=methods),
        ])  # fmt: skip

    def is_meant(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._token.encode())

    async def _call(self, request: Request) -> Response:
        if self.second is not None and self.second.is_meant(request.path_params["token"]):
            return await self.second._call(request)
        method = request.path_params["method"]
        given: dict[str, str] = {}
        try:
            self._check_token(request.path_params["token"])
            given, files = await _arguments(request)
            result = await self._methods.do(method.lower(), given, files)
        except BotRefused as refused:
            await self._remember_refusal(method, given, refused.answer)
            return _answer(refused.answer)
        if self.before_answer is not None and method.lower() in _SENDING:
            await self.before_answer()
        return JSONResponse({"ok": True, "result": result})

    def _check_token(self, token: str) -> None:
        if ":" not in token or token.startswith("0") or len(token) > 80:
            raise BotRefused(rules.INVALID_TOKEN)
        if not self.is_meant(token):
            raise BotRefused(rules.UNAUTHORIZED)

    async def _remember_refusal(self, method: str, given: Mapping[str, str], error: BotError) -> None:
        await self.refused.put(
            lambda number: ChatRefusal(
                number=number,
                received_at=self._now(),
                method=method,
                chat_id=rules.read_number(given.get("chat_id", "")),
                status=error.status,
                description=error.description,
                retry_after=error.parameters.get("retry_after"),
            )
        )


async def _no_such_path(_request: Request) -> Response:
    return _answer(rules.NO_SUCH_PATH)


def _answer(error: BotError) -> JSONResponse:
    retry_after = error.parameters.get("retry_after")
    headers = None if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse(error.document(), error.status, headers)


async def _arguments(request: Request) -> tuple[dict[str, str], dict[str, SentFile]]:
    """Raises BotRefused. What stands in the body wins over the query."""
    body = await read_body(request, BODY_MAX)
    if body is None:
        raise BotRefused(rules.TOO_LARGE)
    content_type, given = request.headers.get("content-type", ""), dict(request.query_params)
    if content_type.lower().startswith("multipart/form-data"):
        fields, files = read_multipart(body, content_type)
        return {**given, **fields}, files
    return {**given, **(_body(body, content_type) if body else {})}, {}


def _body(body: bytes, content_type: str) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() != "application/json":
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    values = read_object(body)
    if values is None:
        raise rules.bad_request("can't parse JSON object")
    return rules.arguments(values)
