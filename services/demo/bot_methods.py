"""The methods of the Bot API that the stand-in knows (https://core.telegram.org/bots/api#available-methods)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import msgspec

from services.demo import bot_rules as rules
from services.demo.bot_chat import ChatMessage, message_document
from services.demo.bot_limits import FloodGate
from services.demo.bot_markup import ChatMarkup, read_markup
from services.demo.bot_multipart import SentFile
from services.demo.bot_people import FIRST_OF_PEOPLE, BotPeople, person_document
from services.demo.bot_rules import BotError, BotRefused, WantedMessage, bad_request
from services.demo.bounded_list import BoundedList
from services.demo.updates_waiting import BotUpdates

_TOAST_MAX: Final = 200
_MOST_COMMANDS: Final = 100
_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
_OLD_QUERY: Final = "query is too old and response timeout expired or query ID is invalid"
_SAME: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


class _Command(msgspec.Struct):
    command: str
    description: str

    @property
    def is_in_order(self) -> bool:
        return bool(_COMMAND.fullmatch(self.command)) and 1 <= len(self.description) <= 256


@dataclass(frozen=True, slots=True)
class BotMethods:
    """`do` raises BotRefused."""

    bot: dict[str, Any]
    kept: BoundedList[ChatMessage]
    people: BotPeople
    updates: BotUpdates
    troubles: MutableMapping[int, BotError]
    gate: FloodGate
    now: Callable[[], datetime]

    async def do(self, method: str, given: Mapping[str, str], files: Mapping[str, SentFile]) -> Any:
        """`method` in small letters."""
        known = _METHODS.get(method)
        if known is not None:
            return await known(self, given)
        if method == "senddocument":
            return await self.send_document(given, files)
        raise BotRefused(rules.NO_SUCH_METHOD)

    async def get_me(self, _given: Mapping[str, str]) -> Any:
        return {**self.bot, "can_join_groups": True, "can_read_all_group_messages": False}

    async def send_message(self, given: Mapping[str, str]) -> Any:
        topic = rules.read_number(given.get("message_thread_id", ""))
        return await self._send(rules.read_send_message(given), read_markup(given), topic=topic)

    async def send_document(self, given: Mapping[str, str], files: Mapping[str, SentFile]) -> Any:
        if "document" not in files:
            raise bad_request("there is no document in the request")
        wanted = rules.read_send_message({**given, "text": given.get("caption") or files["document"].name})
        return await self._send(wanted, read_markup(given), files["document"])

    async def edit_message_text(self, given: Mapping[str, str]) -> Any:
        wanted, markup = rules.read_send_message(given), read_markup(given)
        self._check_chat(wanted.chat_id)
        number = rules.read_number(given.get("message_id", "")) or 0
        message = self.kept.find(number)
        if message is None or message.chat_id != wanted.chat_id or message.deleted:
            raise bad_request("message to edit not found")
        rules.check_length(wanted.parsed)
        parsed = wanted.parsed
        changed = replace(
            message,
            text=parsed.text,
            entities=parsed.entities,
            source=wanted.source,
            parse_mode=wanted.parse_mode,
            markup=markup,
        )
        if changed == message:
            raise bad_request(_SAME)
        self._check_rate(wanted.chat_id)
        self.kept.change(number, changed)
        return message_document(changed, None, self.bot)

    async def delete_message(self, given: Mapping[str, str]) -> Any:
        """https://core.telegram.org/bots/api#deletemessage: in a private chat any, elsewhere its own."""
        chat_id, number = rules.read_number(given.get("chat_id", "")), rules.read_number(given.get("message_id", ""))
        if number is not None and number > FIRST_OF_PEOPLE:
            if chat_id is not None and chat_id < 0:
                raise bad_request("message can't be deleted")
            said = self.people.said.find(number - FIRST_OF_PEOPLE)
            if said is None or said.chat_id != chat_id or number in self.people.deleted:
                raise bad_request("message to delete not found")
            self.people.deleted.add(number)
            return True
        message = self.kept.find(number or 0)
        if message is None or message.chat_id != chat_id or message.deleted:
            raise bad_request("message to delete not found")
        self.kept.change(message.message_id, replace(message, deleted=True))
        return True

    async def answer_callback_query(self, given: Mapping[str, str]) -> Any:
        query, text = given.get("callback_query_id", ""), given.get("text", "")
        if self.people.pressed.get(query, "") is not None:
            raise bad_request(_OLD_QUERY)
        if len(text) > _TOAST_MAX:
            raise bad_request("MESSAGE_TOO_LONG")
        self.people.pressed[query] = text
        return True

    async def get_chat_member(self, given: Mapping[str, str]) -> Any:
        chat_id, user = rules.read_number(given.get("chat_id", "")), rules.read_number(given.get("user_id", ""))
        if chat_id is None:
            raise BotRefused(rules.CHAT_NOT_FOUND)
        if user is None:
            raise bad_request("invalid user_id specified")
        self._check_chat(chat_id)
        return {"status": self.people.status(chat_id, user), "user": person_document(user, None)}

    async def get_updates(self, given: Mapping[str, str]) -> Any:
        return await self.updates.get(given)

    async def set_webhook(self, given: Mapping[str, str]) -> Any:
        return self.updates.set_webhook(given)

    async def delete_webhook(self, given: Mapping[str, str]) -> Any:
        return self.updates.delete_webhook(given)

    async def set_my_commands(self, given: Mapping[str, str]) -> Any:
        """https://core.telegram.org/bots/api#setmycommands"""
        try:
            commands = msgspec.json.decode(given.get("commands", ""), type=list[_Command])
        except msgspec.MsgspecError:
            raise bad_request("can't parse commands JSON array") from None
        if len(commands) > _MOST_COMMANDS or not all(one.is_in_order for one in commands):
            raise bad_request("BOT_COMMAND_INVALID")
        self.people.commands[given.get("language_code", "")] = {one.command: one.description for one in commands}
        return True

    async def set_my_description(self, given: Mapping[str, str]) -> Any:
        """https://core.telegram.org/bots/api#setmydescription"""
        return self._describe("description", given, 512)

    async def set_my_short_description(self, given: Mapping[str, str]) -> Any:
        """https://core.telegram.org/bots/api#setmyshortdescription"""
        return self._describe("short_description", given, 120)

    def _describe(self, what: str, given: Mapping[str, str], most: int) -> bool:
        if len(given.get(what, "")) > most:
            raise bad_request(f"{what.upper()}_TOO_LONG")
        self.people.descriptions[what, given.get("language_code", "")] = given.get(what, "")
        return True

    async def _send(
        self, wanted: WantedMessage, markup: ChatMarkup, file: SentFile | None = None, topic: int | None = None
    ) -> dict[str, Any]:
        self._check_chat(wanted.chat_id)
        answered = self._find(wanted)
        rules.check_reply(wanted, known=answered is not None)
        rules.check_length(wanted.parsed)
        self._check_rate(wanted.chat_id)
        message = await self.kept.put(
            lambda number: replace(_message(wanted, answered, number, self.now(), markup, file), topic=topic)
        )
        return message_document(message, answered, self.bot)

    def _check_chat(self, chat_id: int) -> None:
        trouble = self.troubles.get(chat_id)
        if trouble is not None:
            raise BotRefused(trouble)

    def _check_rate(self, chat_id: int) -> None:
        retry_after = self.gate.retry_after(chat_id)
        if retry_after:
            raise BotRefused(rules.too_many_requests(retry_after))

    def _find(self, wanted: WantedMessage) -> ChatMessage | None:
        message = self.kept.find(wanted.reply_to or 0)
        return message if message is not None and message.chat_id == wanted.chat_id else None


def _message(
    wanted: WantedMessage, answered: ChatMessage | None, number: int, now: datetime, markup: ChatMarkup,
    file: SentFile | None,
) -> ChatMessage:  # fmt: skip
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
        markup=markup,
        file=file,
    )


_METHODS: Final[dict[str, Callable[[BotMethods, Mapping[str, str]], Awaitable[Any]]]] = {
    "getme": BotMethods.get_me,
    "sendmessage": BotMethods.send_message,
    "editmessagetext": BotMethods.edit_message_text,
    "deletemessage": BotMethods.delete_message,
    "answercallbackquery": BotMethods.answer_callback_query,
    "getchatmember": BotMethods.get_chat_member,
    "getupdates": BotMethods.get_updates,
    "setwebhook": BotMethods.set_webhook,
    "deletewebhook": BotMethods.delete_webhook,
    "setmycommands": BotMethods.set_my_commands,
    "setmydescription": BotMethods.set_my_description,
    "setmyshortdescription": BotMethods.set_my_short_description,
}
