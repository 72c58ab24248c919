"""The bot in groups: only administrators change or see anything; a group that moves takes all it had along."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from services.names import fold
from services.subscribers.topics import Interest
from tests.redis.bot_room import GROUP, BotRoom, open_bot_room

BOSS, MEMBER, SUPERGROUP = 31, 32, -1002718281828


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[BotRoom]:
    async with open_bot_room(redis) as room:
        room.chat.people.administrators[GROUP] = {BOSS}
        yield room


@pytest.mark.parametrize("command", ["start", "list", "watch Алесь Бяляцкі", "stop", "erase", "discreet off", "export"])
async def test_a_member_changes_nothing_and_hears_nothing(room: BotRoom, command: str) -> None:
    await room.join(GROUP, user=BOSS)
    before = await room.vault.everybody()
    assert await room.say(f"/{command}", GROUP, user=MEMBER) == []
    for data in ("erase:yes", "stop", "watch:x", "discreet:off"):
        shown = room.newest(GROUP)
        assert await room.press(data, GROUP, user=MEMBER) == shown
    assert await room.vault.everybody() == before
    assert set(list(room.chat.people.pressed.values())[-4:]) == {"Only administrators of the group can change this."}


async def test_an_administrator_changes_it_by_name_or_as_the_group_itself(room: BotRoom) -> None:
    await room.say("/start@vestka_demo_bot", GROUP, user=BOSS)
    assert "everybody sees what comes" in room.newest(GROUP).text
    await room.press(room.button("join:", GROUP), GROUP, user=BOSS)
    await room.say("/place gomel", GROUP, anonymous=True)
    assert (await room.reader(GROUP)).interests == (Interest(regions=("gomel",)),)
    room.chat.people.administrators[GROUP] = set()
    await room.say("/place all", GROUP, user=BOSS)
    assert (await room.reader(GROUP)).interests == (Interest(regions=("gomel",)),), "no longer one"


@pytest.mark.parametrize("text", ["hello all", "/start@another_bot", "/unknown", "stop", "/weather Minsk"])
async def test_what_is_not_said_to_us_is_not_answered(room: BotRoom, text: str) -> None:
    assert await room.say(text, GROUP, user=BOSS) == []


async def test_a_channel_that_writes_into_the_group_is_no_administrator(room: BotRoom) -> None:
    await room.join(GROUP, user=BOSS)
    channel = {"id": -1009, "type": "channel", "title": "x"}
    assert await room.say("/stop", GROUP, user=BOSS, sender_chat=channel) == []
    assert (await room.reader(GROUP)).active


@pytest.mark.parametrize("mode", ["on", "off"])
async def test_no_link_to_what_is_kept_stands_where_every_member_could_follow_it(room: BotRoom, mode: str) -> None:
    await room.join(GROUP, user=BOSS)
    await room.say(f"/discreet {mode}", GROUP, user=BOSS)
    (said,) = await room.say("/export", GROUP, user=BOSS)
    assert [one.url for one in said.markup.buttons() if one.url] == []


@pytest.mark.parametrize("known", [False, True])
async def test_a_group_that_becomes_a_supergroup_goes_on_and_is_one_with_whoever_is_there(
    room: BotRoom, known: bool
) -> None:
    await room.join(GROUP, user=BOSS)
    await room.say("/watch Алесь Бяляцкі", GROUP, user=BOSS)
    if known:
        room.chat.people.administrators[SUPERGROUP] = {BOSS}
        await room.join(SUPERGROUP, user=BOSS)
        await room.say("/watch Марыя Калеснікава", SUPERGROUP, user=BOSS)
    await room.chat.people.upgrade(GROUP, SUPERGROUP)
    await room.done()
    someone = await room.reader(SUPERGROUP)
    persons = {key for one in someone.interests for key in one.persons}
    assert fold("Алесь Бяляцкі") in persons
    assert len(persons) == 1 + known
    addresses = [one.target for each in await room.vault.everybody() for one in each.addresses if one.digest]
    assert addresses == [str(SUPERGROUP)]


async def test_what_is_said_in_a_topic_is_answered_there(room: BotRoom) -> None:
    await room.join(GROUP, user=BOSS)
    (said,) = await room.say("/list", GROUP, user=BOSS, message_thread_id=7, is_topic_message=True)
    assert said.topic == 7
    (said,) = await room.say("/list", GROUP, user=BOSS, message_thread_id=9)
    assert said.topic is None, "a thread of answers is no topic"


async def test_a_member_cannot_use_up_what_an_administrator_may_ask_for(redis: Redis) -> None:
    async with open_bot_room(redis, bot={"commands_per_minute": 10}) as room:
        room.chat.people.administrators[GROUP] = {BOSS}
        await room.join(GROUP, user=BOSS)
        for _ in range(40):
            await room.chat.people.say(GROUP, "/list", user=MEMBER)
        await room.say("/place gomel", GROUP, user=BOSS)
        assert (await room.reader(GROUP)).interests == (Interest(regions=("gomel",)),)
