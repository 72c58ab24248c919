"""The Bot API's methods that we call (https://core.telegram.org/bots/api#available-methods); one call, one answer.

Neither an address nor what was sent is in any error of ours: the token stands in every address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import msgspec

from services.egress import Egress
from services.egress.exchange import Before
from services.egress.question import Answer
from services.notify.channels.telegram.channel import TelegramSettings
from services.portal.bot.multipart import with_file
from services.subscribers.address import Bot

T = TypeVar("T")

_ANSWER_BYTES: Final = 65_536
_UPDATES_BYTES: Final = 20_000_000
_MOST_UPDATES: Final = 100
_PATIENCE: Final = 15.0


class BotApiRefused(Exception):
    """Telegram says no. The words are its own, about the method and never about a chat."""

    def __init__(self, method: str, code: int, retry_after: float | None = None) -> None:
        super().__init__(f"{method}: {code}")
        self.method, self.code, self.retry_after = method, code, retry_after


class _Reply(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    error_code: int = 0


class _Member(msgspec.Struct):
    status: str


class BotSeen(msgspec.Struct):
    """How a bot stands in a list of chats. `username`: without @."""

    username: str = ""
    first_name: str = ""


@dataclass(frozen=True, slots=True)
class BotApi:
    egress: Egress = field(repr=False)
    settings: TelegramSettings = field(repr=False)
    bot: Bot | None = None
    """As which of our bots it speaks."""

    async def call(
        self, method: str, arguments: Mapping[str, Any], *, file: bytes | None = None, before: Before | None = None
    ) -> Answer:
        """The answer as it is, for whoever reads it. `before`: awaited right before the question leaves. Raises
        EgressError, and what `before` raises."""
        content_type, body = "application/json", msgspec.json.encode(arguments)
        if file is not None:
            content_type, body = with_file(arguments, file)
        return await self._ask(method, body, content_type, _PATIENCE, _ANSWER_BYTES, before)

    async def who_we_are(self) -> BotSeen:
        """Raises EgressError and BotApiRefused."""
        return _typed("getMe", await self._result("getMe", {}), BotSeen)

    async def is_administrator(self, chat_id: int, user_id: int) -> bool:
        """False where Telegram does not say so. Raises EgressError."""
        try:
            raw = await self._result("getChatMember", {"chat_id": chat_id, "user_id": user_id})
            return _typed("getChatMember", raw, _Member).status in ("creator", "administrator")
        except BotApiRefused:
            return False

    async def updates(self, offset: int | None, wait: int, allowed: tuple[str, ...]) -> list[msgspec.Raw]:
        """What waits for us, each still to be read. `offset`: what is before it is confirmed. Raises EgressError and
        BotApiRefused."""
        asked = {"timeout": wait, "limit": _MOST_UPDATES, "allowed_updates": allowed}
        asked |= {} if offset is None else {"offset": offset}
        raw = await self._result("getUpdates", asked, _PATIENCE + wait, _UPDATES_BYTES)
        return _typed("getUpdates", raw, list[msgspec.Raw])

    async def set_webhook(self, url: str, secret: str, allowed: tuple[str, ...], connections: int) -> None:
        """Raises EgressError and BotApiRefused."""
        asked = {"url": url, "secret_token": secret, "allowed_updates": allowed, "max_connections": connections}
        await self._result("setWebhook", asked)

    async def delete_webhook(self) -> None:
        """What waits goes on waiting. Raises EgressError and BotApiRefused."""
        await self._result("deleteWebhook", {"drop_pending_updates": False})

    async def set_commands(self, commands: Mapping[str, str], language_code: str) -> None:
        """What an app offers to whoever types a slash: descriptions by command. "": in every other language. Raises
        EgressError and BotApiRefused."""
        listed = [{"command": name, "description": text} for name, text in commands.items()]
        await self._result("setMyCommands", {"commands": listed, "language_code": language_code})

    async def describe(self, text: str, language_code: str) -> None:
        """What stands in a chat that nothing was said in yet, and on the bot's own page. `language_code`: see
        `set_commands`. Raises EgressError and BotApiRefused."""
        await self._result("setMyDescription", {"description": text, "language_code": language_code})
        await self._result("setMyShortDescription", {"short_description": text, "language_code": language_code})

    async def _result(
        self, method: str, arguments: Mapping[str, Any], deadline: float = _PATIENCE, most: int = _ANSWER_BYTES
    ) -> msgspec.Raw:
        body = msgspec.json.encode(arguments)
        answer = await self._ask(method, body, "application/json", deadline, most, None)
        try:
            reply = msgspec.json.decode(answer.body, type=_Reply)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise BotApiRefused(method, answer.status) from None
        if not reply.ok:
            raise BotApiRefused(method, reply.error_code)
        return reply.result

    async def _ask(
        self, method: str, body: bytes, content_type: str, deadline: float, most: int, before: Before | None
    ) -> Answer:
        token = self.settings.bots[self.bot]
        return await self.egress.request(
            "POST",
            f"{self.settings.api_base.rstrip('/')}/bot{token.get_secret_value() if token else ''}/{method}",
            headers={"content-type": content_type},
            content=body,
            deadline=deadline,
            max_bytes=most,
            before=before,
        )


def _typed(method: str, raw: msgspec.Raw, kind: type[T]) -> T:
    """Raises BotApiRefused: what answers so is not the Bot API."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BotApiRefused(method, 0) from None
