"""Alerts by two bots, from the stream to the stand-in for the Bot API: whose bot, in which mode, what moving does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
import pytest
from redis.asyncio import Redis

from services.demo.bot_chat import DISCREET_BOT, ChatMessage
from services.demo.bot_limits import BotLimits, Limit
from services.demo.bot_rules import BLOCKED
from services.demo.bot_stand_in import TelegramStandIn
from services.egress import Egress
from services.notify.channels import ChannelSettings, open_channels
from services.notify.throttle.shared_send_rate import forget_chats
from services.subscribers.address import Address, Bot, Mode
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest
from tests.conformance.far_sides import LOOPBACK
from tests.redis.house import House
from tests.redis.samples import SINCE, pardon
from tests.redis.test_bot_discreet import in_sight

USUAL, DISCREET = "4200:the-usual-one", "4300:the-discreet-one"
READER = 7001001337
_LIMITS = BotLimits(overall=Limit(1000, 1), chat=Limit(1000, 1), group=Limit(1000, 1))


@dataclass
class Street:
    house: House
    usual: TelegramStandIn
    discreet: TelegramStandIn

    async def subscribe(self, bot: Bot | None, mode: Mode = "plain") -> Subscriber:
        address = StoredAddress(channel="telegram", target=str(READER), bot=bot)
        new = Subscriber(number=0, since=SINCE, addresses=(address,), interests=(Interest(),), mode=mode)
        return await self.house.vault.add(new)

    async def move(self, someone: Subscriber, bot: Bot | None) -> None:
        def moved(known: Subscriber) -> Subscriber:
            addresses = tuple(msgspec.structs.replace(one, bot=bot) for one in known.addresses)
            return msgspec.structs.replace(known, addresses=addresses)

        await self.house.vault.amend(someone.number, moved)

    def heard(self) -> tuple[list[ChatMessage], list[ChatMessage]]:
        return self.usual.messages, self.discreet.messages


@pytest.fixture
async def street(redis: Redis) -> AsyncIterator[Street]:
    discreet = TelegramStandIn(DISCREET, limits=_LIMITS, named=DISCREET_BOT)
    usual = TelegramStandIn(USUAL, limits=_LIMITS, second=discreet)
    await usual.start()
    egress, house = Egress(LOOPBACK), House(redis)
    given = {"token": USUAL, "discreet": {"token": DISCREET}, "api_base": usual.base_url, "per_chat_per_second": 1000}
    settings = ChannelSettings.model_validate({"telegram": given})
    house.add(open_channels(settings, egress, redis)["telegram"])
    await house.changes.open()
    yield Street(house, usual, discreet)
    await house.changes.close()
    await egress.close()
    await usual.stop()


async def test_an_alert_leaves_by_the_readers_bot_and_by_no_other(street: Street) -> None:
    await street.subscribe("discreet")
    await street.house.deliver(pardon())
    usual, discreet = street.heard()
    assert (len(usual), len(discreet)) == (0, 1)


async def test_what_the_discreet_bot_brings_is_covered_though_its_reader_chose_otherwise(street: Street) -> None:
    await street.subscribe("discreet", "plain")
    await street.house.deliver(pardon())
    (told,) = street.discreet.messages
    assert told.protected
    assert "Belarus" not in in_sight(told)
    assert "Belarus" in told.text


async def test_in_the_usual_bot_the_mode_is_as_it_was_chosen(street: Street) -> None:
    await street.subscribe(None, "plain")
    await street.house.deliver(pardon())
    (told,) = street.usual.messages
    assert not told.protected


async def test_after_a_move_what_follows_comes_by_the_new_bot_once_and_answers_to_nothing_there(street: Street) -> None:
    someone = await street.subscribe(None)
    await street.house.deliver(pardon())
    await street.move(someone, "discreet")
    await street.house.deliver(pardon(revision=2))
    usual, discreet = street.heard()
    assert (len(usual), len(discreet)) == (1, 1)
    assert discreet[0].reply_to is None
    await street.house.deliver(pardon(revision=3))
    assert len(street.usual.messages) == 1


async def test_the_old_bots_word_that_it_was_blocked_ends_nothing_at_the_new_one(street: Street) -> None:
    someone = await street.subscribe(None)
    tried = Address("telegram", str(READER))
    await street.move(someone, "discreet")
    await street.house.vault.end_address(someone.number, "telegram", "blocked", tried)
    await street.house.deliver(pardon())
    assert len(street.discreet.messages) == 1


async def test_a_bot_that_was_blocked_ends_the_chat_that_it_writes_to(street: Street) -> None:
    someone = await street.subscribe("discreet")
    street.discreet.troubles[READER] = BLOCKED
    await street.house.deliver(pardon())
    (address,) = (await street.house.vault.get(someone.number)).addresses
    assert address.ended == "blocked"


async def test_an_erased_reader_leaves_no_pace_of_either_bot(street: Street, redis: Redis) -> None:
    for bot in (None, "discreet"):
        someone = await street.subscribe("discreet" if bot else None)
        await street.house.deliver(pardon())
        await street.house.vault.erase(someone.number)
        await forget_chats(redis, [someone.number])
        assert [key async for key in redis.scan_iter(f"vestka:pace:telegram*:{someone.number}*")] == []


@pytest.mark.parametrize("trouble", ["revoked", "blocked", "none"])
async def test_no_log_bears_either_token_or_the_chat(
    street: Street, capsys: pytest.CaptureFixture[str], trouble: str
) -> None:
    await street.subscribe("discreet")
    if trouble == "revoked":
        street.usual.second = None
    if trouble == "blocked":
        street.discreet.troubles[READER] = BLOCKED
    await street.house.deliver(pardon())
    said = "".join(capsys.readouterr())
    assert "event_routed" in said
    assert not [one for one in (USUAL, DISCREET, "the-discreet", str(READER)) if one in said]
