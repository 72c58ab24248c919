"""What people do in the stand-in's chats, and how the bot hears of it: asked over HTTP as the real one is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from services.demo.bot_stand_in import TelegramStandIn

TOKEN = "4200:demo-token"
READER, GROUP = 7001001337, -100200
BUTTONS = {
    "inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}], [{"text": "Look", "url": "https://v.example/"}]]
}


@pytest.fixture
def chat() -> TelegramStandIn:
    return TelegramStandIn(TOKEN)


async def ask(chat: TelegramStandIn, method: str, **given: Any) -> Any:
    transport = httpx.ASGITransport(app=chat.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return (await client.post(f"/bot{TOKEN}/{method}", json=given)).json()


async def test_what_was_not_confirmed_is_given_again_and_what_was_is_not(chat: TelegramStandIn) -> None:
    first = await chat.people.say(READER, "/start")
    await chat.people.say(READER, "/list@vestka_demo_bot", language=None)
    for _ in range(2):
        given = (await ask(chat, "getUpdates"))["result"]
        assert [one["message"]["text"] for one in given] == ["/start", "/list@vestka_demo_bot"]
    assert given[0]["message"]["from"] == {
        "id": READER,
        "is_bot": False,
        "first_name": "A reader",
        "language_code": "en",
    }
    assert "language_code" not in given[1]["message"]["from"]
    given = (await ask(chat, "getUpdates", offset=first + 1, limit=5))["result"]
    assert [one["update_id"] for one in given] == [first + 1]
    assert (await ask(chat, "getUpdates", offset=first + 2))["result"] == []


async def test_whoever_asks_waits_until_something_comes_and_of_two_the_older_is_sent_away(
    chat: TelegramStandIn,
) -> None:
    older = asyncio.create_task(ask(chat, "getUpdates", timeout=30))
    await asyncio.sleep(0)
    while not chat.updates._asking:
        await asyncio.sleep(0)
    newer = asyncio.create_task(ask(chat, "getUpdates", timeout=30))
    assert (await older)["error_code"] == 409
    await chat.people.say(READER, "/help")
    assert len((await newer)["result"]) == 1


async def test_nobody_asks_while_a_webhook_is_set(chat: TelegramStandIn) -> None:
    assert (await ask(chat, "setWebhook", url="http://alerts.example.org/x"))["error_code"] == 400
    assert (await ask(chat, "setWebhook", url="https://x.example/", secret_token="no blanks"))["error_code"] == 400
    assert (await ask(chat, "setWebhook", url="http://127.0.0.1:9/", secret_token="abc_-1"))["result"] is True
    assert (await ask(chat, "getUpdates"))["error_code"] == 409
    assert (await ask(chat, "deleteWebhook"))["result"] is True
    assert (await ask(chat, "getUpdates"))["ok"]
    await chat.updates.close()


async def test_a_bot_is_told_only_of_what_it_asked_for(chat: TelegramStandIn) -> None:
    await ask(chat, "getUpdates", allowed_updates=["callback_query"])
    await chat.people.say(READER, "/start")
    await chat.people.press(READER, 1, "yes")
    assert [sorted(one) for one in (await ask(chat, "getUpdates"))["result"]] == [["callback_query", "update_id"]]


async def test_a_button_comes_back_with_its_message_and_is_answered_once(chat: TelegramStandIn) -> None:
    sent = (await ask(chat, "sendMessage", chat_id=READER, text="Well?", reply_markup=BUTTONS))["result"]
    assert sent["reply_markup"] == BUTTONS
    await chat.people.press(READER, sent["message_id"], "yes")
    (update,) = (await ask(chat, "getUpdates"))["result"]
    query = update["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("yes", "Well?")
    assert (await ask(chat, "answerCallbackQuery", callback_query_id=query["id"], text="so"))["ok"]
    assert (await ask(chat, "answerCallbackQuery", callback_query_id=query["id"]))["error_code"] == 400
    assert (await ask(chat, "answerCallbackQuery", callback_query_id="77"))["error_code"] == 400
    edited = {"chat_id": READER, "message_id": sent["message_id"], "text": "Done", "parse_mode": "HTML"}
    assert (await ask(chat, "editMessageText", **edited))["result"]["text"] == "Done"
    assert "not modified" in (await ask(chat, "editMessageText", **edited))["description"]
    assert chat.messages[0].markup.rows == ()


@pytest.mark.parametrize(
    "markup",
    [
        {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]},
        {"inline_keyboard": [[{"text": "", "callback_data": "x"}]]},
        {"inline_keyboard": [[{"text": "x"}]]},
        {"inline_keyboard": [[{"text": "x", "url": "ftp://x"}]]},
        {"inline_keyboard": [{"text": "x", "url": "https://x"}]},
        {"inline_keyboard": 1},
        {"force_reply": True, "input_field_placeholder": "x" * 65},
        "no object",
    ],
)
async def test_buttons_that_the_bot_api_would_not_take_are_refused(chat: TelegramStandIn, markup: Any) -> None:
    answer = await ask(chat, "sendMessage", chat_id=READER, text="x", reply_markup=markup)
    assert answer["error_code"] == 400
    assert chat.messages == []


async def test_a_message_is_deleted_once_and_in_a_group_nobody_elses(chat: TelegramStandIn) -> None:
    await chat.people.say(READER, "/watch")
    await chat.people.say(GROUP, "/watch")
    own, others = (one.message_id for one in chat.people.said.things)
    answers = [await ask(chat, "deleteMessage", chat_id=READER, message_id=own) for _ in range(2)]
    assert [one["ok"] for one in answers] == [True, False]
    assert not (await ask(chat, "deleteMessage", chat_id=GROUP, message_id=others))["ok"]


async def test_a_file_comes_with_its_name_and_caption(chat: TelegramStandIn) -> None:
    transport = httpx.ASGITransport(app=chat.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.post(
            f"/bot{TOKEN}/sendDocument",
            data={"chat_id": str(READER), "caption": "Yours", "protect_content": "true"},
            files={"document": ("subscription.json", b'{"a": "\xc3\xa9"}', "application/json")},
        )
    assert answer.json()["result"]["document"]["file_name"] == "subscription.json"
    (message,) = chat.messages
    assert message.file is not None
    assert (message.text, message.protected, json.loads(message.file.content)) == ("Yours", True, {"a": "é"})


async def test_who_blocks_the_bot_is_told_of_and_gets_nothing_until_they_unblock_it(chat: TelegramStandIn) -> None:
    await chat.people.block(READER)
    assert (await ask(chat, "sendMessage", chat_id=READER, text="x"))["error_code"] == 403
    await chat.people.unblock(READER)
    assert (await ask(chat, "sendMessage", chat_id=READER, text="x"))["ok"]
    told = [one["my_chat_member"]["new_chat_member"]["status"] for one in (await ask(chat, "getUpdates"))["result"]]
    assert told == ["kicked", "member"]


async def test_in_a_group_it_is_known_who_administers_it_and_that_it_moved(chat: TelegramStandIn) -> None:
    chat.people.administrators[GROUP] = {5}
    asked = [await ask(chat, "getChatMember", chat_id=GROUP, user_id=user) for user in (5, 6)]
    assert [one["result"]["status"] for one in asked] == ["administrator", "member"]
    await chat.people.upgrade(GROUP, -1000000000042)
    (left, came) = (await ask(chat, "getUpdates"))["result"]
    assert left["message"]["migrate_to_chat_id"] == -1000000000042
    assert came["message"]["migrate_from_chat_id"] == GROUP
    assert (await ask(chat, "sendMessage", chat_id=GROUP, text="x"))["parameters"] == {
        "migrate_to_chat_id": -1000000000042
    }


@pytest.mark.parametrize(
    "commands",
    [
        "x",
        {"command": "x"},
        [{"command": "/x", "description": "y"}],
        [{"command": "X", "description": "y"}],
        [{"command": "x", "description": ""}],
        [{"command": "x" * 33, "description": "y"}],
        [{"command": "x"}],
    ],
)
async def test_commands_of_another_form_are_refused(chat: TelegramStandIn, commands: Any) -> None:
    assert (await ask(chat, "setMyCommands", commands=commands))["error_code"] == 400
    assert chat.people.commands == {}
