"""Telegram: a reader's message through the Bot API (https://core.telegram.org/bots/api#sendmessage)."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Final, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from services.contract import Event
from services.egress import AnswerTooLarge, BadAnswer, Egress, EgressError, ForbiddenTarget
from services.notify.channels.base import (
    Delivery,
    NoLongerWanted,
    Outcome,
    Reason,
    Refused,
    Rendered,
    Retry,
    Sent,
    Trouble,
)
from services.notify.channels.composing import composing
from services.notify.channels.failures import read_failure
from services.notify.channels.telegram.bot_answers import OUR_TOKEN, Unparsable, read_answer
from services.notify.channels.telegram.bot_check import ask_bot
from services.notify.channels.telegram.chat_turns import Turn, Turns
from services.notify.channels.telegram.composed_text import ComposedText, below_the_opening
from services.notify.channels.telegram.verdicts import Verdicts
from services.notify.throttle.send_rate import Later, OwnSendRateLimit, Rates, SendRateLimit
from services.subscribers.address import Address, InvalidAddress, Mode

_ANSWER_BYTES: Final = 65_536
_CHAT: Final = re.compile(r"-?[1-9][0-9]{0,15}|@[a-z][a-z0-9_]{3,31}")
_TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_MESSAGE_ID: Final = re.compile(r"[0-9]{1,15}")
_PROGRESS: Final = re.compile(r"([0-9]+)/([0-9]+):([0-9]*)")


class TelegramSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    api_base: str = "https://api.telegram.org"
    token: SecretStr | None = None
    """What @BotFather gave. Without it the channel holds every message and says that it is misconfigured."""
    overall_per_second: int = 30
    per_chat_per_second: int = 1
    per_group_per_minute: int = 20
    deadline: float = 15

    @property
    def rates(self) -> Rates:
        return Rates(self.overall_per_second, self.per_chat_per_second, self.per_group_per_minute)

    @field_validator("token")
    @classmethod
    def _is_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("a bot's token is a number, a colon and letters; copy it again from @BotFather")
        return token


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
    """`rate_limit` is this process's own unless one is given; `clock` counts seconds and never goes back; `sleep` waits
    for it."""

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
        rate_limit: SendRateLimit | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.deadline = settings.deadline
        self._egress = egress
        self._clock = clock
        self._api_base = settings.api_base.rstrip("/")
        self._token = settings.token
        self._turns = Turns(rate_limit or OwnSendRateLimit(settings.rates, clock), clock, sleep)
        self._verdicts = Verdicts(self._turns.rate_limit, clock)

    def read_address(self, target: str, secrets: tuple[str, ...] = ()) -> Address:
        chat = target.strip().lower()
        if not _CHAT.fullmatch(chat):
            raise InvalidAddress("a Telegram address is the number of a chat, or @ and the name of a public channel")
        return Address(self.name, chat, secrets)

    def compose(self, event: Event, rendered: Mapping[str, Rendered], mode: Mode) -> ComposedText:  # noqa: ARG002
        (one,) = rendered.values()
        return ComposedText(one, mode)

    async def send(self, delivery: Delivery, composed: ComposedText) -> Outcome:
        if self._token is None:
            return OUR_TOKEN
        end = self._clock() + self.deadline
        with composing():
            markup = composed.markup(delivery.stop_url)
        outcome = await self._send_pieces(delivery, markup, "HTML", end)
        if isinstance(outcome, Unparsable):
            with composing():
                words = composed.words(delivery.stop_url)
            outcome = await self._send_pieces(delivery, words, None, end)
        return Refused(Reason.UNACCEPTABLE) if isinstance(outcome, Unparsable) else outcome

    async def ask(self) -> Trouble | None:
        """https://core.telegram.org/bots/api#getme"""
        return await ask_bot(self._egress, self._api_base, self._token, self.deadline)

    async def close(self) -> None:
        """The way out belongs to whoever opened it."""

    async def _send_pieces(
        self, delivery: Delivery, pieces: tuple[str, ...], parse_mode: str | None, end: float
    ) -> Outcome | Unparsable:
        progress = _read_progress(delivery.progress, len(pieces))
        for number in range(progress.taken, len(pieces)):
            call = _arguments(delivery, pieces[number], parse_mode, first=number == 0)
            outcome = await self._in_turn(delivery, call, end)
            if isinstance(outcome, Retry):
                return replace(outcome, progress=progress.text)
            if not isinstance(outcome, Sent):
                return outcome
            progress = _Progress(number + 1, len(pieces), progress.first_id or outcome.reference or "")
        return Sent(reference=progress.first_id or None)

    async def _in_turn(self, delivery: Delivery, arguments: dict[str, Any], end: float) -> Outcome | Unparsable:
        # Half of the time that is left is for waiting, the other half for Telegram's answer.
        until = self._clock() + (end - self._clock()) / 2
        try:
            async with self._turns.turn(delivery, until - self._clock()) as turn:
                return await self._call(delivery, arguments, turn, until, end)
        except Later as later:  # nothing left, so nothing was tried
            return Retry(Reason.RATE_LIMITED, after=later.seconds, spends_attempt=False)
        except NoLongerWanted:
            return Refused(Reason.STOPPED)

    async def _call(
        self, delivery: Delivery, arguments: dict[str, Any], turn: Turn, until: float, end: float
    ) -> Outcome | Unparsable:
        assert self._token is not None
        began = self._clock()
        try:
            answer = await self._egress.request(
                "POST",
                f"{self._api_base}/bot{self._token.get_secret_value()}/sendMessage",
                headers={"content-type": "application/json"},
                content=msgspec.json.encode(arguments),
                deadline=max(end - began, 0.0),
                max_bytes=_ANSWER_BYTES,
                body="heard",
                before=partial(self._turns.reached, turn, delivery, until),
            )
        except ForbiddenTarget:  # the address is our own setting
            return OUR_TOKEN
        except (AnswerTooLarge, BadAnswer) as error:
            return Retry(Reason.SERVER_ERROR, may_have_arrived=error.sent)
        except EgressError as error:
            return read_failure(error)
        await self._turns.answered(turn)
        return await self._verdicts.of(read_answer(answer, delivery.address), delivery.number, began, end)


def _arguments(delivery: Delivery, text: str, parse_mode: str | None, *, first: bool) -> dict[str, Any]:
    chat, answers = delivery.address.target, delivery.first_reference or ""
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
    if first and _MESSAGE_ID.fullmatch(answers):
        arguments["reply_parameters"] = {"message_id": int(answers), "allow_sending_without_reply": True}
    return arguments


def _read_progress(text: str | None, pieces: int) -> _Progress:
    """Where the pieces are not those of the attempt before, all go out again: a repeat is better than a gap."""
    found = _PROGRESS.fullmatch(text or "")
    if not found or int(found[2]) != pieces or int(found[1]) >= pieces:
        return _Progress()
    return _Progress(int(found[1]), pieces, found[3])
