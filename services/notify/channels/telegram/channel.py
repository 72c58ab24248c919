"""Telegram: a reader's message through the Bot API (https://core.telegram.org/bots/api#sendmessage)."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Literal

from services.contract import Event
from services.egress import Egress
from services.notify.channels.base import Delivery, Outcome, Reason, Refused, Rendered, Retry, Sent, Trouble
from services.notify.channels.composing import composing
from services.notify.channels.telegram.bot_answers import HOLD_SECONDS, Unparsable
from services.notify.channels.telegram.bot_check import ask_bot
from services.notify.channels.telegram.bot_line import BotLine
from services.notify.channels.telegram.bot_settings import TelegramSettings
from services.notify.channels.telegram.composed_text import ComposedText, below_the_opening
from services.notify.throttle.send_rate import OwnSendRateLimit, SendRateLimit
from services.subscribers.address import Address, Bot, InvalidAddress, Mode

__all__ = ["TelegramChannel", "TelegramSettings"]

_CHAT: Final = re.compile(r"-?[1-9][0-9]{0,15}|@[a-z][a-z0-9_]{3,31}")
_PROGRESS: Final = re.compile(r"([0-9]+)/([0-9]+):([a-z]*[0-9]*)")
_REFERENCES: Final[dict[Bot | None, re.Pattern[str]]] = {
    None: re.compile(r"([0-9]{1,15})"),
    "discreet": re.compile(r"discreet([0-9]{1,15})"),
}
"""The number of a message, and before it which bot sent it: each bot counts those of a chat by itself."""
_NO_SUCH_BOT: Final = Retry(Reason.MISCONFIGURED, after=20 * HOLD_SECONDS, spends_attempt=False)
"""The second bot was taken out of the settings, and its chats cannot be written to by the other."""


@dataclass(frozen=True, slots=True)
class _Progress:
    """How many of a text's pieces Telegram has, and the id of the first: what the next attempt goes on from."""

    taken: int = 0
    pieces: int = 0
    first_id: str = ""

    @property
    def text(self) -> str | None:
        return f"{self.taken}/{self.pieces}:{self.first_id}" if self.taken else None


class TelegramChannel:
    """Each chat is written to by the bot that it wrote to. `rate_limits`: of each bot, this process's own unless one is
    given; `clock` counts seconds and never goes back; `sleep` waits for it."""

    name: ClassVar[str] = "telegram"
    parts: ClassVar[tuple[str, ...]] = ("html", "plain")
    languages: ClassVar[Literal["reader", "all"]] = "reader"
    personal: ClassVar[bool] = True
    shared: bool = True

    def __init__(
        self,
        settings: TelegramSettings,
        egress: Egress,
        *,
        rate_limits: Mapping[Bot | None, SendRateLimit] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.deadline = settings.deadline
        self._egress = egress
        self._clock = clock
        self._api_base = settings.api_base.rstrip("/")
        self._missed: set[Bot | None] = set()
        """Bots that readers have begun with, and that the settings do not name."""
        shared, bots = rate_limits or {}, settings.bots
        self._lines = {
            bot: BotLine(
                egress,
                self._api_base,
                token,
                shared.get(bot) or OwnSendRateLimit(settings.rates, clock),
                clock,
                sleep,
                alone=len(bots) == 1,
            )
            for bot, token in bots.items()
        }

    def read_address(self, target: str, secrets: tuple[str, ...] = ()) -> Address:
        chat = target.strip().lower()
        if not _CHAT.fullmatch(chat):
            raise InvalidAddress("a Telegram address is the number of a chat, or @ and the name of a public channel")
        return Address(self.name, chat, secrets)

    def compose(self, event: Event, rendered: Mapping[str, Rendered], mode: Mode) -> ComposedText:  # noqa: ARG002
        (one,) = rendered.values()
        return ComposedText(one, mode)

    async def send(self, delivery: Delivery, composed: ComposedText) -> Outcome:
        line = self._lines.get(delivery.address.bot)
        if line is None:
            self._missed.add(delivery.address.bot)
            return _NO_SUCH_BOT
        end = self._clock() + self.deadline
        with composing():
            markup = composed.markup(delivery.stop_url)
        outcome = await self._send_pieces(line, delivery, markup, "HTML", end)
        if isinstance(outcome, Unparsable):
            with composing():
                words = composed.words(delivery.stop_url)
            outcome = await self._send_pieces(line, delivery, words, None, end)
        return Refused(Reason.UNACCEPTABLE) if isinstance(outcome, Unparsable) else outcome

    async def ask(self) -> Trouble | None:
        """https://core.telegram.org/bots/api#getme"""
        tokens = dict.fromkeys(self._missed) | {bot: line.token for bot, line in self._lines.items()}
        for bot, token in tokens.items():
            trouble = await ask_bot(self._egress, self._api_base, token, self.deadline, bot)
            if trouble is not None:
                return trouble
        return None

    async def close(self) -> None:
        """The way out belongs to whoever opened it."""

    async def _send_pieces(
        self, line: BotLine, delivery: Delivery, pieces: tuple[str, ...], parse_mode: str | None, end: float
    ) -> Outcome | Unparsable:
        progress = _read_progress(delivery, len(pieces))
        for number in range(progress.taken, len(pieces)):
            call = _arguments(delivery, pieces[number], parse_mode, first=number == 0)
            outcome = await line.send(delivery, call, end)
            if isinstance(outcome, Retry):
                return replace(outcome, progress=progress.text)
            if not isinstance(outcome, Sent):
                return outcome
            progress = _Progress(number + 1, len(pieces), progress.first_id or _reference(delivery, outcome.reference))
        return Sent(reference=progress.first_id or None)


def _arguments(delivery: Delivery, text: str, parse_mode: str | None, *, first: bool) -> dict[str, Any]:
    chat, answers = delivery.address.target, _answered(delivery)
    arguments: dict[str, Any] = {
        "chat_id": chat if chat.startswith("@") else int(chat),
        "text": text,
        "link_preview_options": {"is_disabled": True},
    }
    if parse_mode is not None:
        arguments["parse_mode"] = parse_mode
    if delivery.mode == "discreet":
        arguments["protect_content"] = True
        if parse_mode is None:
            arguments["entities"] = list(below_the_opening(text))
    if delivery.silent:
        arguments["disable_notification"] = True
    if first and answers:
        arguments["reply_parameters"] = {"message_id": answers, "allow_sending_without_reply": True}
    return arguments


def _answered(delivery: Delivery) -> int | None:
    """The message that this one answers to; none where another bot sent that: its number is of something else here."""
    found = _REFERENCES[delivery.address.bot].fullmatch(delivery.first_reference or "")
    return int(found[1]) if found else None


def _reference(delivery: Delivery, message_id: str | None) -> str:
    return f"{delivery.address.bot or ''}{message_id}" if message_id else ""


def _read_progress(delivery: Delivery, pieces: int) -> _Progress:
    """Where the pieces are not those of the attempt before, or another bot sent them, all go out again: a repeat is
    better than a gap."""
    found = _PROGRESS.fullmatch(delivery.progress or "")
    if not found or int(found[2]) != pieces or int(found[1]) >= pieces:
        return _Progress()
    if found[3] and not _REFERENCES[delivery.address.bot].fullmatch(found[3]):
        return _Progress()
    return _Progress(int(found[1]), pieces, found[3])
