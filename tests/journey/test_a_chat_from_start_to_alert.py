"""Somebody joins by a chat, hears of what happens, blocks the bot, lets it in again, and stops: by whole services."""

from __future__ import annotations

import asyncio

from services.demo.bot_chat import ChatMessage
from services.demo.sample_article import pardon, pardon_update
from services.demo.stage import free_ports
from tests.road import PATIENCE, Road, eventually

CHAT, OTHER = 1414213562, 1732050807


def heard(road: Road, chat_id: int) -> list[ChatMessage]:
    """Alerts: what bears a link that stops them."""
    return [one for one in road.stage.chat.messages if one.chat_id == chat_id and "/stop/" in one.source]


async def say(road: Road, text: str, chat_id: int = CHAT) -> None:
    await road.stage.chat.people.say(chat_id, text, language="ru")
    await done(road)


async def press(road: Road, data: str, chat_id: int = CHAT) -> None:
    (*_, newest) = [one for one in road.stage.chat.messages if one.chat_id == chat_id]
    await road.stage.chat.people.press(chat_id, newest.message_id, data, language="ru")
    await done(road)


async def done(road: Road) -> None:
    async with asyncio.timeout(PATIENCE):
        await road.stage.chat.updates.confirmed()


async def test_who_joins_by_a_chat_hears_of_it_there_until_they_stop(road: Road) -> None:
    ports = free_ports("public", "private")
    road.ports["portal"] = ports["private"]
    road.environment["VESTKA_PORTAL_PORT"] = str(ports["public"])
    road.environment["VESTKA_PORTAL_PRIVATE_PORT"] = str(ports["private"])
    await road.start("ingest", "notify", "portal")
    for chat in (CHAT, OTHER):
        await say(road, "/start", chat)
        await press(road, "join:ru", chat)
    await say(road, "/discreet off")
    assert (await road.hand_in(pardon())).event is not None
    await eventually(lambda: len(heard(road, CHAT)) == len(heard(road, OTHER)) == 1, "the alert in both chats")
    plain, discreet = heard(road, CHAT)[0], heard(road, OTHER)[0]
    assert "помилованы" in plain.text
    assert not plain.protected
    assert discreet.protected

    await road.stage.chat.people.block(OTHER)
    await road.stage.chat.people.unblock(OTHER)
    await say(road, "/stop")
    await road.hand_in(pardon_update())
    await eventually(lambda: len(heard(road, OTHER)) == 2, "the revision where it was let in again")
    assert len(heard(road, CHAT)) == 1, "after a stop nothing comes"
