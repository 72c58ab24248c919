"""Updates by webhook (https://core.telegram.org/bots/api#setwebhook): a path and a header that nobody else can know.

Both are made of our key, so there is nothing to set and nothing to leak but the key. An update is answered with 200
when it is done; whatever is answered otherwise Telegram sends again.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import structlog
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.egress import EgressError
from services.portal.bot.bot_api import BotApi, BotApiRefused
from services.portal.bot.bot_updates import ALLOWED
from services.portal.bot.presenting import present
from services.portal.bot.update_handler import UpdateHandler
from services.portal.frame.page_refused import PageRefused
from services.runtime.http.web import Problem, body_of
from services.subscribers.address import Bot
from services.subscribers.keyring import Keyring, derived
from services.subscribers.sealing import as_letters

log = structlog.get_logger(__name__)

HEADER: Final = "x-telegram-bot-api-secret-token"
_MOST_BYTES: Final = 250_000
"""Two messages of 4,096 signs, the one answering the other, each with a hundred entities, written in escapes, are half
of it."""
_BODY_PATIENCE: Final = 10.0
_CONNECTIONS: Final = 8
"""Telegram sends the updates of one chat one after the other, those of several at once."""
_TELL_AGAIN: Final = 3600.0
_COME_AGAIN: Final = 10.0
_AGAIN = {"retry-after": "5"}


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    path: str = field(repr=False)
    header: str = field(repr=False)

    @classmethod
    def of(cls, keyring: Keyring, bot: Bot | None = None) -> WebhookSecrets:
        of = f"{bot} bot" if bot else "bot"
        path, header = (derived(keyring.current, f"{of} webhook {each}") for each in ("path", "header"))
        return cls(as_letters(path[:20]), header[:32].hex())


@dataclass(frozen=True, slots=True)
class WebhookDoor:
    """`url`: where Telegram reaches the portal, with the path."""

    api: BotApi
    handler: UpdateHandler
    secrets: WebhookSecrets
    base: str
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def is_meant(self, request: Request) -> bool:
        """Does it come from Telegram, and for this bot?"""
        path, header = str(request.path_params["path"]), request.headers.get(HEADER, "")
        right = [_same(path, self.secrets.path), _same(header, self.secrets.header)]
        return request.method == "POST" and all(right)

    async def answer(self, request: Request) -> Response:
        """Of what `is_meant`."""
        if self.handler.our_name is None:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers=_AGAIN)
        try:
            await self.handler.take(await body_of(request, _MOST_BYTES, _BODY_PATIENCE))
        except Problem as problem:
            log.warning("bot_update_unread", status=int(problem.status))
            if problem.status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:  # what came slowly or broke off is to come again
                return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers=_AGAIN)
            # One too large would come again for a day, and hold up whatever follows in its chat.
        except (EgressError, RedisError) as error:
            log.warning("bot_waits", error=type(error).__name__)
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers=_AGAIN)
        return Response(status_code=HTTPStatus.OK)

    async def run(self) -> None:
        """For ever: tells Telegram where we are, and every hour once more."""
        while True:
            try:
                self.handler.our_name = await present(self.api, self.handler.desk.house.languages)
                await self.api.set_webhook(
                    f"{self.base}/telegram/{self.secrets.path}", self.secrets.header, ALLOWED, _CONNECTIONS
                )
                await self.sleep(_TELL_AGAIN)
                continue
            except BotApiRefused as refused:
                log.error("bot_api_refused", method=refused.method, code=refused.code)
            except EgressError as error:
                log.warning("bot_waits", error=type(error).__name__)
            await self.sleep(_COME_AGAIN)


def _same(given: str, ours: str) -> bool:
    """In a time that says nothing of how much of it is right."""
    return hmac.compare_digest(given.encode(errors="replace"), ours.encode())


def webhook_routes(doors: Sequence[WebhookDoor]) -> list[BaseRoute]:
    """By any method, since a 405 would tell whoever guesses that there is a bot."""

    async def answer(request: Request) -> Response:
        """Raises PageRefused, as for any page that is not there."""
        meant = [door for door in doors if door.is_meant(request)]  # each is asked, so time tells nothing of which
        if not meant:
            raise PageRefused.of("not_found")
        return await meant[0].answer(request)

    return [Route("/telegram/{path}", answer, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])]
