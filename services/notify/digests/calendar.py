"""Up to when the hours of digests were looked at, and on which days some were begun: kept in Redis, about nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from redis.asyncio import Redis

from services.notify.digests.period import LOOKED_BACK, monday_before
from services.runtime.retention import DAY
from services.runtime.steady_clock import MOST_APART

LOOKED_TO: Final = "vestka:digests:looked-to"
"""Unix seconds."""
BEGUN: Final = "vestka:digests:begun"
BEGUN_WEEKLY: Final = "vestka:digests:begun-weekly"
"""The days (ISO 8601) by their number (1 is 1 January of year 1)."""
_KEPT: Final = (2 * LOOKED_BACK) * DAY


@dataclass(frozen=True, slots=True)
class Begun:
    """Of the last weeks, the days on which digests were begun at all, for whomever."""

    days: frozenset[date] = frozenset()
    weekly: frozenset[date] = frozenset()
    """Those on which the weekly part was: Mondays, and days on which a Monday was made up for."""


class Calendar:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def looked_to(self, now: float) -> float:
        """Unix seconds; `now` where nobody ever looked: from then on they are. A day ago, where a clock that was far
        ahead is put right: else none would be begun until it has come that far. The ledger passes over what was."""
        kept = await self._redis.get(LOOKED_TO)
        if kept is not None:
            return float(kept) if float(kept) <= now + MOST_APART else now - DAY
        today = datetime.fromtimestamp(now, UTC).date()
        await self.note_begun(today, monday_before(today))
        await self.note_weekly(monday_before(today))
        return now

    async def note_looked(self, now: float) -> None:
        """All whose hour came up to `now` were begun."""
        await self._redis.set(LOOKED_TO, f"{now:.3f}", ex=_KEPT)

    async def note_begun(self, *days: date) -> None:
        await self._note(BEGUN, days)

    async def note_weekly(self, *days: date) -> None:
        """To be awaited before the first of them is begun: what is put off still knows it."""
        await self._note(BEGUN_WEEKLY, days)

    async def begun(self) -> Begun:
        return Begun(await self._days(BEGUN), await self._days(BEGUN_WEEKLY))

    async def _note(self, key: str, days: Sequence[date]) -> None:
        if not days:
            return
        async with self._redis.pipeline() as pipe:
            pipe.zadd(key, {day.isoformat(): day.toordinal() for day in days})
            pipe.zremrangebyrank(key, 0, -2 * LOOKED_BACK - 1)
            pipe.expire(key, _KEPT)
            await pipe.execute()

    async def _days(self, key: str) -> frozenset[date]:
        days: Any = await self._redis.zrange(key, 0, -1)
        return frozenset(map(date.fromisoformat, days))
