"""Updates are handled once and in their chat's order, whatever comes twice, breaks in between, or is hostile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from prometheus_client import generate_latest
from redis.asyncio import Redis

from services.demo.bot_rules import BLOCKED, too_many_requests
from services.names import fold
from services.notify.throttle.send_rate import Rates
from services.notify.throttle.shared_send_rate import SharedSendRateLimit
from services.portal.bot.answer_share import AnswerShare
from services.runtime.metrics import Metrics
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault
from tests.redis.bot_room import GROUP, READER, BotRoom, open_bot_room
from tests.store import everything_in, vault_on


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[BotRoom]:
    async with open_bot_room(redis) as room:
        yield room


async def test_what_was_said_while_we_were_away_is_done_in_its_order(room: BotRoom) -> None:
    await room.join()
    await room.stop()
    for text in ("/watch Алесь Бяляцкі", "/language ru", "/unwatch 1", "/place gomel", "/language be", "/stop"):
        await room.chat.people.say(READER, text)
    room.start()
    await room.done()
    someone = await room.reader()
    assert (someone.language, someone.interests, someone.active) == ("be", (Interest(regions=("gomel",)),), False)


async def test_an_update_that_comes_again_is_done_once(room: BotRoom) -> None:
    await room.join()
    await room.say("/language be")
    seen = room.chat.kept.total
    await room.stop()
    await room.vault.amend((await room.reader()).number, _in_english)
    number = room.chat.updates._next - 1
    room.chat.updates.waiting.append({"update_id": number, "message": _said("/language be")})
    room.start()
    await room.done()
    assert (await room.reader()).language == "en"
    assert room.chat.kept.total == seen


def _in_english(known: Any) -> Any:
    return type(known)(**{**{name: getattr(known, name) for name in known.__struct_fields__}, "language": "en"})


def _said(text: str) -> dict[str, Any]:
    who = {"id": READER, "is_bot": False, "first_name": "A reader"}
    return {"message_id": 9, "from": who, "chat": {"id": READER, "type": "private"}, "date": 1, "text": text}


class BrokenOff(Exception):
    """As a kill is: nothing after it runs."""


@pytest.mark.parametrize(
    "command", ["/watch Алесь Бяляцкі", "/unwatch 1", "/unwatch 2", "/place gomel", "/pause", "/stop", "/erase"]
)
async def test_a_kill_between_doing_and_noting_changes_nothing_twice(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    async with open_bot_room(redis) as room:
        await room.join()
        for name in ("Марыя Калеснікава", "Віктар Бабарыка", "Сяргей Ціханоўскі"):
            await room.say(f"/watch {name}")
        await room.say("/erase") if command == "/erase" else None
        await room.stop()
        room.start()
        before = room.chat.kept.total
        await _kill_before_noting(room, command)
        after = await _state(room)
        room.start()
        await room.done()
        assert await _state(room) == after
        assert room.chat.kept.total - before <= 2, "the answer may come twice, and no more"


async def _kill_before_noting(room: BotRoom, command: str) -> None:
    """The very moment: what is to be done is done, the answer has left, and the note is not written."""
    (part,) = room.bot.background
    noted = part.__self__.handler.done  # type: ignore[attr-defined]
    reached = asyncio.Event()

    async def never(_update_id: int, **_how: bool) -> None:
        reached.set()
        await asyncio.Event().wait()

    noted.note = never
    if command == "/erase":
        await room.chat.people.press(READER, room.newest().message_id, "erase:yes")
    else:
        await room.chat.people.say(READER, command)
    async with asyncio.timeout(20):
        await reached.wait()
    await room.stop()


async def _state(room: BotRoom) -> Any:
    return [(one.interests, one.active, one.stopped, one.language) for one in await room.vault.everybody()]


async def test_who_blocked_us_ends_and_who_lets_us_in_again_goes_on_where_they_stood(room: BotRoom) -> None:
    await room.join()
    await room.say("/watch Алесь Бяляцкі")
    before = await room.reader()
    await room.chat.people.block(READER)
    await room.done()
    assert not (await room.reader()).is_reached
    await room.chat.people.unblock(READER)
    await room.done()
    assert await room.reader() == before
    await room.say("/pause")
    await room.chat.people.block(READER)
    await room.chat.people.unblock(READER)
    await room.done()
    someone = await room.reader()
    assert someone.address_on("telegram") is not None
    assert not someone.active, "who had paused stays paused"


async def test_whoever_stopped_is_not_brought_back_by_letting_us_in(room: BotRoom) -> None:
    await room.join()
    await room.say("/stop")
    await room.chat.people.block(READER)
    await room.chat.people.unblock(READER)
    await room.done()
    assert not (await room.reader()).active


@pytest.mark.parametrize(
    "passed_on", [{"forward_origin": {"type": "hidden_user"}}, {"forward_date": 5}, {"via_bot": {}}]
)
async def test_a_command_that_was_passed_on_is_nobodys(room: BotRoom, passed_on: dict[str, Any]) -> None:
    before = await room.join()
    assert await room.say("/stop", **passed_on) == []
    assert await room.reader() == before


HOSTILE = (
    "/watch <b>Імя</b> Прозвішча",
    '/watch <a href="https://x.example">Імя Прозвішча</a>',
    "/watch &lt;script&gt; x",
    "/place <tg-spoiler>",
    "/language ../../etc/passwd",
    "/language <b>",
    "/quiet 22:00-07:00 ../../etc/passwd",
    "/quiet 22:00-07:00 <b>x</b>",
    "/unwatch 99999999999999999999",
    "/unwatch \u0661",
    "/unwatch -1",
    "/discreet o\u202en",
    "/frequency {0.__class__}",
    "/watch {name} {spellings}",
    "/start {url}",
    "/list not <script>alert(1)</script>",
    "/list not ?x",
    "/list not -",
    "/list articles <b>342</b>",
    "/list articles 342; DROP",
    "/list kinds +{name}",
    "/list sources ‮+media<",
    "/list confirmed maybe",
    "/list <a href=https://x.example>kinds</a>",
    "/frequency 99999999999999999999 daily",
    "/frequency ١ daily",
    "/frequency <b> daily",
    "/place towns <script>",
    "/erase:yes",
    "/ERASE yes please",
    "/watch " + "Ж" * 4000,
    "/" + "a" * 4000,
    "/watch\u0000 x y",
    "\u202e/stop",
    "/stop/erase",
)


async def test_hostile_texts_change_nothing_and_are_not_said_again(room: BotRoom) -> None:
    before = await room.join()
    for text in HOSTILE:
        said = await room.say(text)
        assert await room.reader() == before, text
        for message in said:
            for sign in ("<script", "<b>", "<a href", "&lt;", "passwd", "ЖЖЖЖ", "{", "x.example", "\u202e"):
                assert sign not in message.text, text
    assert room.chat.refusals == []


MADE_UP = (
    *("", ":", "erase", "erase:", "erase:no", "unwatch:../", "place:+nowhere", "place:+gomel:Nowhere", "join"),
    *("list:", "list:not", "list:not -n", "list:kinds +", "list:kinds -x", "list:sources", "list:articles", "list:a b"),
    *("frequency:n daily", "frequency:1 x", "place:towns x", "list:confirmed", "list:updates x"),
    *("join:xx", "frequency:hourly", "language:xx", "start:<b>", "x" * 64, "\x00", "export:../file"),
)


async def test_made_up_buttons_change_nothing(room: BotRoom) -> None:
    before = await room.join()
    for data in MADE_UP:
        await room.press(data)
        assert await room.reader() == before, data
    assert all(one.status == 400 and "not modified" in one.description for one in room.chat.refusals)


async def test_updates_of_forms_that_we_do_not_know_are_passed_over(room: BotRoom) -> None:
    await room.join()
    for body in ({"message_id": "x"}, {"message_id": 1, "chat": []}, {"message_id": 1, "chat": {"id": 1 << 70}}, {}):
        await room.chat.updates.put("message", body)
    for kind in ("callback_query", "my_chat_member"):
        await room.chat.updates.put(kind, {"id": 5})
    (said,) = await room.say("/help")
    assert "What is to change?" in said.text


async def test_a_flood_of_commands_is_not_looked_at_but_a_stop_is(redis: Redis) -> None:
    async with open_bot_room(redis, bot={"commands_per_minute": 10}) as room:
        await room.join()
        for _ in range(20):
            await room.chat.people.say(READER, "/list")
        await room.chat.people.say(READER, "/stop")
        await room.done()
        assert (await room.reader()).stopped is not None
        assert room.chat.kept.total < 12
        assert counted(room.metrics, "vestka_bot_updates_total", "too_many") > 10
        assert "4200:" not in generate_latest(room.metrics.registry).decode()


def counted(metrics: Metrics, name: str, label: str) -> float:
    samples = [one for family in metrics.registry.collect() for one in family.samples]
    return sum(one.value for one in samples if one.name == name and label in one.labels.values())


async def test_answers_have_a_share_of_their_own_and_no_more(redis: Redis) -> None:
    share = AnswerShare(redis, per_second=5)
    waits = [await share.take(60) for _ in range(11)]
    assert waits[-1] == pytest.approx(2.0, abs=0.3)
    assert sorted(waits) == waits


async def test_a_flood_of_answers_leaves_alerts_their_pace_and_alerts_do_not_starve_answers(redis: Redis) -> None:
    """Where the places lie, on the server's clock: thirty a second in all, of which five may be answers."""
    rates = Rates()
    line, share = SharedSendRateLimit(rates, redis), AnswerShare(redis, per_second=5)
    in_a_second = [wait for wait in [await share.take(60) for _ in range(100)] if wait < 1.0]
    assert len(in_a_second) <= 6
    for number in range(10):  # as many alerts as stand in line at a time
        await line.take(number, group=False, patience=60)
    answer = await line.take(1 << 44, group=False, patience=60)
    assert answer <= 12 * rates.spacing, "only those stand before it, however many alerts are due"
    places = [await line.take(100 + number, group=False, patience=60) for number in range(19)]
    assert places[-1] <= 31 * rates.spacing, "one place the later"


