"""One reader's side misbehaves: nobody else notices, and what comes again comes under the same id."""

from __future__ import annotations

from typing import Final

from tests.faults.suite.case import Asked, Case
from tests.faults.suite.house import House, open_house
from tests.faults.suite.table import Row

_NOBODY_WAITS: Final = 15.0
"""Seconds within which those have theirs who are well."""


async def _mixed(_asked: Asked) -> list[Row]:
    """A few of each channel misbehave in ways that pass."""
    async with open_house(12, 12, 12) as house:
        people = house.readers
        _manners(house, 0, people.addresses(), "grey-once", "lost-once", "slow")
        _manners(house, 1, people.chats(), "failing-once", "lost-once", "limit-once", "unparsable")
        _manners(house, 2, people.endpoints(), "failing-once", "lost-once", "busy-once", "missing-once", "slow")
        await house.start("notify")
        house.back()
        await house.publish(2)
        await house.settle(345)
        named = (("email", "450, answer lost"), ("telegram", "502, answer lost, 429, markup"))
        rows = [house.row(f"some readers' sides, once: {what}", channels=[one]) for one, what in named]
        hooks = "some endpoints, once: 500, reset after the body, 503, 404"
        return [*rows, house.row(hooks, channels=["webhook"])]


async def _for_good(_asked: Asked) -> list[Row]:
    """Readers who are gone are asked once, and never at the next event."""
    async with open_house(10, 10, 10) as house:
        people = house.readers
        _manners(house, 0, people.addresses(), "unknown")
        _manners(house, 1, people.chats(), "unknown", "blocked")
        _manners(house, 2, people.endpoints(), "gone")
        house.spared = {
            ("email", people.addresses()[0]),
            *(("telegram", chat) for chat in people.chats()[:2]),
            ("webhook", people.endpoints()[0]),
        }
        await house.start("notify")
        house.back()
        await house.publish()
        await house.settle(60)
        await house.publish()
        await house.settle(60)
        sides = {side.channel: side for side in house.far_sides}
        again = [f"{one} was asked {n} times" for one, who in house.spared if (n := len(sides[one].asked[who])) != 1]
        return [house.row("readers who are gone (550 5.1.1, chat not found, blocked, 410), two events", *again)]


async def _odd_endpoints(_asked: Asked) -> list[Row]:
    """What is stated as taken is taken, whatever comes after it; what refuses costs nobody else anything."""
    async with open_house(webhook=40) as house:
        names = house.readers.endpoints()
        taking, refusing = ("drip", "flood", "flawed"), ("redirect", "nonsense", "hang", "silent")
        _manners(house, 2, names, *taking, *refusing)
        house.spared = {("webhook", name) for name in names[len(taking) : len(taking) + len(refusing)]}
        await house.start("notify")
        house.back()
        await house.publish(2)
        await house.settle(60, quiet=10)
        return [house.row("odd endpoints among 40: endless bodies, redirects, no HTTP, hanging", within=_NOBODY_WAITS)]


async def _one_chat(_asked: Asked) -> list[Row]:
    async with open_house(telegram=20) as house:
        held = house.readers.chats()[0]
        house.bot.manners[held] = "long"
        house.spared = {("telegram", held)}
        await house.start("notify")
        house.back()
        await house.publish()
        await house.settle(45)
        await house.publish()
        await house.settle(45)
        return [house.row("one chat is told to wait for an hour (429), two events for the others")]


async def _flawed(asked: Asked) -> list[Row]:
    async with open_house(webhook=10) as house:
        house.hooks.usual = "flawed"
        await house.start("notify")
        house.back()
        await house.publish()
        await house.settle(30, quiet=8 if asked.quick else 20)
        return [house.row("endpoints answer 200 with a header line that is none")]


async def _one_host(_asked: Asked) -> list[Row]:
    async with open_house(webhook=120, hosts=1) as house:
        hanging = house.readers.endpoints()[:50]
        house.hooks.manners = dict.fromkeys(hanging, "hang")
        house.spared = {("webhook", name) for name in hanging}
        await house.start("notify")
        house.back()
        await house.publish(3)
        await house.settle(120)
        return [house.row("50 of 120 endpoints of one host hang, three events for the others", within=_NOBODY_WAITS)]


def _manners(house: House, side: int, readers: list[str], *manners: str) -> None:
    house.far_sides[side].manners.update(zip(readers, manners, strict=False))


CASES = (
    Case("mixed", "some readers' sides misbehave once", _mixed),
    Case("for-good", "some readers are gone for good", _for_good),
    Case("odd-endpoints", "endpoints misbehave in many ways at once", _odd_endpoints),
    Case("one-chat", "one chat has to wait for an hour", _one_chat),
    Case("flawed-answer", "a 2xx with a flawed header line", _flawed, quick=True),
    Case("one-host", "many endpoints of one host hang", _one_host),
)
