"""Talking to the bot on the demo's page: its forms are sent as a browser sends them, and the bot hears of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from services.demo.bot_stand_in import TelegramStandIn
from services.demo.bot_talk import NEWCOMER, chat_key
from services.demo.inbox import Inbox
from services.demo.live_page import page
from services.demo.webhooks import WebhookReceiver

HERE = "http://127.0.0.1"


@pytest.fixture
def chat() -> TelegramStandIn:
    return TelegramStandIn("4200:demo")


@pytest.fixture
async def browser(chat: TelegramStandIn) -> AsyncIterator[httpx.AsyncClient]:
    app = page(Inbox(), chat, WebhookReceiver("whsec_" + "0" * 32))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HERE) as client:
        yield client


async def send(chat: TelegramStandIn, **given: object) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=chat.app()), base_url=HERE) as bot:
        answer = await bot.post("/bot4200:demo/sendMessage", json={"parse_mode": "HTML", **given})
        assert answer.json()["ok"]


async def test_somebody_new_has_a_chat_to_write_in_from_the_beginning(
    chat: TelegramStandIn, browser: httpx.AsyncClient
) -> None:
    shown = (await browser.get("/telegram")).text
    assert "somebody new" in shown
    sent = {"chat": chat_key(NEWCOMER), "page": "/telegram", "text": "/start <b>", "language": "be", "reply_to": ""}
    answer = await browser.post("/telegram/say", data=sent, headers={"origin": HERE, "sec-fetch-site": "same-origin"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/telegram#chat-{chat_key(NEWCOMER)}")
    (update,) = chat.updates.waiting
    assert (update["message"]["text"], update["message"]["from"]["language_code"]) == ("/start <b>", "be")
    shown = (await browser.get("/telegram")).text
    assert "/start &lt;b&gt;" in shown
    assert '<option value="be" selected>' in shown


async def test_a_button_is_pressed_with_its_data_and_one_with_a_link_leads_there(
    chat: TelegramStandIn, browser: httpx.AsyncClient
) -> None:
    rows = [[{"text": "Yes", "callback_data": 'x"y'}, {"text": "Look", "url": "https://v.example/"}]]
    await send(chat, chat_id=NEWCOMER, text="Well?", reply_markup={"inline_keyboard": rows})
    shown = (await browser.get("/")).text
    assert 'value="x&quot;y"' in shown
    assert re.search(r'<a [^>]*href="https://v.example/"', shown)
    await browser.post("/telegram/press", data={"chat": chat_key(NEWCOMER), "page": "/", "message": "1", "data": 'x"y'})
    (update,) = chat.updates.waiting
    assert update["callback_query"]["data"] == 'x"y'


async def test_what_is_written_after_a_question_is_its_answer(
    chat: TelegramStandIn, browser: httpx.AsyncClient
) -> None:
    await send(chat, chat_id=NEWCOMER, text="Who?", reply_markup={"force_reply": True})
    shown = (await browser.get("/telegram")).text
    assert 'name="reply_to" value="1"' in shown
    said = {"chat": chat_key(NEWCOMER), "text": "Somebody", "reply_to": "1", "language": "en"}
    await browser.post("/telegram/say", data=said)
    assert chat.updates.waiting[0]["message"]["reply_to_message"]["text"] == "Who?"


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
async def test_another_page_cannot_write_in_somebodys_name(
    chat: TelegramStandIn, browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    sent = {"chat": chat_key(NEWCOMER), "text": "/stop"}
    assert (await browser.post("/telegram/say", data=sent, headers=headers)).status_code == 403
    assert chat.updates.waiting == []


async def test_a_chat_that_is_not_shown_cannot_be_written_in(chat: TelegramStandIn, browser: httpx.AsyncClient) -> None:
    for chat_name in ("", "1", chat_key(1001)):
        assert (await browser.post("/telegram/say", data={"chat": chat_name, "text": "x"})).status_code == 404
    assert (await browser.post("/telegram/say", content=b"x" * 30_000)).status_code == 413
    assert chat.updates.waiting == []
