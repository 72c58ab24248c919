"""Nothing is broken, and yet much is to be done at once; and the sender itself is killed."""

from __future__ import annotations

import asyncio
import random
from typing import Final

from tests.faults.suite.case import Asked, Case
from tests.faults.suite.house import open_house
from tests.faults.suite.partner import hand_in
from tests.faults.suite.table import Row

_DEFAULTS = {"VESTKA_RECLAIM_AFTER": "15"}
_CHANNELS = ("email", "telegram", "webhook")


async def _no_fault(asked: Asked) -> list[Row]:
    async with open_house(100, 60, 100, changes=_DEFAULTS) as house:
        for side in house.far_sides:
            side.thinks = 0.2
        await house.start("notify")
        house.back()
        events = len(await house.publish(2 if asked.quick else 15))
        await house.settle(300, quiet=6 if asked.quick else 20)
        too_fast = _too_fast(house.bot.fastest_second())
        return [house.row(f"none: {events} events for 260 readers, all defaults", too_fast, within=60)]


def _cold(endpoints: int) -> Case:
    async def run(_asked: Asked) -> list[Row]:
        async with open_house(webhook=endpoints, changes=_DEFAULTS) as house:
            await house.start("notify")
            house.back()
            await house.publish()
            await house.settle(300, quiet=20)
            return [house.row(f"first event after a start, to {endpoints} endpoints")]

    return Case(f"cold-{endpoints}", f"the first event after a start goes to {endpoints} endpoints", run)


_EVERY: Final = {"telegram": 8}
"""Rounds to an event. What the Bot API's pace leaves for later is no delay of ours, so no more is asked of it."""
_READERS: Final = {"email": (8, 0, 0), "telegram": (0, 60, 0), "webhook": (0, 0, 8)}


def _killed(channel: str) -> Case:
    async def run(asked: Asked) -> list[Row]:
        rounds = min(asked.rounds, 3) if asked.quick else asked.rounds
        async with open_house(*_READERS[channel]) as house:
            side = next(one for one in house.far_sides if one.channel == channel)
            side.thinks = 0.4
            await house.start("notify")
            in_flight = 0
            for number in range(rounds):
                if number % _EVERY.get(channel, 1) == 0:
                    await house.publish()
                await house.until_sending(channel)
                await asyncio.sleep(random.uniform(0, 0.3))
                in_flight += side.inside
                await house.programs.kill("notify")
                house.struck()
                await house.start("notify")
            house.back()
            await house.settle(120)
            fault = f"notify killed {rounds} times while sending: {channel}"
            note = f"{in_flight} in flight at the kills"
            return [house.row(fault, _never(in_flight), channels=[channel], note=note)]

    what = f"notify killed while it sends ({channel}), again and again"
    return Case(f"killed-{channel}", what, run, quick=True, per_round=25.0)


def _never(in_flight: int) -> str:
    return "" if in_flight else "nothing was ever in flight: the kills prove nothing"


def _too_fast(in_a_second: int) -> str:
    """Telegram allows about 30 a second; a few more are the jitter of the way there."""
    return f"{in_a_second} requests to the Bot API within a second" if in_a_second > 33 else ""


async def _terminated(_asked: Asked) -> list[Row]:
    async with open_house(20, 20, 20) as house:
        for side in house.far_sides:
            side.thinks = 1.0
        await house.start("notify")
        await house.publish(2)
        await house.until_sending(*_CHANNELS)
        code = await house.programs.terminate("notify")
        await house.start("notify")
        house.back()
        await house.settle()
        return [house.row("notify asked to end (SIGTERM) while sending", "" if code == 0 else f"it ended with {code}")]


async def _frozen(_asked: Asked) -> list[Row]:
    async with open_house(20, 20, 20) as house:
        for side in house.far_sides:
            side.thinks = 0.4
        await house.start("notify", "notify2")
        await house.publish(3)
        await house.until_sending(*_CHANNELS)
        with house.fault():
            house.programs.freeze("notify")
            await house.publish(2)
            await asyncio.sleep(20)
            house.programs.thaw("notify")
        await house.settle()
        return [house.row("two notifiers, one of them stopped (SIGSTOP) for 20 s")]


async def _two(asked: Asked) -> list[Row]:
    async with open_house(20, 60, 20) as house:
        await house.start("notify", "notify2")
        house.back()
        await house.publish(2 if asked.quick else 4)
        await house.settle(180)
        first = house.row("two notifiers, nothing broken", _too_fast(house.bot.fastest_second()))
        house.bot.usual, house.bot.asked_in_pause = "flood", 0
        house.back()
        again = await house.publish()
        await house.settle(345)
        told = house.bot.asked_in_pause
        remark = f"{told} requests while told to wait" if told > 8 else ""
        limited = house.row(
            "two notifiers, everybody limited for 5 s (429)", remark, channels=["telegram"], events=again
        )
        return [first, limited]


async def _ingest_killed(_asked: Asked) -> list[Row]:
    async with open_house(5, 5, 5) as house:
        await house.start("ingest", "notify")
        handing_in = asyncio.create_task(hand_in(house, 20))
        for _ in range(4):
            await asyncio.sleep(random.uniform(0.3, 1.5))
            await house.programs.kill("ingest")
            await house.start("ingest")
        house.back()
        await handing_in
        await house.settle()
        return [house.row("ingest killed 4 times while 20 reports come in")]


CASES = (
    Case("no-fault", "nothing is broken: many events for many readers", _no_fault, quick=True),
    *(_cold(endpoints) for endpoints in (1, 100, 500, 2000)),
    *(_killed(channel) for channel in _CHANNELS),
    Case("terminated", "notify asked to end while it sends", _terminated),
    Case("frozen", "one of two notifiers stops for a while", _frozen),
    Case("two", "two notifiers share Telegram's limits", _two),
    Case("ingest-killed", "ingest killed while reports come in", _ingest_killed),
)
