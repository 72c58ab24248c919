"""Talking to the bot on the local page: a line to write, its buttons to press, and where both are sent.

Only a form of this very page is taken: another page in the same browser could send one too.
"""

from __future__ import annotations

import hashlib
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.demo.bot_chat import ChatMessage
from services.demo.bot_markup import ChatButton
from services.demo.bot_rules import read_number
from services.demo.bot_stand_in import TelegramStandIn
from services.demo.html_tags import Html, html, tag
from services.demo.request_bodies import read_body

NEWCOMER: Final = 2002
"""The chat of somebody who has not joined."""
_MOST_BYTES: Final = 20_000
_LANGUAGES: Final = (("be", "беларуская"), ("ru", "русский"), ("en", "English"))
_PAGES: Final = ("/", "/telegram")


def chat_key(chat_id: int) -> str:
    """What a chat is called on the page, which shows no number in full."""
    return hashlib.sha256(str(chat_id).encode()).hexdigest()[:12]


def composer(chat: TelegramStandIn, chat_id: int, page: str) -> Html:
    """`page`: where one is to come back to."""
    spoken = chat.people.languages.get(chat_id, "en")
    options = (tag("option", name, value=code, selected=code == spoken) for code, name in _LANGUAGES)
    question = next((one for one in reversed(chat.messages) if one.chat_id == chat_id and not one.deleted), None)
    answers = str(question.message_id) if question is not None and question.markup.asks_for_reply else ""
    return tag(
        "form",
        _hidden(chat=chat_key(chat_id), page=page, reply_to=answers),
        tag("input", name="text", aria_label="Message", placeholder="/start", autocomplete="off", maxlength="4096"),
        tag("select", *options, name="language", aria_label="Language of the app"),
        tag("button", "Send"),
        method="post",
        action="/telegram/say",
        class_="composer",
    )


def buttons(message: ChatMessage, page: str) -> Html | None:
    if not message.markup.rows:
        return None
    rows = (tag("div", *(_button(message, one, page) for one in row), class_="keys") for row in message.markup.rows)
    return html(*rows)


def _button(message: ChatMessage, button: ChatButton, page: str) -> Html:
    if button.url:
        return tag("a", button.text, href=button.url, rel="noopener noreferrer", target="_blank", class_="key")
    return tag(
        "form",
        _hidden(chat=chat_key(message.chat_id), page=page, message=str(message.message_id), data=button.data),
        tag("button", button.text, class_="key"),
        method="post",
        action="/telegram/press",
    )


def _hidden(**fields: str) -> Html:
    return html(*(tag("input", type="hidden", name=name, value=value) for name, value in fields.items()))


def talk_routes(chat: TelegramStandIn) -> list[BaseRoute]:
    async def say(request: Request) -> Response:
        given = await _fields(request)
        chat_id, text = _chat_of(chat, given), given.get("text", "").strip()
        if text:
            reply_to = read_number(given.get("reply_to", "")) if not text.startswith("/") else None
            await chat.people.say(chat_id, text, language=given.get("language") or None, reply_to=reply_to)
        return _back(given)

    async def press(request: Request) -> Response:
        given = await _fields(request)
        chat_id, message = _chat_of(chat, given), read_number(given.get("message", "")) or 0
        language = chat.people.languages.get(chat_id, "en")
        await chat.people.press(chat_id, message, given.get("data", ""), language=language)
        return _back(given)

    return [Route("/telegram/say", say, methods=["POST"]), Route("/telegram/press", press, methods=["POST"])]


async def _fields(request: Request) -> dict[str, str]:
    """Raises HTTPException."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin" or not _is_own(request):
        raise HTTPException(403, "Only this page's own forms are taken.")
    body = await read_body(request, _MOST_BYTES)
    if body is None:
        raise HTTPException(413, "That is longer than any message.")
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _is_own(request: Request) -> bool:
    """By where the browser says the form stands, as far as it says so."""
    origin = request.headers.get("origin", "")
    return origin in ("", "null") or urlsplit(origin).netloc == request.headers.get("host")


def _chat_of(chat: TelegramStandIn, given: dict[str, str]) -> int:
    """One that the page shows. Raises HTTPException."""
    shown = {NEWCOMER, *(one.chat_id for one in chat.messages), *(one.chat_id for one in chat.people.said.things)}
    for number in shown:
        if chat_key(number) == given.get("chat"):
            return number
    raise HTTPException(404, "There is no such chat.")


def _back(given: dict[str, str]) -> Response:
    page = given.get("page", "/")
    return RedirectResponse(f"{page if page in _PAGES else '/'}#chat-{given.get('chat', '')}", 303)
