"""What an update asks for, and what it cannot ask for: by class, whatever stands in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.portal.bot.bot_updates import read_update
from services.portal.bot.chat_steps import VERBS, BotBlocked, BotLetIn, ChatCommand, GroupMoved, one_line, step_of

NAME, PRIVATE, GROUP = "vestka_demo_bot", 77, -77
QUESTIONS = {"Who?": "watch"}
KINDS = {"private": PRIVATE, "group": GROUP, "supergroup": -1_000_000_000_077}


def step(**message: Any) -> Any:
    chat_type = message.pop("type", "private")
    body = {
        "message_id": 3,
        "chat": {"id": KINDS.get(chat_type, -9), "type": chat_type},
        "from": {"id": 5, "is_bot": False, "language_code": "be"},
        **message,
    }
    return step_of(read_update(json.dumps({"update_id": 1, "message": body}).encode()), NAME, QUESTIONS)


def said(**message: Any) -> tuple[str, str] | None:
    found = step(**message)
    return (found.verb, found.argument) if isinstance(found, ChatCommand) else None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verb", sorted(VERBS))
@pytest.mark.parametrize("at", ["", f"@{NAME}", f"@{NAME.upper()}"])
def test_every_verb_is_read_in_every_kind_of_chat_with_and_without_our_name(kind: str, verb: str, at: str) -> None:
    for text, argument in (
        (f"/{verb}{at}", ""),
        (f"/{verb.upper()}{at}  a\n b ", "a b"),
        (f" /{verb}{at} \u202ea\u0000b", "a b"),
    ):
        assert said(text=text, type=kind) == (verb, argument)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "more",
    [
        {"text": "/stop@another_bot"},
        {"text": "/stop", "forward_origin": {"type": "user"}},
        {"text": "/stop", "forward_date": 1},
        {"text": "/stop", "via_bot": {"id": 1}},
        {"text": "/stop", "from": {"id": 5, "is_bot": True}},
        {"text": "/stop", "from": None},
        {"text": "/stop", "sender_chat": {"id": -4, "type": "channel"}},
        {"text": "/stop", "type": "channel"},
        {"text": ""},
        {"caption": "/stop"},
    ],
)
def test_what_is_not_somebodys_own_word_to_us_is_no_command(kind: str, more: dict[str, Any]) -> None:
    assert said(**{"type": kind, **more}) in (None, ("help", "")), "at most the menu"
    assert said(**{"type": kind, **more}) != ("stop", "")


def test_what_is_no_command_gets_the_menu_in_a_private_chat_and_nothing_in_a_group() -> None:
    for text in ("hello", "stop", "/", "//stop", "/стоп", "/stop/erase"):
        assert said(text=text) in (("help", text), ("", "")), "and what was written, so that it can be taken away"
        assert said(text=text, type="group") is None


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_to_our_question_is_the_command_that_asked(kind: str) -> None:
    chat = {"id": KINDS[kind], "type": kind}
    ours = {"message_id": 2, "chat": chat, "from": {"id": 1, "is_bot": True}, "text": "Who?"}
    assert said(text="Somebody  Else", reply_to_message=ours, type=kind) == ("watch", "Somebody Else")
    assert said(text="/list", reply_to_message=ours, type=kind) == ("list", "")
    theirs = {**ours, "from": {"id": 9, "is_bot": False}}
    assert said(text="Somebody Else", reply_to_message=theirs, type=kind) != ("watch", "Somebody Else")


def test_the_group_itself_is_its_administrators() -> None:
    chat = {"id": GROUP, "type": "group"}
    found = step(text="/list", type="group", sender_chat=chat, **{"from": {"id": 1087968824, "is_bot": True}})
    assert isinstance(found, ChatCommand)
    assert found.as_group


def test_a_group_that_moves_is_told_of_from_either_side() -> None:
    assert step(type="group", migrate_to_chat_id=-1009) == GroupMoved(GROUP, -1009)
    assert step(type="supergroup", migrate_from_chat_id=-5) == GroupMoved(-5, KINDS["supergroup"])
    assert step(type="private", migrate_to_chat_id=-1009, text="") is None


@pytest.mark.parametrize("status", ["kicked", "left", "member", "administrator", "restricted"])
def test_membership_says_whether_we_are_blocked(status: str) -> None:
    body = {"chat": {"id": PRIVATE, "type": "private"}, "new_chat_member": {"status": status}}
    update = read_update(json.dumps({"update_id": 1, "my_chat_member": body}).encode())
    assert step_of(update, NAME, {}) == (BotBlocked(PRIVATE) if status in ("kicked", "left") else BotLetIn(PRIVATE))


@pytest.mark.parametrize("data", ["place:+gomel:Mozyr", "list", "", ":", "x:y", "erase:yes"])
def test_a_button_is_read_as_if_it_were_typed(data: str) -> None:
    message = {"message_id": 8, "chat": {"id": PRIVATE, "type": "private"}}
    query = {"id": "4", "from": {"id": 5, "is_bot": False}, "data": data, "message": message}
    found = step_of(read_update(json.dumps({"update_id": 1, "callback_query": query}).encode()), NAME, {})
    assert isinstance(found, ChatCommand)
    verb, _, argument = data.partition(":")
    assert (found.verb, found.argument, found.query) == (verb if verb in VERBS else "", argument, "4")


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b"\xff", b'{"update_id": "x"}', b'{"message": {}}', b'{"update_id": 1.5}', b"[" * 100_000],
)
def test_what_has_no_number_is_no_update(raw: bytes) -> None:
    with pytest.raises(ValueError, match="no update"):
        read_update(raw)


def test_an_update_of_an_unknown_form_has_its_number_and_asks_for_nothing() -> None:
    bodies: list[dict[str, object]] = [
        {"message": 5},
        {"poll": {}},
        {"message": {"message_id": 1}},
        {"callback_query": {"id": 5}},
    ]
    for body in bodies:
        update = read_update(json.dumps({"update_id": 9, **body}).encode())
        assert update.update_id == 9
        assert step_of(update, NAME, {}) is None


def test_a_repr_shows_neither_chat_nor_words() -> None:
    found = step(text="/watch Somebody Else")
    update = read_update(json.dumps({"update_id": 1, "message": {"message_id": 2, "chat": {"id": 77}}}).encode())
    assert "Somebody" not in repr(found)
    assert "77" not in repr(found)
    assert "77" not in repr(update)


def test_one_line_is_short_and_without_signs_that_nobody_sees() -> None:
    assert one_line("a\u200b\u202e\x00\tb\n") == "a b"
    assert len(one_line("Ж" * 10_000)) <= 200


@pytest.mark.parametrize(
    "rest",
    [
        rb'"message":{"message_id":1,"chat":{"id":5},"text":"\ud800"}',
        b'"message":{"message_id":1,"chat":{"id":5},"text":"\xed\xa0\x80"}',
        b'"message":' + b"[" * 3000 + b"]" * 3000,
        b'"message":7,"callback_query":"x"',
        b'"message":{"message_id":1,"chat":{"id":5},"text":"cut o',
    ],
    ids=["half a pair", "half a pair in UTF-8", "deep", "of other types", "cut off"],
)
def test_an_update_that_cannot_be_read_is_passed_over_by_its_number_and_holds_up_nobody(rest: bytes) -> None:
    update = read_update(b'{"update_id":4200,\n' + rest + b"}")
    assert update.update_id == 4200
    assert step_of(update, NAME, {}) is None or update.chat_id == 5
