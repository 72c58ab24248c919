"""What people do in the chats of the stand-in: they write, press buttons, block the bot, make a group a supergroup."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from services.demo.bot_chat import ChatMessage, chat_document, message_document
from services.demo.bot_rules import BLOCKED, BotError, migrated
from services.demo.bounded_list import BoundedList
from services.demo.updates_waiting import BotUpdates

FIRST_OF_PEOPLE: Final = 1_000_000
"""The ids of people's messages begin here, those of the bot's at 1."""
_ANONYMOUS: Final = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
"""Who an administrator is that writes as the group (https://core.telegram.org/bots/api#message, `sender_chat`)."""


@dataclass(frozen=True, slots=True)
class PersonsMessage:
    message_id: int
    chat_id: int = field(repr=False)
    received_at: datetime
    text: str = field(repr=False)
    reply_to: int | None = None


class BotPeople:
    """`troubles`: what the Bot API answers for a chat, which blocking changes."""

    def __init__(
        self,
        updates: BotUpdates,
        sent: BoundedList[ChatMessage],
        bot: dict[str, Any],
        troubles: MutableMapping[int, BotError],
        now: Callable[[], datetime],
    ) -> None:
        self.said: BoundedList[PersonsMessage] = BoundedList()
        self.deleted: set[int] = set()
        self.commands: dict[str, dict[str, str]] = {}
        """What an app offers to whoever types a slash, by its language; "" for any other."""
        self.descriptions: dict[tuple[str, str], str] = {}
        """What the bot says of itself, by which of the two texts and the app's language."""
        self.languages: dict[int, str] = {}
        """In which language whoever wrote last in a chat has their app."""
        self.administrators: dict[int, set[int]] = {}
        """Of a group, by its id; whoever else writes there is a member."""
        self.pressed: dict[str, str | None] = {}
        """By the id of each press, what the bot answered; None as long as it did not."""
        self._updates, self._sent, self._bot, self._troubles, self._now = updates, sent, bot, troubles, now

    async def say(
        self,
        chat_id: int,
        text: str,
        *,
        user: int | None = None,
        language: str | None = "en",
        reply_to: int | None = None,
        anonymous: bool = False,
        **more: Any,
    ) -> int:
        """The number of the update. `user`: in a group, who; `anonymous`: as the group itself. `more`: other fields."""
        message = await self.said.put(
            lambda number: PersonsMessage(FIRST_OF_PEOPLE + number, chat_id, self._now(), text, reply_to)
        )
        if language is not None:
            self.languages[chat_id] = language
        document: dict[str, Any] = {
            "message_id": message.message_id,
            "from": _ANONYMOUS if anonymous else person_document(user or chat_id, language),
            "chat": chat_document(chat_id),
            "date": int(message.received_at.timestamp()),
            **({"text": text} if text else {}),
            **({"sender_chat": chat_document(chat_id)} if anonymous else {}),
            **more,
        }
        if text.startswith("/"):
            document["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        answered = self._sent.find(reply_to or 0)
        if answered is not None:
            document["reply_to_message"] = message_document(answered, None, self._bot)
        return await self._updates.put("message", document)

    async def press(
        self, chat_id: int, message_id: int, data: str, *, user: int | None = None, language: str | None = "en"
    ) -> int:
        """The number of the update. `data`: of a button, or what a hostile client makes up."""
        query = str(len(self.pressed) + 4_000_000)
        self.pressed[query] = None
        message = self._sent.find(message_id)
        shown = {"message_id": message_id, "chat": chat_document(chat_id), "date": 0}
        if message is not None:
            shown = message_document(message, None, self._bot)
        person = person_document(user or chat_id, language)
        body = {"id": query, "from": person, "chat_instance": "1", "data": data, "message": shown}
        return await self._updates.put("callback_query", body)

    async def block(self, chat_id: int) -> int:
        self._troubles[chat_id] = BLOCKED
        return await self._become(chat_id, "member", "kicked")

    async def unblock(self, chat_id: int) -> int:
        self._troubles.pop(chat_id, None)
        return await self._become(chat_id, "kicked", "member")

    async def upgrade(self, group: int, supergroup: int) -> int:
        """A group becomes a supergroup: both are told, the old one first."""
        self._troubles[group] = migrated(supergroup)
        self.administrators[supergroup] = self.administrators.get(group, set())
        await self.say(group, "", anonymous=True, migrate_to_chat_id=supergroup)
        return await self.say(supergroup, "", anonymous=True, migrate_from_chat_id=group)

    def status(self, chat_id: int, user: int) -> str:
        """As `getChatMember` has it."""
        return "administrator" if user in self.administrators.get(chat_id, ()) else "member"

    async def _become(self, chat_id: int, before: str, now: str) -> int:
        body = {
            "chat": chat_document(chat_id),
            "from": person_document(abs(chat_id), "en"),
            "date": int(self._now().timestamp()),
            "old_chat_member": {"status": before, "user": self._bot},
            "new_chat_member": {"status": now, "user": self._bot},
        }
        return await self._updates.put("my_chat_member", body)


def person_document(user: int, language: str | None) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#user"""
    spoken = {} if language is None else {"language_code": language}
    return {"id": user, "is_bot": False, "first_name": "A reader", **spoken}
