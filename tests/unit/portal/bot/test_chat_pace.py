"""How many commands are looked at, by a clock that stands still until it is put forward."""

from __future__ import annotations

from services.portal.bot.chat_pace import ChatPace
from services.portal.bot.chat_steps import BotBlocked, ChatCommand


class Clock:
    at = 100.0

    def __call__(self) -> float:
        return self.at


def command(verb: str, chat: int = 7, user: int = 7, *, group: bool = False) -> ChatCommand:
    return ChatCommand(chat, group, verb, "", 1, user)


def test_beyond_its_pace_a_chat_is_left_alone_but_for_who_wants_to_be_gone() -> None:
    clock = Clock()
    pace = ChatPace(b"key", clock, per_minute=10)
    assert [pace.of(command("list")) for _ in range(8)] == ["do"] * 6 + ["leave"] * 2
    for verb in ("stop", "erase"):
        assert pace.of(command(verb)) == "do"
    assert [pace.of(command("stop")) for _ in range(8)] == ["do"] * 4 + ["do_silently"] * 4
    assert pace.of(command("list", chat=8)) == "do", "another chat is not meant"
    clock.at += 6
    assert pace.of(command("list")) == "do"
    assert pace.of(command("list")) == "leave"


def test_in_a_group_each_who_writes_has_a_pace_of_their_own() -> None:
    pace = ChatPace(b"key", Clock(), per_minute=4)
    said = [pace.of(command("list", -9, 1, group=True)) for _ in range(5)]
    assert said == ["do"] * 3 + ["leave"] * 2
    assert pace.of(command("list", -9, 2, group=True)) == "do"


def test_what_telegram_tells_of_itself_is_never_one_too_many() -> None:
    pace = ChatPace(b"key", Clock(), per_minute=1)
    assert {pace.of(BotBlocked(7)) for _ in range(50)} == {"do"}
