"""What can happen to the streams: lost, trimmed, emptied, and filled with what nobody of ours wrote."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any, Final

from services.contract import EVENTS_STREAM, deliveries_stream, document
from tests.faults.suite import news
from tests.faults.suite.case import Asked, Case
from tests.faults.suite.house import House, NeverReady, open_house
from tests.faults.suite.table import Row

_CHANNELS: Final = ("email", "telegram", "webhook")
_BACK: Final = 90.0
"""Seconds to wait for what is to come back by itself."""

Spoil = Callable[[dict[str, Any]], None]


async def _trimmed(_asked: Asked) -> list[Row]:
    """Three events that nobody has read are gone from the stream; ingest is there to publish them again."""
    async with open_house(10, 10, 10) as house:
        await house.start("ingest", "notify")
        await house.publish(2)
        await house.settle(60)
        await house.programs.terminate("notify")
        gone = await house.publish(3)
        await house.redis.xtrim(EVENTS_STREAM, maxlen=0, approximate=False)
        await house.start("notify")
        house.back()
        await house.publish(2)
        await house.settle(_BACK)
        return [house.row("three unread events trimmed away", await _in_silence(house, gone))]


async def _in_silence(house: House, gone: list[int]) -> str:
    lost = house.tally(events=gone).lost
    alarm = await house.vestka("alarm", "list")
    return "no alarm tells of them" if lost and alarm.code != 0 else ""


async def _flushed(_asked: Asked) -> list[Row]:
    """Whoever stopped stays stopped; the others get what is new, after an operator has let the channels go on."""
    async with open_house(10, 5, 5) as house:
        await house.start("ingest", "notify")
        await house.publish()
        await house.settle(60)
        stops = [await house.stop_by_link(address) for address in house.readers.addresses()[:3]]
        await house.redis.flushall()
        await house.programs.terminate("notify")
        with contextlib.suppress(NeverReady):  # it may well say that it is not ready
            await house.start("notify")
        await house.publish()
        await asyncio.sleep(5)
        for channel in _CHANNELS:
            await house.vestka("resume", channel)
        house.back()
        await house.publish()
        await house.settle(_BACK)
        refused = [status for status in stops if status != 200]
        return [house.row("FLUSHALL after three stops", f"stops were answered with {refused}" if refused else "")]


async def _no_groups(_asked: Asked) -> list[Row]:
    async with open_house(10, 10, 10) as house:
        for side in house.far_sides:
            side.thinks = 0.5
        await house.start("notify")
        await house.publish(2)
        await house.until_sending(*_CHANNELS)
        with house.fault():
            for stream in (EVENTS_STREAM, *map(deliveries_stream, _CHANNELS)):
                for group in await house.redis.xinfo_groups(stream):
                    await house.redis.xgroup_destroy(stream, group["name"])
            await house.publish()
        await house.publish()
        await house.settle(_BACK)
        return [house.row("every group of every stream destroyed while sending")]


async def _no_deliveries(_asked: Asked) -> list[Row]:
    async with open_house(10, 10, 10) as house:
        for side in house.far_sides:
            side.thinks = 0.5
        await house.start("notify")
        await house.publish(3)
        await house.until_sending(*_CHANNELS)
        with house.fault():
            await house.redis.delete(*map(deliveries_stream, _CHANNELS))
        await house.publish()
        await house.settle(_BACK)
        return [house.row("the deliveries streams deleted while sending")]


async def _no_marks(_asked: Asked) -> list[Row]:
    """What the ledger marks of an event, and the leases: each is lost while half of it is under way."""
    rows = []
    for what, pattern in (("marks", "vestka:ledger:*:pages"), ("leases", "vestka:leases:*")):
        async with open_house(20, 20, 20) as house:
            for side in house.far_sides:
                side.thinks = 0.5
            await house.start("notify", "notify2")
            await house.publish(2)
            await house.until_sending(*_CHANNELS)
            with house.fault():
                await house.redis.delete(*[key async for key in house.redis.scan_iter(pattern)])
            await house.publish()
            await house.settle(_BACK)
            rows.append(house.row(f"the ledger's {what} deleted while two notifiers send"))
    return rows


def _hostile(name: str, what: str, spoil: Spoil, *, bad: bool = True) -> Case:
    """One event that only looks well, and good ones behind it. Not `bad`: it is within the bounds, and may be told."""

    async def run(_asked: Asked) -> list[Row]:
        async with open_house(10, 5, 10) as house:
            await house.start("notify")
            await house.publish()
            await house.settle(60)
            number = house.number()
            await _put(house, number, spoil)
            house.back()
            await house.publish(2)
            await house.settle(_BACK)
            told = sum(one.event == number for side in house.far_sides for one in side.receipts)
            remark = f"it reached {told}" if told and bad else ""
            return [house.row(f"an event with {what}, good ones behind it", remark)]

    return Case(f"hostile-{name}", f"an event with {what}", run)


async def _put(house: House, number: int, spoil: Spoil) -> None:
    """As ingest would make it, but spoilt, and behind its back: the next good one has the same `sequence`."""
    spoilt = document(await news.foresee(house.redis, number))
    spoil(spoilt)
    fields: dict[Any, Any] = {"id": str(spoilt["id"]), "type": str(spoilt["type"]), "event": json.dumps(spoilt)}
    await house.redis.xadd(EVENTS_STREAM, fields)


def _data(**changes: object) -> Spoil:
    return lambda event: event["data"].update(changes)


def _outside(**changes: object) -> Spoil:
    return lambda event: event.update(changes)


def _facts(**changes: object) -> Spoil:
    return lambda event: event["data"]["headline_facts"].update(changes)


CASES = (
    Case("trimmed", "unread events are gone from the stream", _trimmed),
    Case("flushed", "FLUSHALL", _flushed),
    Case("no-groups", "the groups of the streams are destroyed", _no_groups),
    Case("no-deliveries", "the deliveries streams are deleted", _no_deliveries),
    Case("no-marks", "the ledger's marks and leases are deleted", _no_marks),
    _hostile("revision", "revision 50,000,000", _data(revision=50_000_000)),
    _hostile("sequence", "sequence -1", _data(sequence=-1)),
    _hostile("far-sequence", "sequence 10^15", _data(sequence=10**15), bad=False),
    _hostile("time", 'time "yesterday"', _outside(time="yesterday")),
    _hostile("day", "occurred_on 2026-99-99", _data(occurred_on="2026-99-99")),
    _hostile("story", "story_id ../../x", _data(story_id="../../x")),
    _hostile("id", "a line break in its id", _outside(id="story-r1\r\nX-Evil: 1")),
    _hostile("count", "10^30 people", _facts(detained=10**30)),
    _hostile("negative", "-3 people", _facts(detained=-3)),
    _hostile("long", "a place of a million letters", _data(place={"name": "x" * 1_000_000})),
)
