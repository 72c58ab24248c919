"""A far side that everybody shares is away, slow or refuses us: nobody is lost, and all come when it is back."""

from __future__ import annotations

import asyncio
from typing import Final

from tests.faults.suite.case import Asked, Case
from tests.faults.suite.far_sides.base import FarSide
from tests.faults.suite.house import House, open_house
from tests.faults.suite.table import Row

_AWAY: Final = 20.0
"""Seconds an outage lasts."""
_PATIENCE: Final = 345.0
"""Seconds to wait for what waits for the second step of the schedule: late is late, but not lost."""
_THIRD_COPY: Final = 320.0
"""Seconds after a second copy within which a third would come, if there were one."""


async def _away(asked: Asked) -> list[Row]:
    """All three far sides at once: each row counts its own."""
    async with open_house(10, 10, 10) as house:
        await house.start("notify")
        await house.publish()
        await house.settle(60)
        with house.fault():
            async with house.relay.away(), house.bot.away(), house.hooks.away():
                during = await house.publish()
                await asyncio.sleep(5 if asked.quick else _AWAY)
        after = await house.publish()
        await house.settle(45 if asked.quick else _PATIENCE, quiet=3)
        return [
            house.row(f"{what} away for {5 if asked.quick else 20} s", channels=[channel], events=during + after)
            for what, channel in (
                ("the mail relay", "email"),
                ("the Bot API", "telegram"),
                ("all endpoints", "webhook"),
            )
        ]


async def _manner(house: House, channel: str, manner: str, fault: str) -> Row:
    """One far side has a manner for a while, with an event in the middle of it; then it is well again."""
    side = next(one for one in house.far_sides if one.channel == channel)
    with house.fault():
        side.usual = manner
        during = await house.publish()
        await asyncio.sleep(_AWAY)
        side.usual = "take"
    asked = sum(len(times) for times in side.asked.values())
    after = await house.publish()
    await house.settle(_PATIENCE)
    return house.row(
        fault, channels=[channel], events=during + after, note=f"asked {asked} times by then" if asked else ""
    )


def _outage(name: str, channel: str, manner: str, fault: str) -> Case:
    async def run(_asked: Asked) -> list[Row]:
        async with open_house(*_readers(channel, 10)) as house:
            await house.start("notify")
            return [await _manner(house, channel, manner, f"{fault} for 20 s")]

    return Case(name, fault, run)


def _readers(channel: str, count: int) -> tuple[int, int, int]:
    """So many of this channel and none of the others, as `open_house` takes them."""
    email, telegram, webhook = (count if one == channel else 0 for one in ("email", "telegram", "webhook"))
    return email, telegram, webhook


async def _lost_answers(_asked: Asked) -> list[Row]:
    """Nobody can know whether such a message came; so it is sent a second time, and then an operator is asked."""
    async with open_house(5, 5, 5) as house:
        await house.start("notify")
        for side in house.far_sides:
            side.usual = "lost"
        await house.publish()
        await house.settle(60, quiet=_THIRD_COPY)
        return [
            house.row(f"every answer is lost: {side.channel}", _too_many(side), channels=[side.channel])
            for side in house.far_sides
        ]


def _too_many(side: FarSide) -> str:
    """A webhook has an id by which repeats are known, so it goes by its schedule: three times in these minutes."""
    found, most = max((len(times) for times in side.asked.values()), default=0), 3 if side.channel == "webhook" else 2
    return f"{found} copies of one message, where {most} are the most" if found > most else ""


_REFUSALS: Final = {
    "relay": "550 5.7.1 relaying denied",
    "sender": "550 5.7.1 sender rejected",
    "helo": "550 5.5.0 HELO rejected",
    "login": "530 5.7.0 login wanted",
}

CASES = (
    Case("away", "the mail relay, the Bot API and all endpoints are away for a while", _away, quick=True),
    _outage("relay-closing", "email", "closing", "the mail relay says 421"),
    _outage("relay-slow", "email", "slow", "the mail relay takes two seconds an answer"),
    _outage("relay-hangs", "email", "hang-once", "the mail relay takes each letter once and hangs"),
    *(_outage(f"refused-{one}", "email", one, f"the mail relay refuses us: {said}") for one, said in _REFUSALS.items()),
    _outage("bot-failing", "telegram", "failing", "the Bot API answers 502"),
    _outage("bot-token", "telegram", "token", "the Bot API refuses the token (401)"),
    _outage("bot-limit", "telegram", "limit-once", "the Bot API limits every chat once (429)"),
    _outage("bot-slow", "telegram", "slow", "the Bot API takes two seconds"),
    _outage("hooks-slow", "webhook", "slow", "endpoints take two seconds"),
    _outage("hooks-failing", "webhook", "failing", "endpoints answer 500"),
    Case("answers-lost", "every answer of every far side is lost", _lost_answers),
)
