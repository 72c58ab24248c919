"""The stand-in for the Bot API, asked over HTTP as the real one is."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from services.demo.bot_rules import BLOCKED, CHAT_NOT_FOUND, DEACTIVATED, migrated
from services.demo.bot_stand_in import TelegramStandIn

TOKEN = "4200:demo-token"
READER = 7001001337


@pytest.fixture
def chat() -> TelegramStandIn:
    return TelegramStandIn(
        TOKEN, troubles={403: BLOCKED, 410: DEACTIVATED, 404: CHAT_NOT_FOUND, -5: migrated(-1000000000005)}
    )


def _client(chat: TelegramStandIn) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=chat.app()), base_url="http://127.0.0.1")


async def _ask(chat: TelegramStandIn, method: str = "sendMessage", token: str = TOKEN, **given: Any) -> httpx.Response:
    async with _client(chat) as client:
        return await client.post(f"/bot{token}/{method}", json=given)


async def _told(chat: TelegramStandIn, **given: Any) -> tuple[int, str]:
    answer = await _ask(chat, **given)
    document = answer.json()
    assert document["ok"] is False
    assert document["error_code"] == answer.status_code
    return answer.status_code, document["description"]


async def test_a_message_is_kept_and_told_in_the_bot_apis_terms(chat: TelegramStandIn) -> None:
    answer = await _ask(
        chat,
        chat_id=READER,
        text="😀 <b>20 people</b>, <a href='https://vestka.example/'>more</a>",
        parse_mode="HTML",
        link_preview_options={"is_disabled": True},
        protect_content=True,
        disable_notification=True,
    )
    assert answer.status_code == 200
    result = answer.json()["result"]
    assert (result["message_id"], result["text"]) == (1, "😀 20 people, more")
    assert result["chat"] == {"id": READER, "type": "private", "first_name": "A reader"}
    assert result["from"]["is_bot"] is True
    assert result["entities"] == [
        {"type": "bold", "offset": 3, "length": 9},
        {"type": "text_link", "offset": 14, "length": 4, "url": "https://vestka.example/"},
    ]
    assert result["link_preview_options"] == {"is_disabled": True}
    assert result["has_protected_content"] is True
    (message,) = chat.messages
    assert (message.text, message.silent, message.protected) == ("😀 20 people, more", True, True)
    assert message.preview_disabled is True


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_parameters_may_come_in_the_query_or_a_form(chat: TelegramStandIn, method: str) -> None:
    given = {"chat_id": str(READER), "text": "да & нет"}
    url = f"/bot{TOKEN}/SENDMESSAGE"
    async with _client(chat) as client:
        await (client.get(url, params=given) if method == "GET" else client.post(url, data=given))
    assert chat.messages[0].text == "да & нет"


async def test_a_chat_id_may_be_text_and_then_is_still_a_number(chat: TelegramStandIn) -> None:
    await _ask(chat, chat_id=str(READER), text="x")
    assert chat.messages[0].chat_id == READER


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": "@somebody", "text": "x"}, "chat not found"),
        ({"chat_id": "9" * 5000, "text": "x"}, "chat not found"),
        ({"chat_id": 404, "text": "x"}, "chat not found"),
        ({"chat_id": READER}, "message text is empty"),
        ({"chat_id": READER, "text": " \n"}, "message text is empty"),
        ({"chat_id": READER, "text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"chat_id": READER, "text": "x" * 4097}, "message is too long"),
        ({"chat_id": READER, "text": "😀" * 2049}, "message is too long"),
        ({"chat_id": READER, "text": "x" * 32769}, "text is too long"),
        ({"chat_id": READER, "text": "x", "parse_mode": "Word"}, "unsupported parse_mode"),
        (
            {"chat_id": READER, "text": "a < b", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "" at byte offset 2',
        ),
        ({"chat_id": READER, "text": "x", "reply_parameters": {"message_id": 9}}, "message to be replied not found"),
        ({"chat_id": READER, "text": "x", "reply_parameters": {}, "link_preview_options": "no"},
         "can't parse link preview options JSON object"),
        ({"chat_id": READER, "text": "x", "reply_parameters": {"quote": "x"}}, 'can\'t find field "message_id"'),
        ({"chat_id": READER, "text": "x", "reply_parameters": {"message_id": "x"}},
         'field "message_id" must be a valid Number'),
    ],
)  # fmt: skip
async def test_a_bad_request_is_told_what_the_bot_api_would_tell(
    chat: TelegramStandIn, given: dict[str, Any], told: str
) -> None:
    assert await _told(chat, **given) == (400, f"Bad Request: {told}")
    assert chat.messages == []
    assert chat.refusals[0].description == f"Bad Request: {told}"


async def test_what_counts_is_the_length_after_the_entities_were_read(chat: TelegramStandIn) -> None:
    answer = await _ask(chat, chat_id=READER, text="<b>" + "&amp;" * 4096 + "</b>", parse_mode="HTML")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("token", "method", "expected"),
    [
        ("4200:other", "sendMessage", (401, "Unauthorized")),
        ("nonsense", "sendMessage", (401, "Unauthorized: invalid token specified")),
        (TOKEN, "sendPigeon", (404, "Not Found: method not found")),
    ],
)
async def test_a_wrong_token_or_method_is_refused(
    chat: TelegramStandIn, token: str, method: str, expected: tuple[int, str]
) -> None:
    assert await _told(chat, token=token, method=method, chat_id=READER, text="x") == expected


async def test_any_other_path_is_not_found(chat: TelegramStandIn) -> None:
    async with _client(chat) as client:
        answer = await client.get("/somewhere")
    assert answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


@pytest.mark.parametrize(
    ("chat_id", "description"),
    [(403, "Forbidden: bot was blocked by the user"), (410, "Forbidden: user is deactivated")],
)
async def test_a_reader_who_left_is_forbidden(chat: TelegramStandIn, chat_id: int, description: str) -> None:
    assert await _told(chat, chat_id=chat_id, text="x") == (403, description)


async def test_a_group_that_moved_says_where_it_is_now(chat: TelegramStandIn) -> None:
    answer = await _ask(chat, chat_id=-5, text="x")
    assert answer.status_code == 400
    assert answer.json()["parameters"] == {"migrate_to_chat_id": -1000000000005}


async def test_too_many_messages_are_told_when_to_come_back(chat: TelegramStandIn) -> None:
    answers = [await _ask(chat, chat_id=READER, text="x") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    wait = answers[3].json()["parameters"]["retry_after"]
    assert answers[3].json()["description"] == f"Too Many Requests: retry after {wait}"
    assert answers[3].headers["retry-after"] == str(wait)
    assert chat.refusals[0].retry_after == wait


async def test_a_correction_answers_the_message_it_corrects(chat: TelegramStandIn) -> None:
    await _ask(chat, chat_id=READER, text="20 people")
    answer = await _ask(chat, chat_id=READER, text="22 people", reply_parameters={"message_id": 1})
    assert answer.json()["result"]["reply_to_message"]["text"] == "20 people"
    assert chat.messages[1].reply_to == 1


async def test_an_answer_to_nothing_is_sent_when_the_bot_allows_it(chat: TelegramStandIn) -> None:
    reply = {"message_id": 77, "allow_sending_without_reply": True}
    assert (await _ask(chat, chat_id=READER, text="x", reply_parameters=reply)).status_code == 200
    assert chat.messages[0].reply_to is None


async def test_nobody_can_answer_a_message_of_another_chat(chat: TelegramStandIn) -> None:
    await _ask(chat, chat_id=READER, text="x")
    told = await _told(chat, chat_id=READER + 1, text="y", reply_parameters={"message_id": 1})
    assert told == (400, "Bad Request: message to be replied not found")


async def test_get_me_names_the_bot_the_token_belongs_to(chat: TelegramStandIn) -> None:
    assert (await _ask(chat, method="getMe")).json()["result"]["id"] == 4200


@pytest.mark.parametrize("body", [b"{", b"[1]", b"[" * 100_000, b"\xff"])
async def test_a_body_that_is_no_json_object_is_a_bad_request(chat: TelegramStandIn, body: bytes) -> None:
    async with _client(chat) as client:
        answer = await client.post(
            f"/bot{TOKEN}/sendMessage", content=body, headers={"content-type": "application/json"}
        )
    assert answer.status_code == 400


async def test_neither_token_nor_chat_stands_in_a_repr(chat: TelegramStandIn) -> None:
    await _ask(chat, chat_id=READER, text="x")
    await _ask(chat, chat_id=READER, text="")
    shown = repr(chat.messages) + repr(chat.refusals) + repr(chat)
    assert str(READER) not in shown
    assert TOKEN not in shown


async def test_it_listens_where_it_says_it_does(chat: TelegramStandIn) -> None:
    await chat.start()
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{chat.base_url}/bot{TOKEN}/sendMessage", data={"chat_id": "7", "text": "x"})
    await chat.stop()
    assert answer.json()["ok"] is True
