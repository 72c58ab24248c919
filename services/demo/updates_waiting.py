"""What waits for the bot, and the two ways in which it gets it (https://core.telegram.org/bots/api#getting-updates).

The errors are those of the server's own source (tdlib/telegram-bot-api, Client.cpp). One thing is other than there: a
webhook on this machine may do without TLS.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import msgspec

from services.demo.bot_rules import BotError, BotRefused, bad_request, read_number

_WEBHOOK_ACTIVE: Final = BotError(
    409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_TERMINATED: Final = BotError(
    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_MOST: Final = 100
_LONGEST_WAIT: Final = 50
_BETWEEN_TRIES: Final = 0.3
"""Seconds; the real one waits longer each time."""
_UNLESS_ASKED: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class WebhookSet:
    url: str = field(repr=False)
    secret: str = field(repr=False)


class BotUpdates:
    """Numbered from `first`. Whatever was not confirmed is given again."""

    def __init__(self, first: int = 500_001) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.webhook: WebhookSet | None = None
        self.refusals: list[int] = []
        """The statuses with which the webhook did not take an update."""
        self._next = first
        self._allowed: frozenset[str] | None = None
        self._changed = asyncio.Condition()
        self._asking = 0
        self._closed = False
        self._posting: asyncio.Task[None] | None = None

    async def put(self, kind: str, body: Mapping[str, Any]) -> int:
        """Its number."""
        number = self._next
        self._next += 1
        if kind not in _UNLESS_ASKED if self._allowed is None else kind in self._allowed:
            self.waiting.append({"update_id": number, kind: dict(body)})
        await self._tell()
        return number

    async def confirmed(self) -> None:
        """Returns once nothing waits any more. Put `asyncio.timeout` round it."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self.waiting)

    async def get(self, given: Mapping[str, str]) -> list[dict[str, Any]]:
        """https://core.telegram.org/bots/api#getupdates. Raises BotRefused."""
        if self.webhook is not None:
            raise BotRefused(_WEBHOOK_ACTIVE)
        self._allow(given)
        offset, limit = read_number(given.get("offset", "")) or 0, read_number(given.get("limit", "")) or _MOST
        wait = min(read_number(given.get("timeout", "")) or 0, _LONGEST_WAIT)
        self._asking += 1
        turn = self._asking
        self._confirm(offset)
        async with self._changed:
            self._changed.notify_all()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._changed.wait_for(lambda: bool(self.waiting) or turn != self._asking or self._closed)
        if turn != self._asking:
            raise BotRefused(_TERMINATED)
        return self.waiting[: max(1, min(limit, _MOST))]

    def set_webhook(self, given: Mapping[str, str]) -> bool:
        """https://core.telegram.org/bots/api#setwebhook. Raises BotRefused."""
        url, secret = given.get("url", ""), given.get("secret_token", "")
        if not url:
            return self.delete_webhook(given)
        if not url.startswith(("https://", "http://127.0.0.1:")):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self._allow(given)
        self._end_posting()
        self.webhook = WebhookSet(url, secret)
        self._posting = asyncio.create_task(self._post_forever(self.webhook))
        return True

    def delete_webhook(self, given: Mapping[str, str]) -> bool:
        """https://core.telegram.org/bots/api#deletewebhook"""
        self.webhook = None
        self._end_posting()
        if given.get("drop_pending_updates") == "true":
            self.waiting.clear()
        return True

    async def close(self) -> None:
        """Whoever asks is answered, with nothing."""
        self._end_posting()
        self._closed = True
        await self._tell()

    def _allow(self, given: Mapping[str, str]) -> None:
        """An empty list is all but a few; without one what was asked before goes on."""
        if given.get("allowed_updates"):
            try:
                kinds = msgspec.json.decode(given["allowed_updates"], type=list[str])
            except msgspec.MsgspecError:
                raise bad_request("can't parse allowed updates JSON object") from None
            self._allowed = frozenset(kinds) or None

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = self._next + offset
        self.waiting = [one for one in self.waiting if one["update_id"] >= offset]

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _end_posting(self) -> None:
        if self._posting is not None:
            self._posting.cancel()
            self._posting = None

    async def _post_forever(self, webhook: WebhookSet) -> None:
        """In order, each until it is taken."""
        headers = {"x-telegram-bot-api-secret-token": webhook.secret} if webhook.secret else {}
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                async with self._changed:
                    await self._changed.wait_for(lambda: bool(self.waiting))
                update = self.waiting[0]
                if await self._is_taken(client, webhook, update, headers):
                    self.waiting = [one for one in self.waiting if one is not update]
                    await self._tell()
                else:
                    await asyncio.sleep(_BETWEEN_TRIES)

    async def _is_taken(
        self, client: httpx.AsyncClient, webhook: WebhookSet, update: dict[str, Any], headers: dict[str, str]
    ) -> bool:
        try:
            answer = await client.post(webhook.url, json=update, headers=headers, timeout=60)
        except httpx.HTTPError:
            return False
        if answer.is_success:
            return True
        self.refusals.append(answer.status_code)
        return False
