"""Events that were published lately, kept beside their stream: what is lost from the stream can be put back.

Ingest keeps every event in the transaction that publishes it. Notify, which misses one, names it in `WANTED`; ingest
puts it on the stream once more, as it was, with the same id: so the ledger keeps silent towards those who got it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from services.contract import EVENTS_STREAM, Event, Undecodable, decode_event
from services.runtime.retention import Retention
from services.runtime.streams import all_entries

SEQUENCE: Final = "vestka:events:sequence"
"""The sequence of the newest event."""
ORDER: Final = "vestka:events:order"
"""The ids of the newest events, sorted by their sequence."""
WANTED: Final = "vestka:events:wanted"
"""The ids of those to be published again, sorted by when somebody asked (Unix milliseconds)."""

_MOST_KEPT: Final = 5_000
_AT_ONCE: Final = 100

_PUT_BACK: Final = """
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
local event = redis.call('GET', KEYS[2])
if not event then return 0 end
redis.call('XADD', KEYS[3], '*', 'id', ARGV[1], 'type', ARGV[2], 'event', event)
return 1
"""
"""Of two processes that see one request, one carries it out."""


class _Typed(msgspec.Struct):
    type: str


def keep(pipe: Pipeline, event: Event, encoded: str) -> None:
    """Queues the writes that belong into the transaction by which the event is published."""
    pipe.set(_key(event.id), encoded, ex=Retention.EVENTS_BESIDE)
    pipe.zadd(ORDER, {event.id: event.data.sequence})
    pipe.zremrangebyrank(ORDER, 0, -_MOST_KEPT - 1)


class KeptEvents:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._put_back = redis.register_script(_PUT_BACK)

    async def want(self, event_ids: Iterable[str], now: float) -> None:
        """Asks that these be published again. `now`: Unix seconds."""
        asked = dict.fromkeys(event_ids, int(now * 1000))
        if asked:
            await self._redis.zadd(WANTED, asked, nx=True)

    async def put_back(self, event_ids: Iterable[str], now: float) -> list[str]:
        """Now, without waiting for ingest. `now`: Unix seconds."""
        ids = list(event_ids)
        await self.want(ids, now)
        return [event_id for event_id in ids if await self._carry_out(event_id)]

    async def put_back_wanted(self) -> list[str]:
        """The ids of what was put on the stream once more; a request for what is not kept comes to nothing."""
        wanted: Any = await self._redis.zrange(WANTED, 0, _AT_ONCE - 1)
        return [event_id for event_id in wanted if await self._carry_out(event_id)]

    async def events(self, event_ids: Sequence[str]) -> dict[str, Event]:
        """Those of these events that are kept, by id."""
        raws: Any = await self._redis.mget([_key(event_id) for event_id in event_ids]) if event_ids else []
        found = {one: _read(raw) for one, raw in zip(event_ids, raws, strict=True) if raw is not None}
        return {one: event for one, event in found.items() if event is not None}

    async def lost_from_stream(self) -> list[Event]:
        """What is kept and stands no longer on the stream, the oldest first."""
        there = {entry.fields.get("id") async for entry in all_entries(self._redis, EVENTS_STREAM)}
        ids: Any = await self._redis.zrange(ORDER, 0, -1)
        gone = [event_id for event_id in ids if event_id not in there]
        raws: Any = await self._redis.mget([_key(event_id) for event_id in gone]) if gone else []
        return [event for raw in raws if raw is not None and (event := _read(raw)) is not None]

    async def _carry_out(self, event_id: str) -> bool:
        raw: Any = await self._redis.get(_key(event_id))
        type_ = "" if raw is None else msgspec.json.decode(raw, type=_Typed).type
        return bool(await self._put_back(keys=[WANTED, _key(event_id), EVENTS_STREAM], args=[event_id, type_]))


def _read(raw: str) -> Event | None:
    try:
        return decode_event(raw)
    except Undecodable:
        return None


def _key(event_id: str) -> str:
    return f"vestka:events:kept:{event_id}"
