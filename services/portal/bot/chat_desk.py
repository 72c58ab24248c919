"""What is done about a step in a chat, and what is answered: who may, whose chat it is, which command.

In a group only administrators change or see anything; nobody else is answered, but for a button of theirs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from services.portal.bot.chat_answer import ChatAnswer
from services.portal.bot.chat_choices import person_at
from services.portal.bot.chat_steps import BotBlocked, BotLetIn, ChatCommand, ChatStep, GroupMoved
from services.portal.bot.chat_views import returning
from services.portal.bot.chat_visit import TELEGRAM, BotHouse, ChatVisit, VerbHandler, is_written_to
from services.portal.bot.verbs_of_choice import VERBS_OF_CHOICE, is_place_in_list
from services.portal.bot.verbs_of_staying import (
    VERBS_OF_STAYING,
    WITHOUT_SUBSCRIPTION,
    blocked,
    let_in_again,
    start,
)
from services.subscribers.address import Address
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber

log = structlog.get_logger(__name__)

_VERBS: Final[dict[str, VerbHandler]] = {**VERBS_OF_CHOICE, **VERBS_OF_STAYING}
_ENDED_BY_BLOCKING: Final = ("blocked", "unknown_address")
"""What Telegram says of a chat that we may not write to any more, see `bot_answers`."""
_MOST_TRIES: Final = 3

IsAdministrator = Callable[[int, int], Awaitable[bool]]
"""Of a group, by its id and the user's."""


@dataclass(frozen=True, slots=True)
class ChatReply:
    """`number`: under which the chat's pace is counted, null where nothing is kept of it. `notice`: a word over the
    chat, for whoever pressed a button."""

    answer: ChatAnswer | None
    number: int | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class ChatDesk:
    house: BotHouse
    is_administrator: IsAdministrator

    async def handle(self, step: ChatStep) -> ChatReply | None:
        """None where nothing is to be said. Doing a step twice leaves what doing it once left. Raises RedisError."""
        match step:
            case ChatCommand():
                return await self._command(step)
            case BotBlocked(chat_id):
                if (known := await self.house.known(chat_id)) is not None:
                    await blocked(self.house, known)
            case BotLetIn(chat_id):
                await self._let_in(chat_id)
            case GroupMoved(old, new):
                await self._move(old, new)
        return None

    async def meant(self, step: ChatStep) -> str | None:
        """The word of a button for what a step names by its place in a list: once it is done, another stands there.
        None for what names nothing so. Raises RedisError."""
        if not isinstance(step, ChatCommand) or step.verb != "unwatch" or not is_place_in_list(step.argument):
            return None
        known = await self.house.known(step.chat_id)
        key = None if known is None else person_at(known, int(step.argument))
        return None if key is None else self.house.tag(key)

    async def _command(self, command: ChatCommand) -> ChatReply | None:
        if command.group and not await self._may(command):
            words = self.house.words_for(None, command.language_code)
            return None if command.query is None else ChatReply(None, notice=words.plain("only_admins"))
        for _ in range(_MOST_TRIES):
            known = await self.house.known(command.chat_id)
            with suppress(UnknownSubscriber):  # erased in between: it is asked anew
                answer = await self._answer(command, known)
                return ChatReply(answer, None if known is None or answer.last else known.number)
        return None

    async def _may(self, command: ChatCommand) -> bool:
        return command.as_group or await self.is_administrator(command.chat_id, command.user_id)

    async def _answer(self, command: ChatCommand, known: Subscriber | None) -> ChatAnswer:
        words = self.house.words_for(known, command.language_code)
        visit = ChatVisit(self.house, command, known, words)
        verb = _VERBS.get(command.verb)
        if known is None:
            return await (verb if verb and command.verb in WITHOUT_SUBSCRIPTION else start)(visit)
        if verb is None:
            return words.answer("not_done", words.say("problem.command"))
        if not is_written_to(known) and command.verb not in (*WITHOUT_SUBSCRIPTION, "export"):
            return returning(words)
        return await verb(visit)

    async def _let_in(self, chat_id: int) -> None:
        """Only what blocking ended goes on: a chat that an operator or its reader ended does not."""
        known = await self.house.known(chat_id)
        if known is None or not self.house.writes_to(known):
            return
        if any(one.channel == TELEGRAM and one.ended in _ENDED_BY_BLOCKING for one in known.addresses):
            with suppress(UnknownSubscriber):
                await let_in_again(self.house, known)
                log.info("chat_let_us_in_again")

    async def _move(self, old: int, new: int) -> None:
        """The group is one with whoever has its new number already. A stop of either stays."""
        known = await self.house.known(old)
        if known is not None:
            with suppress(UnknownSubscriber):
                await self.house.vault.move_address(known.number, Address(TELEGRAM, str(new)))
                log.info("group_moved")
