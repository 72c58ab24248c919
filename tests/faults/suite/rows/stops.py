"""A stop that was acknowledged is kept, and one address is one reader."""

from __future__ import annotations

import asyncio
import json
from typing import Final

from tests.faults.suite.case import Asked, Case
from tests.faults.suite.house import House, open_house
from tests.faults.suite.table import Row

_PATIENT: Final = {"VESTKA_CHANNELS__EMAIL__DEADLINE": "30"}


async def _by_link(_asked: Asked) -> list[Row]:
    """While their letter is on its way to a slow relay, while it waits for its next try, and then through a crash."""
    async with open_house(email=20, changes=_PATIENT) as house:
        await house.start("notify")
        await house.publish()
        await house.settle(60)
        stopping = house.readers.addresses()[:12]
        house.relay.manners = dict.fromkeys(stopping[6:], "grey-once")
        house.relay.usual = "slow"
        await house.publish()
        await asyncio.sleep(3)
        statuses = {await house.stop_by_link(address) for address in stopping}
        await asyncio.sleep(12)  # as long as the slowest letter takes
        await house.programs.kill("notify")
        house.struck()
        house.relay.usual = "take"
        await house.start("notify")
        house.back()
        await house.publish()
        await house.settle(60, quiet=10)
        return [house.row("12 of 20 readers stop while their letters are on the way", _unless_done(statuses))]


async def _by_command(_asked: Asked) -> list[Row]:
    """Paused while the channels are held: nothing may leave when they go on."""
    async with open_house(telegram=4, webhook=4) as house:
        await house.start("notify")
        await house.publish()
        await house.settle(60)
        for channel in ("telegram", "webhook"):
            await house.vestka("pause", channel)
        await house.publish()
        for number in await _numbers(house):
            await house.vestka("subscriber", "pause", number)
        house.leave(*house.readers.everybody())
        for channel in ("telegram", "webhook"):
            await house.vestka("resume", channel)
        await house.publish()
        await asyncio.sleep(15)
        return [house.row("8 readers are paused while their channels are held")]


async def _twice(_asked: Asked) -> list[Row]:
    """The same address three times, in other letter case; then a stop."""
    async with open_house() as house:
        address = f"reader.{house.readers.mark}@readers.example"
        house.readers.more.append(("email", address))
        await house.start("notify")
        for one in (address, address.upper(), address.title()):
            await _subscribe(house, "email", one)
        house.back()
        await house.publish()
        await house.settle(30)
        statuses = {await house.stop_by_link(address)}
        await house.publish()
        await asyncio.sleep(10)
        return [house.row("one address added three times, and stopped once", _unless_done(statuses))]


async def _moved(_asked: Asked) -> list[Row]:
    """A group becomes another chat that is subscribed already: that one gets each event once."""
    async with open_house() as house:
        old, new = "-4815162", "-1004815162342"
        house.bot.manners[old], house.bot.moved_to[old] = "moved", new
        house.readers.more.append(("telegram", new))
        await house.start("notify")
        for chat in (old, new):
            await _subscribe(house, "telegram", chat)
        house.back()
        await house.publish()
        await house.settle(30)
        await house.publish()
        await house.settle(30, quiet=10)
        asked = len(house.bot.asked[old])
        return [house.row("a group moves to a chat that is known", f"asked {asked} times" if asked > 1 else "")]


async def _erased(_asked: Asked) -> list[Row]:
    """One click in a letter of somebody who was erased since: there is nothing to stop, and that is well (RFC 8058)."""
    async with open_house(email=2) as house:
        await house.start("notify")
        house.back()
        await house.publish()
        await house.settle(60)
        for number in await _numbers(house):
            await house.vestka("subscriber", "erase", number, "--confirm")
        house.leave(*house.readers.everybody())
        statuses = {await house.stop_by_link(address) for address in house.readers.addresses()}
        await house.publish()
        await asyncio.sleep(8)
        return [house.row("one click for readers who were erased", _unless_done(statuses))]


async def _numbers(house: House) -> list[str]:
    listed = json.loads((await house.vestka("subscriber", "list", "--output", "json")).out)
    return [str(subscriber["number"]) for subscriber in listed]


async def _subscribe(house: House, channel: str, target: str) -> None:
    entry = {"channels": [{"channel": channel, "target": target}]}
    await house.vestka("subscriber", "add", "-", say=json.dumps(entry))


def _unless_done(statuses: set[int]) -> str:
    refused = sorted(status for status in statuses if not 200 <= status < 300)
    return f"one click was answered with {refused}" if refused else ""


CASES = (
    Case("stop-link", "readers stop while their letters are on the way", _by_link),
    Case("stop-command", "readers are paused while their channel is held", _by_command),
    Case("twice", "one address is added three times", _twice),
    Case("moved", "a group moves to a chat that is known", _moved),
    Case("erased", "one click for an erased reader", _erased),
)