async def test_a_crowd_of_strangers_does_not_hold_up_whoever_wants_to_be_erased(redis: Redis) -> None:
    async with open_bot_room(redis, bot={"answers_per_second": 1}) as room:
        await room.join()
        (asked,) = await room.say("/erase")
        for stranger in range(150):
            await room.chat.people.say(9_000_000 + stranger, "/start")
        async with asyncio.timeout(60):
            await room.press("erase:yes", message=asked.message_id)
        assert await room.vault.everybody() == []
        assert counted(room.metrics, "vestka_bot_answers_total", "rate_limited") > 100


async def test_while_telegram_holds_us_all_no_answer_leaves_and_what_was_asked_is_done(room: BotRoom) -> None:
    await room.join()
    seen = room.chat.kept.total
    await room.redis.set("vestka:pace:telegram:held", "1", px=60_000)
    await room.say("/place gomel")
    assert (await room.reader()).interests == (Interest(regions=("gomel",)),)
    assert room.chat.kept.total == seen
    assert room.chat.refusals == []


async def test_a_chat_that_was_told_to_wait_is_left_alone(room: BotRoom) -> None:
    someone = await room.join()
    room.chat.troubles[READER] = too_many_requests(30)
    await room.say("/place gomel")
    assert await room.redis.pttl(f"vestka:pace:telegram:{someone.number}") > 20_000
    room.chat.troubles[READER] = BLOCKED
    await room.say("/place brest")
    room.chat.troubles.clear()
    assert (await room.reader()).interests == (Interest(regions=("gomel", "brest")),)


