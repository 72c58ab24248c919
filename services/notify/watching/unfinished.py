"""What stands still or would be lost: buried work, entries that nobody finishes, a store that fails to save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from services.contract import ITEMS_STREAM
from services.notify.watching.limits import AlarmLimits
from services.operations.alarms import Found
from services.runtime.dead_letters import DeadLetters
from services.runtime.streams import oldest_unfinished_seconds

POISON: Final = "poison"
STANDING: Final = "entries_stand_still"
NOT_SAVED: Final = "persistence_failing"

_POISON: Final = (
    "{count} could not be handled, which is a fault of ours: see 'vestka dead list', tell the developers, and 'vestka "
    "dead redrive' what still matters"
)
_STANDING: Final = (
    "its oldest entry has not been finished for more than {minutes:g} min, so what came after it may not go out: see "
    "the log of notify and 'vestka doctor'; start notify again"
)
_STATUSES: Final = {
    "aof_last_write_status": "the last write to its append-only file failed",
    "aof_last_bgrewrite_status": "the last rewrite of its append-only file failed",
    "rdb_last_bgsave_status": "its last snapshot failed",
}
"""Fields of INFO persistence (https://redis.io/docs/latest/commands/info/)."""


class PoisonWatch:
    """Ingest watches over what could not be read."""

    kinds: Final = frozenset({POISON})

    def __init__(self, letters: DeadLetters) -> None:
        self._letters = letters

    async def look(self, _now: float) -> list[Found]:
        if not (await self._letters.counts())["poison"]:
            return []
        letters = [buried.letter for buried in await self._letters.all()]
        ours = [one for one in letters if one.kind == "poison" and one.stream != ITEMS_STREAM]
        places = Counter(one.channel or (one.stream or "").removeprefix("vestka:") or "notify" for one in ours)
        return [Found(POISON, place, _POISON.format(count=count)) for place, count in sorted(places.items())]


class StandingWatch:
    kinds: Final = frozenset({STANDING})

    def __init__(self, redis: Redis, streams: Sequence[str], group: str, limits: AlarmLimits) -> None:
        self._redis = redis
        self._streams = streams
        self._group = group
        self._after = limits.pending_after

    async def look(self, now: float) -> list[Found]:
        """`now`: Unix seconds."""
        says = _STANDING.format(minutes=self._after / 60)
        return [
            Found(STANDING, stream.removeprefix("vestka:"), says)
            for stream in self._streams
            if await oldest_unfinished_seconds(self._redis, stream, self._group, now) >= self._after
        ]


class PersistenceWatch:
    kinds: Final = frozenset({NOT_SAVED})

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def look(self, _now: float) -> list[Found]:
        try:
            info: Any = await self._redis.info("persistence")
        except ResponseError:  # managed servers forbid INFO, and see to it themselves
            return []
        wrong = [words for field, words in _STATUSES.items() if info.get(field, "ok") != "ok"]
        if not info.get("aof_enabled", 1):
            wrong.append("it writes no append-only file (set appendonly yes)")
        if not wrong:
            return []
        says = f"{' and '.join(wrong)}: if Redis stops now, what was accepted is lost. Look at its disk and its log"
        return [Found(NOT_SAVED, "redis", says)]
