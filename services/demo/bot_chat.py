"""What the stand-in for the Bot API remembers of a chat, and how it tells the bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from services.demo.bot_entities import Entity
from services.demo.bot_markup import NO_MARKUP, ChatMarkup
from services.demo.bot_multipart import SentFile


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message that was sent. `source` is the text as it was given, `text` and `entities` what a reader sees."""

    message_id: int
    chat_id: int = field(repr=False)
    received_at: datetime
    text: str = field(repr=False)
    entities: tuple[Entity, ...] = field(repr=False)
    source: str = field(repr=False)
    parse_mode: str
    """In lower case; empty for plain text."""
    reply_to: int | None
    """The message id it answers, in the same chat."""
    preview_disabled: bool
    silent: bool
    protected: bool
    markup: ChatMarkup = NO_MARKUP
    file: SentFile | None = None
    """What was sent with it; the text is then its caption."""
    deleted: bool = False
    topic: int | None = None
    """Of a group that has some."""


@dataclass(frozen=True, slots=True)
class ChatRefusal:
    """A request that got `ok: false`, with what the bot was told. `chat_id` is None where none could be read."""

    number: int
    received_at: datetime
    method: str
    chat_id: int | None = field(repr=False)
    status: int
    description: str
    retry_after: int | None


USUAL_BOT: Final = ("Vestka (demo)", "vestka_demo_bot")
DISCREET_BOT: Final = ("Notes", "small_notes_bot")
"""How they stand in a list of chats, and as people find them."""


def bot_document(token: str, named: tuple[str, str] = USUAL_BOT) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#user; a token begins with the bot's own id."""
    number = int(token.partition(":")[0])
    return {"id": number, "is_bot": True, "first_name": named[0], "username": named[1]}


def message_document(message: ChatMessage, answered: ChatMessage | None, bot: dict[str, Any]) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#message"""
    document: dict[str, Any] = {
        "message_id": message.message_id,
        "from": bot,
        "chat": chat_document(message.chat_id),
        "date": int(message.received_at.timestamp()),
        "text": message.text,
    }
    if answered is not None:
        document["reply_to_message"] = message_document(answered, None, bot)
    if message.entities:
        document["entities"] = [entity.document() for entity in message.entities]
    if message.preview_disabled:
        document["link_preview_options"] = {"is_disabled": True}
    if message.protected:
        document["has_protected_content"] = True
    if message.topic is not None:
        document |= {"message_thread_id": message.topic, "is_topic_message": True}
    if message.markup.rows:
        document["reply_markup"] = message.markup.document()
    if message.file is not None:
        document["caption"] = document.pop("text")
        size = len(message.file.content)
        document["document"] = {
            "file_id": "1",
            "file_unique_id": "1",
            "file_name": message.file.name,
            "file_size": size,
        }
    return document


def chat_document(chat_id: int) -> dict[str, Any]:
    """https://core.telegram.org/bots/api#chat; the id tells the type apart."""
    if chat_id < 0:
        return {"id": chat_id, "type": "supergroup" if chat_id < -1_000_000_000_000 else "group", "title": "A group"}
    return {"id": chat_id, "type": "private", "first_name": "A reader"}