async def test_of_two_portals_one_asks_and_the_other_takes_over_when_it_ends(room: BotRoom, redis: Redis) -> None:
    await room.join()
    other = BotRoom(redis, vault_on(redis), room.chat, room.settings, room.clock)
    other.start()
    await room.say("/language ru")
    await room.stop()
    await other.say("/place gomel")
    await other.stop()
    someone = await room.reader()
    assert (someone.language, someone.interests) == ("ru", (Interest(regions=("gomel",)),))
    assert [one for one in room.chat.refusals if one.status == 409] == []


class TornVault(Vault):
    """Of a store that is broken in some way nobody foresaw."""

    async def amend(self, *_: Any) -> Any:
        raise ValueError("a fault of ours, with Алесь Бяляцкі in it")


async def test_a_fault_of_ours_is_said_and_holds_up_nobody(room: BotRoom, capsys: pytest.CaptureFixture[str]) -> None:
    await room.join()
    room.vault.__class__ = TornVault
    (said,) = await room.say("/watch Алесь Бяляцкі")
    assert "wrong on our side" in said.text
    room.vault.__class__ = Vault
    await room.say("/watch Алесь Бяляцкі")
    assert (await room.reader()).interests[1].persons == (fold("Алесь Бяляцкі"),)
    assert "Бяляцкі" not in "".join(capsys.readouterr())


async def test_nothing_of_a_chat_stands_in_redis_in_plain(room: BotRoom, redis: Redis) -> None:
    await room.join()
    await room.say("/watch Алесь Бяляцкі")
    await room.say("/start", 5550001234)
    held = await everything_in(redis)
    for plain in (str(READER), "5550001234", "Бяляцкі", fold("Алесь Бяляцкі"), "4200:a-token", "/watch"):
        assert plain not in held


async def test_what_strangers_and_groups_say_does_not_fill_the_store(room: BotRoom) -> None:
    async def kept() -> list[int]:
        keys = [key async for key in room.redis.scan_iter("vestka:bot:done:*")]
        return [await room.redis.ttl(key) for key in keys]

    for text in ("good morning all", "/nothing_of_ours", "hello"):
        await room.say(text, GROUP)
    assert await kept() == []
    for text in ("/start", "/list", "/erase yes", "hello"):
        await room.say(text)
    assert len(await kept()) == 4
    assert max(await kept()) <= 3600
    await room.join()
    await room.say("/place gomel")
    assert max(await kept()) > 24 * 3600, "as long as it could be given again"
