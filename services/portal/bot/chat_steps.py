"""What an update asks for: a command, typed or by a button; that the bot was blocked or let in again; a group's new
number. Pure.

What was passed on from elsewhere is nobody's command, and in a group only what is addressed to us is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from services.portal.bot.bot_updates import BotUpdate, PressedButton, TelegramMessage

_NAMED = "start help watch unwatch list place language frequency quiet discreet pause stop erase export"
_OF_BUTTONS = "resume join back all"
VERBS: Final = frozenset(f"{_NAMED} {_OF_BUTTONS}".split())
"""What may be asked for. Those of buttons may be typed as well."""
_COMMAND: Final = re.compile(r"/([A-Za-z_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?", re.DOTALL)
_LONGEST: Final = 200
_PRIVATE: Final = "private"
_GROUPS: Final = ("group", "supergroup")


@dataclass(frozen=True, slots=True)
class ChatCommand:
    """`argument`: what follows the verb, on one line and without signs that nobody sees."""

    chat_id: int = field(repr=False)
    group: bool
    verb: str
    """One of VERBS; "" for a command that we do not know."""
    argument: str = field(repr=False)
    message_id: int
    """Of the message that was written, or of the one whose button was pressed."""
    user_id: int = field(repr=False)
    language_code: str = ""
    as_group: bool = False
    """By the group itself, which only its administrators can."""
    query: str | None = None
    """The id of a press, to be answered; null for what was typed."""
    topic: int | None = None
    """Of a group that has some: where it was said, and is answered."""


@dataclass(frozen=True, slots=True)
class BotBlocked:
    chat_id: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class BotLetIn:
    chat_id: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class GroupMoved:
    """https://core.telegram.org/bots/api#message, `migrate_to_chat_id` and `migrate_from_chat_id`."""

    old: int = field(repr=False)
    new: int = field(repr=False)


ChatStep = ChatCommand | BotBlocked | BotLetIn | GroupMoved


def step_of(update: BotUpdate, our_name: str, questions: Mapping[str, str]) -> ChatStep | None:
    """None where nothing is to be done. `our_name`: the bot's, without @. `questions`: verbs, perhaps with their first
    word, by the texts by which we ask for what follows them, so that an answer to such a message is the command."""
    if update.message is not None:
        return _of_message(update.message, our_name.lower(), questions)
    if update.callback_query is not None:
        return _of_press(update.callback_query)
    if (change := update.my_chat_member) is not None and change.chat.type in (_PRIVATE, *_GROUPS):
        gone = change.new_chat_member.status in ("kicked", "left")
        return BotBlocked(change.chat.id) if gone else BotLetIn(change.chat.id)
    return None


def _of_message(message: TelegramMessage, our_name: str, questions: Mapping[str, str]) -> ChatStep | None:
    chat = message.chat
    if chat.type not in (_PRIVATE, *_GROUPS):
        return None
    group = chat.type in _GROUPS
    if group and message.migrate_to_chat_id is not None:
        return GroupMoved(chat.id, message.migrate_to_chat_id)
    if group and message.migrate_from_chat_id is not None:
        return GroupMoved(message.migrate_from_chat_id, chat.id)
    said = _said(message, our_name, questions, group)
    sender = message.sender
    as_group = group and message.sender_chat is not None and message.sender_chat.id == chat.id
    if said is None or sender is None or (sender.is_bot and not as_group):
        return None
    if message.sender_chat is not None and not as_group:  # a channel that writes into the group
        return None
    verb, argument = said
    return ChatCommand(
        chat.id, group, verb, argument, message.message_id, sender.id, sender.language_code[:16], as_group,
        topic=message.topic,
    )  # fmt: skip


def _said(message: TelegramMessage, our_name: str, questions: Mapping[str, str], group: bool) -> tuple[str, str] | None:
    """Verb and argument; None for what is not said to us, or by somebody else."""
    text = message.text.strip()
    if not text or message.is_somebody_elses:
        return None
    found = _COMMAND.fullmatch(text)
    if found is not None:
        name = (found[2] or "").lower()
        if name not in ("", our_name) or (group and not name and found[1].lower() not in VERBS):
            return None
        verb = found[1].lower()
        return (verb if verb in VERBS else ""), one_line(found[3] or "")
    asked = message.reply_to_message
    if asked is not None and asked.sender is not None and asked.sender.is_bot and asked.text in questions:
        verb, _, first = questions[asked.text].partition(" ")
        return verb, one_line(f"{first} {text}")
    return None if group else ("help", one_line(text))


def _of_press(press: PressedButton) -> ChatCommand | None:
    """A hostile client may send any data: it is read as if it were typed."""
    if press.message is None or press.message.chat.type not in (_PRIVATE, *_GROUPS) or press.sender.is_bot:
        return None
    verb, _, argument = press.data.partition(":")
    chat = press.message.chat
    return ChatCommand(
        chat.id, chat.type in _GROUPS, verb if verb in VERBS else "", one_line(argument), press.message.message_id,
        press.sender.id, press.sender.language_code[:16], query=press.id, topic=press.message.topic,
    )  # fmt: skip


def one_line(text: str) -> str:
    """Without control signs and those that turn others about; spaces are one."""
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text[: 4 * _LONGEST])
    return " ".join(seen.split())[:_LONGEST]
