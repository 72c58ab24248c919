"""What is to be told to operators: that an alarm began, and that it is over, in the order in which it happened.

Each is written in the step that changes the alarm, so none is lost; each way to the operators reads on from where it
was (see `telling`).
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec
from redis.asyncio import Redis

from services.runtime.clock import unix_of
from services.runtime.retention import Retention
from services.runtime.streams import entries_between

NOTICES: Final = "vestka:alarms:notices"
_TOLD: Final = "vestka:operators:told"
"""A hash: a way to the operators, and the last notice that was accepted there."""
"""Seconds. By age and not by number, so that a flood of alarms pushes out none that is still to be told."""

_BEFORE: Final = 60.0
"""Seconds by which our clock and the server's may differ."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    """Its place in the stream."""
    what: Literal["sounded", "cleared"]
    kind: str
    about: str
    says: str
    since: str
    """RFC 3339: when the alarm began."""
    at: str
    """RFC 3339: when this happened."""


class Notices:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def not_told(self, way: str, most: int) -> list[Notice]:
        """What this way has not accepted yet, the oldest first. A way that is new begins with what sounds now."""
        told: Any = await self._redis.hget(_TOLD, way)
        if told is None:
            told = await self._beginning()
            await self._redis.hsetnx(_TOLD, way, told)
        entries = await entries_between(self._redis, NOTICES, f"({told}", count=most)
        return [_read(entry.id, entry.fields) for entry in entries]

    async def was_told(self, way: str, last: Notice) -> None:
        await self._redis.hset(_TOLD, way, last.id)

    async def _beginning(self) -> str:
        """Just before the oldest alarm that sounds; else the end of what there is."""
        sounding: Any = await self._redis.hvals(ALARMS)
        began = [unix_of(msgspec.json.decode(raw)["since"]) for raw in sounding]
        if began:
            return f"{max(0, int((min(began) - _BEFORE) * 1000))}-0"
        newest: Any = await self._redis.xrevrange(NOTICES, count=1)
        return str(newest[0][0]) if newest else "0-0"


ALARMS: Final = "vestka:alarms"
"""A hash: "<kind> <about>" to the alarm as JSON."""

_TRIM: Final = f"""
redis.call('XTRIM', KEYS[2], 'MINID', '~', (redis.call('TIME')[1] - {Retention.NOTICES}) * 1000)
"""
SOUND: Final = f"""
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', 'what', 'sounded', 'alarm', ARGV[2], 'at', ARGV[3])
{_TRIM}return 1
"""
CLEAR: Final = f"""
local alarm = redis.call('HGET', KEYS[1], ARGV[1])
if not alarm then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('XADD', KEYS[2], '*', 'what', 'cleared', 'alarm', alarm, 'at', ARGV[2])
{_TRIM}return 1
"""


def _read(entry: str, fields: dict[str, str]) -> Notice:
    alarm = msgspec.json.decode(fields["alarm"])
    return msgspec.convert({**alarm, "id": entry, "what": fields["what"], "at": fields["at"]}, Notice)
