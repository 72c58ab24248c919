"""The Telegram chat on the local page: bubbles as a reader's phone draws them, and what was refused."""

from __future__ import annotations

from itertools import groupby

from services.demo.bot_bubble import formatted
from services.demo.bot_chat import ChatMessage, ChatRefusal
from services.demo.bot_stand_in import TelegramStandIn
from services.demo.html_tags import Html, html, table, tag
from services.demo.wording import clock_time, count_of

SHOWN = 30
"""The newest messages and refusals are drawn, since a page of a thousand helps nobody."""


def chat_section(chat: TelegramStandIn) -> Html:
    body = html(_chats(chat), _refusals(chat)) if chat.messages or chat.refusals else _waiting(chat)
    count = tag("span", count_of(chat.kept.total, "message"), class_="count")
    heading = tag("h2", tag("a", "Telegram", href="/telegram"), count)
    return tag("section", heading, body, aria_label="Telegram")


def _chats(chat: TelegramStandIn) -> Html:
    newest = sorted(chat.messages[-SHOWN:], key=lambda message: (message.chat_id, message.message_id))
    return html(
        *(_chat(chat, chat_id, list(sent)) for chat_id, sent in groupby(newest, lambda message: message.chat_id))
    )


def _chat(chat: TelegramStandIn, chat_id: int, sent: list[ChatMessage]) -> Html:
    heading = tag(
        "header",
        tag("span", "V", class_="avatar", aria_hidden="true"),
        tag("h3", "Vestka (demo)", tag("small", f"bot · chat …{abs(chat_id) % 1000:03}")),
    )
    return tag("div", heading, *(_bubble(chat, message) for message in sent), class_="chat")


def _bubble(chat: TelegramStandIn, message: ChatMessage) -> Html:
    marks = [("silent", message.silent), ("forwarding off", message.protected)]
    notes = [name for name, wanted in marks if wanted]
    return tag(
        "article",
        _answered(chat, message),
        tag("div", formatted(message.text, message.entities), class_="words", dir="auto"),
        tag("footer", *(html(note, " · ") for note in notes), clock_time(message.received_at)),
        class_="bubble",
    )


def _answered(chat: TelegramStandIn, message: ChatMessage) -> Html | None:
    answered = chat.kept.find(message.reply_to or 0)
    if answered is None:
        return None
    return tag("div", tag("b", "Vestka (demo)"), tag("span", answered.text.partition("\n")[0]), class_="answered")


def _refusals(chat: TelegramStandIn) -> Html | None:
    if not chat.refusals:
        return None
    rows = tuple((_told(refusal), refusal.description) for refusal in chat.refusals[-SHOWN:])
    return tag("details", tag("summary", f"Refused: {chat.refused.total}"), table(rows, "What the bot was told"))


def _told(refusal: ChatRefusal) -> str:
    return f"{refusal.received_at:%H:%M:%S} {refusal.method}"


def _waiting(chat: TelegramStandIn) -> Html:
    return tag(
        "p",
        "Waiting for the first message. This stands in for the Bot API, limits and errors included; it listens on ",
        tag("code", chat.base_url),
        ".",
        class_="waiting",
    )
