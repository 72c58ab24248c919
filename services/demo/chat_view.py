"""The Telegram chat on the local page: bubbles as a reader's phone draws them, and what was refused."""

from __future__ import annotations

from services.demo.bot_bubble import formatted
from services.demo.bot_chat import ChatMessage, ChatRefusal
from services.demo.bot_people import PersonsMessage
from services.demo.bot_stand_in import TelegramStandIn
from services.demo.bot_talk import NEWCOMER, buttons, chat_key, composer
from services.demo.html_tags import Html, html, table, tag
from services.demo.wording import clock_time, count_of

SHOWN = 30
"""The newest messages and refusals are drawn, since a page of a thousand helps nobody."""


def chat_section(chat: TelegramStandIn, page: str = "/") -> Html:
    """`page`: the one that it stands on. Somebody who has not joined yet has a chat from the beginning."""
    total = chat.kept.total
    waiting = None if chat.messages or chat.refusals else _waiting(chat)
    count = tag("span", count_of(total, "message"), class_="count")
    heading = tag("h2", tag("a", "Telegram", href="/telegram"), count)
    return tag("section", heading, waiting, _chats(chat, page), _refusals(chat), aria_label="Telegram")


def _chats(chat: TelegramStandIn, page: str) -> Html:
    sent = [one for one in chat.messages[-SHOWN:] if not one.deleted]
    said = [one for one in chat.people.said.things[-SHOWN:] if one.message_id not in chat.people.deleted]
    numbers = sorted({NEWCOMER, *(one.chat_id for one in sent), *(one.chat_id for one in said)})
    lines: list[ChatMessage | PersonsMessage] = [*sent, *said]
    return html(*(_chat(chat, number, [one for one in lines if one.chat_id == number], page)
                  for number in numbers))  # fmt: skip


def _chat(chat: TelegramStandIn, chat_id: int, lines: list[ChatMessage | PersonsMessage], page: str) -> Html:
    name = "somebody new" if chat_id == NEWCOMER else f"chat …{abs(chat_id) % 1000:03}"
    heading = tag(
        "header",
        tag("span", "V", class_="avatar", aria_hidden="true"),
        tag("h3", "Vestka (demo)", tag("small", f"bot · {name}")),
    )
    in_order = sorted(lines, key=lambda one: one.received_at)
    bubbles = (_bubble(chat, one, page) if isinstance(one, ChatMessage) else _said(one) for one in in_order)
    return tag("div", heading, *bubbles, composer(chat, chat_id, page), class_="chat", id=f"chat-{chat_key(chat_id)}")


def _said(message: PersonsMessage) -> Html:
    words = tag("div", message.text, class_="words", dir="auto")
    return tag("article", words, tag("footer", clock_time(message.received_at)), class_="bubble own")


def _bubble(chat: TelegramStandIn, message: ChatMessage, page: str) -> Html:
    marks = [("silent", message.silent), ("forwarding off", message.protected)]
    notes = [name for name, wanted in marks if wanted]
    return tag(
        "article",
        _answered(chat, message),
        None if message.file is None else tag("p", "📄 ", tag("b", message.file.name)),
        tag("div", formatted(message.text, message.entities), class_="words", dir="auto"),
        tag("footer", *(html(note, " · ") for note in notes), clock_time(message.received_at)),
        buttons(message, page),
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
