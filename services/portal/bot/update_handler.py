"""One update from its bytes to its answer: once, in its chat's order, and again after a crash in between.

What it changes comes first, then the answer, and last the note that it is done. So of what was under way at a crash the
change is made anew, which changes nothing, and an answer may come twice, but none is lost.
"""

from __future__ import annotations

import asyncio
from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from traceback import extract_tb
from typing import Final
from weakref import WeakValueDictionary

import structlog
from msgspec import Raw
from prometheus_client import Counter
from redis.exceptions import RedisError

from services.egress import EgressError
from services.portal.bot.bot_updates import BotUpdate, read_update
from services.portal.bot.chat_answer import ChatAnswer
from services.portal.bot.chat_desk import ChatDesk, ChatReply
from services.portal.bot.chat_pace import ChatPace
from services.portal.bot.chat_sender import ChatSender
from services.portal.bot.chat_steps import ChatCommand, ChatStep, step_of
from services.portal.bot.handled_updates import HandledUpdates

log = structlog.get_logger(__name__)

_MOST_TRIES: Final = 5
"""Of an update that Telegram does not answer a question about."""


@dataclass(slots=True)
class UpdateHandler:
    """`our_name`: the bot's; `questions`: see `step_of`."""

    desk: ChatDesk
    sender: ChatSender
    done: HandledUpdates
    questions: Mapping[str, str]
    pace: ChatPace
    counted: Counter = field(repr=False)
    """By result: done, nothing, too_many, failed, given_up."""
    our_name: str | None = None
    _turns: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary, repr=False)
    _tries: Tally[int] = field(default_factory=Tally, repr=False)

    async def take(self, raw: bytes | Raw) -> None:
        """Raises RedisError and EgressError: it is to be given again."""
        try:
            update = read_update(raw)
        except ValueError:
            log.warning("bot_update_unread")
            return
        async with self._turn_of(update.chat_id):
            if await self.done.is_done(update.update_id):
                return
            step = step_of(update, self.our_name or "", self.questions)
            if step is None:  # it never is anything: noted, a talkative group would fill the store
                self.counted.labels("nothing").inc()
                return
            reply = await self._handle(update, step)
            await self.done.note(update.update_id, of_a_stranger=reply is None or reply.number is None)
            self._tries.pop(update.update_id, None)

    def _turn_of(self, chat_id: int | None) -> asyncio.Lock:
        """Of one chat one is handled at a time, in the order in which they came."""
        turn = self._turns.get(chat_id or 0)
        if turn is None:
            turn = self._turns[chat_id or 0] = asyncio.Lock()
        return turn

    async def _handle(self, update: BotUpdate, step: ChatStep) -> ChatReply | None:
        pace = self.pace.of(step)
        if pace == "leave":
            self.counted.labels("too_many").inc()
            return None
        try:
            reply, result = await self._done(update.update_id, step), "done"
        except RedisError:
            raise
        except EgressError:
            self._tries[update.update_id] += 1
            if self._tries[update.update_id] < _MOST_TRIES:
                raise
            log.error("bot_update_dropped", reason="telegram does not answer")
            self.counted.labels("given_up").inc()
            return None
        except Exception as error:
            log.error("bot_update_failed", error=type(error).__name__, at=_place(error))
            reply, result = self._failed(step), "failed"
        self.counted.labels(result).inc()
        if reply is not None and isinstance(step, ChatCommand) and pace == "do":
            await self.sender.reply(step, reply)
        return reply

    async def _done(self, update_id: int, step: ChatStep) -> ChatReply | None:
        """Raises RedisError and EgressError."""
        word = await self.desk.meant(step)
        if word is not None and isinstance(step, ChatCommand):
            word = await self.done.meant(update_id, word)
            return None if word is None else await self.desk.handle(replace(step, argument=word))
        return await self.desk.handle(step)

    def _failed(self, step: ChatStep) -> ChatReply | None:
        """In the language of the app, since nobody could be asked for the reader's own."""
        if not isinstance(step, ChatCommand):
            return None
        words = self.desk.house.words_for(None, step.language_code)
        return ChatReply(ChatAnswer(words.say("failed"), discreet=True, silent=True))


def _place(error: Exception) -> str:
    """Where it was raised, and nothing of what it says: that may name somebody."""
    frames = extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
