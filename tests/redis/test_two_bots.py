"""Two bots, the second under a name that says nothing: who is written to by which, and what each gives away."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from services.demo.bot_chat import DISCREET_BOT
from services.subscribers.exported import plain_line
from services.subscribers.subscriber import StoredAddress
from tests.letters import LANGUAGES
from tests.redis.bot_room import GROUP, READER, BotRoom, open_bot_room
from tests.redis.test_bot_discreet import COMMANDS, NAME, TELLING, in_sight

URL = f"https://t.me/{DISCREET_BOT[1]}"


@pytest.fixture
async def room(redis: Redis) -> AsyncIterator[BotRoom]:
    async with open_bot_room(redis, two=True) as room:
        yield room


async def address_of(room: BotRoom, chat_id: int = READER) -> StoredAddress:
    (address,) = (await room.reader(chat_id)).addresses
    return address


async def test_whoever_begins_with_a_bot_is_written_to_by_it(room: BotRoom) -> None:
    await room.second.join(discreet=True)
    await room.join(READER + 1)
    assert (await address_of(room)).bot == "discreet"
    assert (await address_of(room, READER + 1)).bot is None


async def test_the_last_start_decides_and_there_is_one_subscription(room: BotRoom) -> None:
    await room.join()
    await room.say(f"/watch {NAME}")
    known = await room.reader()
    (said,) = await room.second.say("/start")
    assert "come by this bot" in said.text
    assert (await address_of(room)).bot == "discreet"
    (again,) = await room.second.say("/start")
    assert "come by this bot" not in again.text
    await room.say("/start")
    assert (await address_of(room)).bot is None
    assert await room.vault.everybody() == [known], "and nothing else was changed"


@pytest.mark.parametrize("command", [one for one in COMMANDS if one != "/start"])
async def test_no_other_word_to_the_other_bot_moves_anybody(room: BotRoom, command: str) -> None:
    await room.join()
    await room.second.say(command)
    assert (await address_of(room)).bot is None


async def test_a_press_on_an_old_button_of_the_other_bot_moves_as_well(room: BotRoom) -> None:
    await room.second.say("/start")
    button, number = room.second.button("join:"), room.second.newest().message_id
    await room.join()
    assert (await address_of(room)).bot is None
    await room.second.press(button, message=number)
    assert (await address_of(room)).bot == "discreet"
    assert len(await room.vault.everybody()) == 1


async def test_whoever_paused_stays_paused_and_moves(room: BotRoom) -> None:
    await room.join()
    await room.say("/pause")
    await room.second.say("/start")
    someone = await room.reader()
    assert not someone.active
    assert someone.addresses[0].bot == "discreet"


async def test_whoever_stopped_comes_back_by_the_bot_that_they_come_back_to(room: BotRoom) -> None:
    await room.join()
    await room.say("/stop")
    await room.second.say("/start")
    assert (await address_of(room)).bot is None, "nothing is taken up again unasked"
    await room.second.press("back")
    someone = await room.reader()
    assert someone.active
    assert someone.addresses[0].bot == "discreet"


async def test_blocking_the_bot_that_one_left_ends_nothing(room: BotRoom) -> None:
    await room.join()
    await room.second.say("/start")
    await room.chat.people.block(READER)
    await room.done()
    assert (await address_of(room)).ended is None
    await room.second.chat.people.block(READER)
    await room.second.done()
    assert (await address_of(room)).ended == "blocked"
    await room.chat.people.unblock(READER)
    await room.done()
    assert (await address_of(room)).ended == "blocked", "the other one was let in, which does not write there"
    await room.second.chat.people.unblock(READER)
    await room.second.done()
    assert (await address_of(room)).ended is None


async def test_whoever_blocked_one_begins_with_the_other_and_loses_nothing(room: BotRoom) -> None:
    await room.join()
    await room.say(f"/watch {NAME}")
    before = (await room.reader()).interests
    await room.chat.people.block(READER)
    await room.done()
    await room.second.say("/start")
    await room.second.press("back")
    someone = await room.reader()
    assert (someone.interests, someone.addresses[0].bot, someone.addresses[0].ended) == (before, "discreet", None)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_discreet_bot_gives_nothing_away_whatever_the_mode(room: BotRoom, language: str) -> None:
    two = room.second
    (welcome,) = await two.say("/start", language=language)
    assert not TELLING.search(in_sight(welcome)), in_sight(welcome)
    assert welcome.protected
    await two.press(two.button("join:"), language=language)
    await room.say("/discreet off", language=language)
    assert (await room.reader()).mode == "plain"
    for command in COMMANDS:
        (said,) = await two.say(command, language=language)
        assert not TELLING.search(in_sight(said)), (command, in_sight(said))
        assert said.protected, command
        assert said.silent, command
    assert two.chat.refusals == []


async def test_nobody_ends_the_cover_of_the_discreet_bot_from_within(room: BotRoom) -> None:
    await room.second.join(discreet=True)
    (said,) = await room.second.say("/discreet off")
    assert (await room.reader()).mode == "discreet"
    assert "always" in said.text
    assert "https://t.me/vestka_demo_bot" in said.text
    assert not TELLING.search(in_sight(said))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_usual_bot_tells_of_the_discreet_one(room: BotRoom, language: str) -> None:
    (welcome,) = await room.say("/start", language=language)
    assert URL in welcome.text
    await room.press(room.button("join:"), language=language)
    (said,) = await room.say("/discreet", language=language)
    assert URL in said.text
    assert URL not in in_sight(said)


async def test_what_the_discreet_bot_says_of_itself_says_nothing(room: BotRoom) -> None:
    await room.second.say("/start")
    people = room.second.chat.people
    assert set(people.descriptions) == {
        (what, code) for what in ("description", "short_description") for code in ("", *LANGUAGES)
    }
    offered = [text for commands in people.commands.values() for text in (*commands, *commands.values())]
    for text in (*people.descriptions.values(), *offered):
        assert not TELLING.search(text), text
    assert room.chat.people.descriptions == {}, "of the other bot its owner says what they want"


async def test_one_refused_token_keeps_the_other_bot_from_nothing(room: BotRoom) -> None:
    room.chat.second = None  # from here on its token is nobody's
    (said,) = await room.say("/start")
    assert said.text


async def test_two_updates_of_one_number_are_two(room: BotRoom) -> None:
    """Each bot numbers what it tells by itself; in the stand-in both begin with the same number."""
    assert await room.say("/start")
    assert await room.second.say("/start")


async def test_erasing_from_either_bot_leaves_nothing(room: BotRoom) -> None:
    await room.join()
    await room.second.say("/start")
    await room.say("/erase")
    last = await room.press("erase:yes")
    assert await room.vault.everybody() == []
    assert not TELLING.search(in_sight(last))
    (said,) = await room.second.say("/list")
    assert room.second.button("join:")
    assert said.protected


async def test_in_a_group_only_an_administrator_moves_it(room: BotRoom) -> None:
    for chat in (room.chat, room.second.chat):
        chat.people.administrators[GROUP] = {READER}
    await room.join(GROUP, user=READER)
    await room.second.say("/start", GROUP, user=READER + 1)
    assert (await address_of(room, GROUP)).bot is None
    await room.second.say("/start", GROUP, user=READER)
    assert (await address_of(room, GROUP)).bot == "discreet"


async def test_a_group_that_gets_a_new_number_goes_on_with_its_bot(room: BotRoom) -> None:
    new = -1_004_815_162_342
    for chat in (room.chat, room.second.chat):
        chat.people.administrators[GROUP] = {READER}
    await room.second.join(GROUP, discreet=True, user=READER)
    for one in (room, room.second):
        await one.chat.people.upgrade(GROUP, new)
        await one.done()
    assert (await address_of(room, new)).bot == "discreet"
    assert len(await room.vault.everybody()) == 1


async def test_what_a_reader_takes_along_names_the_bot(room: BotRoom) -> None:
    await room.second.join(discreet=True)
    assert plain_line(await room.reader())["channels"] == [
        {"channel": "telegram", "target": str(READER), "bot": "discreet"}
    ]
