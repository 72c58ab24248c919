"""What is wrong with the store: events that are gone from their stream, one that was emptied, copies whose end
nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from redis.asyncio import Redis

from services.notify.fanout.gaps import gap_state
from services.notify.repair.emptied import emptied_state
from services.operations.alarms import Found
from services.runtime.dead_letters import DeadLetters

UNSURE: Final = "deliveries_unsure"
_UNSURE: Final = (
    "{count} deliveries of one event were sent twice and never answered, and nothing more is sent: see 'vestka dead "
    "list', and ask the far side's log whether they arrived"
)


class StoreWatch:
    kinds: Final = frozenset({"events_missing", "store_emptied"})

    def __init__(self, redis: Redis, channels: Sequence[str]) -> None:
        self._redis = redis
        self._channels = channels

    async def look(self, _now: float) -> list[Found]:
        states = (await gap_state(self._redis), await emptied_state(self._redis, tuple(self._channels)))
        return [Found(one.kind, one.about, one.says) for one in states if one is not None]


class UnsureWatch:
    """One a channel and event."""

    kinds: Final = frozenset({UNSURE})

    def __init__(self, letters: DeadLetters) -> None:
        self._letters = letters

    async def look(self, _now: float) -> list[Found]:
        if not (await self._letters.counts()).get("unsure"):
            return []
        letters = [one.letter for one in await self._letters.all() if one.letter.kind == "unsure"]
        about = sorted({f"{one.event_id}/{one.channel}" for one in letters})
        count = {place: sum(f"{one.event_id}/{one.channel}" == place for one in letters) for place in about}
        return [Found(UNSURE, place, _UNSURE.format(count=count[place])) for place in about]
