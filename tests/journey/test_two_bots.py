"""Two bots by whole services: whoever joined by the discreet one hears by it, and moves by a word to the other."""

from __future__ import annotations

import asyncio

from services.demo.bot_chat import DISCREET_BOT, ChatMessage
from services.demo.bot_stand_in import TelegramStandIn
from services.demo.sample_article import pardon, pardon_update
from services.demo.stage import free_ports
from tests.road import PATIENCE, Road, eventually
from tests.store import streams_in

READER, TOKEN = 1618033988, "5511223344:a-token-of-the-second-bot"


def heard(chat: TelegramStandIn) -> list[ChatMessage]:
    """Alerts: what bears a link that stops them."""
    return [one for one in chat.messages if "/stop/" in one.source]


async def done(chat: TelegramStandIn) -> None:
    async with asyncio.timeout(PATIENCE):
        await chat.updates.confirmed()


async def test_whoever_joined_by_the_discreet_bot_hears_by_it_until_they_move(road: Road) -> None:
    ports = free_ports("public", "private")
    road.ports["portal"] = ports["private"]
    usual, discreet = road.stage.chat, TelegramStandIn(TOKEN, named=DISCREET_BOT)
    usual.second = discreet
    road.environment |= {
        "VESTKA_PORTAL_PORT": str(ports["public"]),
        "VESTKA_PORTAL_PRIVATE_PORT": str(ports["private"]),
        "VESTKA_CHANNELS__TELEGRAM__DISCREET__TOKEN": TOKEN,
        "VESTKA_CHANNELS__TELEGRAM__DISCREET__NAME": DISCREET_BOT[1],
    }
    await road.start("ingest", "notify", "portal")
    await discreet.people.say(READER, "/start", language="ru")
    await done(discreet)
    await discreet.people.press(READER, discreet.messages[-1].message_id, "join:ru", language="ru")
    await done(discreet)
    assert (await road.hand_in(pardon())).event is not None
    await eventually(lambda: len(heard(discreet)) == 1, "the alert by the discreet bot")
    assert heard(discreet)[0].protected
    assert heard(usual) == []

    await usual.people.say(READER, "/start", language="ru")
    await done(usual)
    await road.hand_in(pardon_update())
    await eventually(lambda: len(heard(usual)) == 1, "what follows by the other bot")
    assert heard(usual)[0].reply_to is None
    assert len(heard(discreet)) == 1

    left = road.log.read_text() + await streams_in(road.redis)
    assert not [one for one in (str(READER), TOKEN, TOKEN.partition(":")[2], DISCREET_BOT[1]) if one in left]
