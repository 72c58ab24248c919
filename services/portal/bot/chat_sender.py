"""How an answer leaves: in the line of the alerts, out of a share of its own, edited where a button was pressed.

What cannot leave in time is dropped: whoever asked sees that nothing came, and asks again. What they asked for is done.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import structlog
from prometheus_client import Counter

from services.egress import EgressError
from services.notify.channels.base import Sent
from services.notify.channels.telegram.bot_answers import Flooded, Unparsable, read_answer
from services.notify.throttle.send_rate import Later, PlaceInLine, SendRateLimit
from services.portal.bot.answer_share import AnswerShare
from services.portal.bot.bot_api import BotApi
from services.portal.bot.chat_answer import ChatAnswer
from services.portal.bot.chat_desk import ChatReply
from services.portal.bot.chat_steps import ChatCommand
from services.subscribers.address import Address

log = structlog.get_logger(__name__)

_PATIENCE: Final = 8.0
_PATIENCE_FOR_STRANGERS: Final = 2.0
"""Seconds an answer waits for its turn."""
_NOT_MODIFIED: Final = b"message is not modified"
_STRANGERS: Final = 1 << 44
"""Chats that nothing is kept of have numbers from here, made of a keyed hash: none is a chat's, nor a subscriber's."""


@dataclass(slots=True)
class ChatSender:
    """`clock`: seconds that never go back; `sleep` waits for it. `key`: of the hashes of strangers' chats."""

    api: BotApi
    rate_limit: SendRateLimit
    share: AnswerShare
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    key: bytes = field(repr=False)
    counted: Counter = field(repr=False)
    """By outcome: sent, refused, rate_limited, unreachable."""

    async def reply(self, command: ChatCommand, reply: ChatReply) -> None:
        """Raises RedisError."""
        try:
            if command.query is not None:
                await self._call("answerCallbackQuery", {"callback_query_id": command.query, "text": reply.notice})
            if reply.answer is None:
                return
            if self._is_to_be_taken_away(command, reply.answer):
                await self._call("deleteMessage", {"chat_id": command.chat_id, "message_id": command.message_id})
            await self._answer(command, reply.answer, self._number(command, reply))
        except Later:
            self.counted.labels("rate_limited").inc()
            log.warning("bot_answer_dropped", reason="rate_limited")
        except EgressError as error:
            self.counted.labels("unreachable").inc()
            log.warning("bot_answer_dropped", reason=type(error).__name__)

    @staticmethod
    def _is_to_be_taken_away(command: ChatCommand, answer: ChatAnswer) -> bool:
        """What was typed in discreet mode may name somebody; in a private chat a bot may delete it."""
        return answer.discreet and command.query is None and bool(command.argument) and not command.group

    async def _answer(self, command: ChatCommand, answer: ChatAnswer, number: int) -> None:
        edits = command.query is not None and not answer.asks and answer.file is None
        sent = edits and await self._sent("editMessageText", command, answer, number)
        method = "sendMessage" if answer.file is None else "sendDocument"
        sent = sent or await self._sent(method, command, answer, number)
        self.counted.labels("sent" if sent else "refused").inc()

    async def _sent(self, method: str, command: ChatCommand, answer: ChatAnswer, number: int) -> bool:
        """False where another method may do."""
        arguments = _arguments(method, command, answer)
        before = partial(self._take_turn, number, command.group, answer.last)
        told = await self.api.call(method, arguments, file=answer.file, before=before)
        if _NOT_MODIFIED in told.body:  # the button was pressed twice
            return True
        match read_answer(told, Address("telegram", "0")):
            case Sent():
                return True
            case Flooded(after):
                await self.rate_limit.pause(number, after)
            case Unparsable():
                log.error("bot_answer_dropped", reason="unparsable")
            case _:
                pass
        return False

    async def _call(self, method: str, arguments: dict[str, Any]) -> None:
        """Whatever is answered: it is a courtesy."""
        await self.api.call(method, arguments)

    async def _take_turn(self, number: int, group: bool, last: bool) -> None:
        """Raises Later."""
        patience = self._patience(number, last=last)
        end = self.clock() + patience
        await self.sleep(await self.share.take(patience))
        while True:
            place = await self._place(number, group, end)
            if place is None:
                continue
            due = self.clock() + place
            await self.sleep(place)
            if (silence := await self.rate_limit.held_for()) > 0:
                raise Later(silence)
            if (late := self.clock() - due) > 0:
                await self.rate_limit.was_late(place, late)
            return

    @staticmethod
    def _patience(number: int, *, last: bool) -> float:
        """A crowd of strangers must not hold up whoever waits to be erased."""
        return _PATIENCE_FOR_STRANGERS if number >= _STRANGERS and not last else _PATIENCE

    async def _place(self, number: int, group: bool, end: float) -> PlaceInLine | None:
        """None where it is to be asked for once more. Raises Later."""
        try:
            return await self.rate_limit.take(number, group=group, patience=max(0.0, end - self.clock()))
        except Later as later:
            if self.clock() + later.seconds > end:
                raise
            await self.sleep(max(later.seconds, 0.01))
            return None

    def _number(self, command: ChatCommand, reply: ChatReply) -> int:
        if reply.number is not None:
            return reply.number
        digest = hmac.digest(self.key, str(command.chat_id).encode(), hashlib.sha256)
        return _STRANGERS + int.from_bytes(digest[:5])


def _arguments(method: str, command: ChatCommand, answer: ChatAnswer) -> dict[str, Any]:
    text = "caption" if method == "sendDocument" else "text"
    arguments: dict[str, Any] = {"chat_id": command.chat_id, text: answer.text, "parse_mode": "HTML"}
    if method == "editMessageText":
        arguments["message_id"] = command.message_id
    elif answer.silent:
        arguments["disable_notification"] = True
    if command.topic is not None and method != "editMessageText":
        arguments["message_thread_id"] = command.topic
    if method != "sendDocument":
        arguments["link_preview_options"] = {"is_disabled": True}
    if answer.discreet and method != "editMessageText":
        arguments["protect_content"] = True
    if answer.markup is not None:
        arguments["reply_markup"] = answer.markup
    return arguments
