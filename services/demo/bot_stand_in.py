"""Stands in for Telegram's Bot API over HTTP, and is as strict as the real one (https://core.telegram.org/bots/api)."""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.demo import bot_rules as rules
from services.demo.bot_chat import ChatMessage, ChatRefusal, bot_document, message_document
from services.demo.bot_limits import BotLimits, FloodGate
from services.demo.bot_rules import BotError, BotRefused, WantedMessage
from services.demo.bounded_list import KEPT, BoundedList, utc_now
from services.demo.local_server import LOOPBACK, LocalServer
from services.demo.request_bodies import read_body, read_object

BODY_MAX = 1 << 20
"""Bytes of one request."""


class TelegramStandIn:
    """Knows `getMe` and `sendMessage`, by GET or POST, with the parameters in the query, a form or JSON.

    `troubles` maps a chat id to what the Bot API shall answer for it (`bot_rules.BLOCKED`, `migrated(-100…)`); it may
    be changed while running. `before_answer` is awaited after a message was kept and before the bot is told.
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
    ) -> None:
        self.troubles = dict(troubles or {})
        self.before_answer = before_answer
        self.kept: BoundedList[ChatMessage] = BoundedList(keep)
        self.refused: BoundedList[ChatRefusal] = BoundedList(keep)
        self._token = token
        self._bot = bot_document(token)
        self._gate = FloodGate(limits or BotLimits(), clock)
        self._now = now
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
        await self._server.stop()

    def app(self) -> Starlette:
        methods = ["GET", "POST"]
        return Starlette(routes=[
            Route("/bot{token}/{method}", self._call, methods=methods),
            Route("/{path:path}", _no_such_path, methods=methods),
        ])  # fmt: skip

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        given: dict[str, str] = {}
        try:
            self._check_token(request.path_params["token"])
            given = await _arguments(request)
            result = await self._do(method.lower(), given)
        except BotRefused as refused:
            await self._remember_refusal(method, given, refused.answer)
            return _answer(refused.answer)
        if self.before_answer is not None:
            await self.before_answer()
        return JSONResponse({"ok": True, "result": result})

    def _check_token(self, token: str) -> None:
        if ":" not in token or token.startswith("0") or len(token) > 80:
            raise BotRefused(rules.INVALID_TOKEN)
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise BotRefused(rules.UNAUTHORIZED)

    async def _do(self, method: str, given: Mapping[str, str]) -> dict[str, Any]:
        if method == "getme":
            return {**self._bot, "can_join_groups": True, "can_read_all_group_messages": False}
        if method == "sendmessage":
            return await self._send_message(rules.read_send_message(given))
        raise BotRefused(rules.NO_SUCH_METHOD)

    async def _send_message(self, wanted: WantedMessage) -> dict[str, Any]:
        trouble = self.troubles.get(wanted.chat_id)
        if trouble is not None:
            raise BotRefused(trouble)
        answered = self._find(wanted)
        rules.check_reply(wanted, known=answered is not None)
        rules.check_length(wanted.parsed)
        retry_after = self._gate.retry_after(wanted.chat_id)
        if retry_after:
            raise BotRefused(rules.too_many_requests(retry_after))
        message = await self.kept.put(lambda number: _kept(wanted, answered, number, self._now()))
        return message_document(message, answered, self._bot)

    def _find(self, wanted: WantedMessage) -> ChatMessage | None:
        message = self.kept.find(wanted.reply_to or 0)
        return message if message is not None and message.chat_id == wanted.chat_id else None

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


def _kept(wanted: WantedMessage, answered: ChatMessage | None, number: int, now: datetime) -> ChatMessage:
    return ChatMessage(
        message_id=number,
        chat_id=wanted.chat_id,
        received_at=now,
        text=wanted.parsed.text,
        entities=wanted.parsed.entities,
        source=wanted.source,
        parse_mode=wanted.parse_mode,
        reply_to=None if answered is None else answered.message_id,
        preview_disabled=wanted.preview_disabled,
        silent=wanted.silent,
        protected=wanted.protected,
    )


async def _arguments(request: Request) -> dict[str, str]:
    """Raises BotRefused. What stands in the body wins over the query."""
    body = await read_body(request, BODY_MAX)
    if body is None:
        raise BotRefused(rules.TOO_LARGE)
    given = dict(request.query_params)
    if body:
        given.update(_body(body, request.headers.get("content-type", "")))
    return given


def _body(body: bytes, content_type: str) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() != "application/json":
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    values = read_object(body)
    if values is None:
        raise rules.bad_request("can't parse JSON object")
    return rules.arguments(values)
