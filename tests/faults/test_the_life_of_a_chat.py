"""A chat from its first word to its last, by real processes: killed while it answers, the bot does nothing twice, and
of whoever wrote there nothing is left on the machine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.demo.stage import free_ports
from services.names import fold
from services.subscribers.subscriber import Subscriber
from tests.marks import Found, Marks, told
from tests.road import PATIENCE, Road, eventually
from tests.store import everything_in

CHAT, STRANGER = 4815162342, 1618033988749
NAME, OTHER = "Здзіслава Канарэйчык", "Феафілакт Канарэйкін"


@pytest.fixture
async def with_bot(road: Road) -> Road:
    ports = free_ports("public", "private")
    road.ports["portal"] = ports["private"]
    road.environment |= {
        "VESTKA_PORTAL_PORT": str(ports["public"]),
        "VESTKA_PORTAL_PRIVATE_PORT": str(ports["private"]),
        "VESTKA_LOG_LEVEL": "debug",
    }
    await road.redis.config_set("rdbcompression", "no")  # or a mark could stand in a file and not be found
    await road.start("notify", "portal")
    return road


async def reader(road: Road) -> Subscriber:
    found = await road.vault.by_address("telegram", str(CHAT))
    assert found is not None
    return found


async def say(road: Road, text: str, chat_id: int = CHAT) -> None:
    await road.stage.chat.people.say(chat_id, text)
    await done(road)


async def press(road: Road, data: str) -> None:
    (*_, newest) = [one for one in road.stage.chat.messages if one.chat_id == CHAT]
    await road.stage.chat.people.press(CHAT, newest.message_id, data)
    await done(road)


async def done(road: Road) -> None:
    async with asyncio.timeout(PATIENCE):
        await road.stage.chat.updates.confirmed()


async def test_a_kill_while_the_bot_answers_does_nothing_twice_and_loses_nothing(with_bot: Road) -> None:
    road, chat = with_bot, with_bot.stage.chat
    await say(road, "/start")
    await press(road, "join:en")

    async def kill() -> None:
        chat.before_answer = None
        await road.kill("portal")

    for command in (f"/watch {NAME}", "/place gomel", "/unwatch 1", f"/watch {OTHER}"):
        chat.before_answer = kill  # the answer has arrived, and the bot is not told
        await chat.people.say(CHAT, command)
        await eventually(lambda: "portal" not in road.processes, f"killed at {command.split()[0]}")
        await chat.people.say(CHAT, "/language be")
        await road.start("portal")
        await done(road)
    someone = await reader(road)
    assert [one.persons for one in someone.interests] == [(), (fold(OTHER),)]
    assert (someone.interests[0].regions, someone.language) == (("gomel",), "be")
    assert len(await road.vault.everybody()) == 1


async def test_nothing_of_whoever_talked_to_the_bot_is_on_a_machine_that_is_taken_away(
    with_bot: Road, tmp_path: Path
) -> None:
    road = with_bot
    marks = Marks(
        {"chat": str(CHAT), "another chat": str(STRANGER), "name": NAME, "other": OTHER, "token": road.stage.token}
    )
    await say(road, f"/start {NAME}", STRANGER)
    await say(road, f"/watch {NAME}", STRANGER)
    await say(road, "/start")
    await press(road, "join:be")
    for text in (f"/watch {NAME}", "/discreet off", f"/watch {OTHER}", "/list", f"/unwatch {NAME}", f"/place {NAME}"):
        await say(road, text)
    for text in ("/export", f"/language {NAME}", f"/quiet {NAME}", f"/frequency {NAME}", f"/{NAME}", NAME):
        await say(road, text)
    for text in (f"/list not {NAME}", f"/list articles {NAME}", f"/list {NAME}", "/list more", "/frequency 2 daily"):
        await say(road, text)
    await say(road, "/export")
    await press(road, "export:file")
    await road.stage.chat.people.block(CHAT)
    await road.stage.chat.people.unblock(CHAT)
    await done(road)
    assert not (found := await search(road.redis, marks, tmp_path)), told(found)

    await say(road, "/erase")
    async with asyncio.timeout(60):
        await press(road, "erase:yes")
        while await road.vault.everybody():
            await asyncio.sleep(0.1)
    assert not (found := await search(road.redis, marks, tmp_path)), told(found)
    digest = await road.vault.digest_of("telegram", str(CHAT))
    assert digest not in await everything_in(road.redis)
    assert "subscriber_erased" in road.log.read_text(), "the log is where we look"


async def search(redis: Redis, marks: Marks, folder: Path) -> list[Found]:
    """After Redis has written down all that it holds."""
    await redis.save()
    found = marks.look("keys and values", (await everything_in(redis)).encode())
    return found + in_files(marks, folder)


def in_files(marks: Marks, folder: Path) -> list[Found]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return [one for file in files for one in marks.look(str(file.relative_to(folder)), file.read_bytes())]
