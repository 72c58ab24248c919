"""When to try again: the schedule as a table, and the queue of what is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis

from services.notify.delivery.ledger import Clock, milliseconds
from services.notify.delivery.ledger_scripts import DUE

SCHEDULE: Final = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds to wait after attempt 1, 2, …: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
ATTEMPTS: Final = len(SCHEDULE) + 1
LONGEST_ASKED: Final = 86_400.0
"""Seconds: what a far side asks for beyond this is not obeyed."""
MOST_JITTER: Final = 0.1


def wait_before_next(attempt: int, asked: float | None, dice: float) -> float | None:
    """Seconds to wait after `attempt` (from 1) failed; None when it was the last.

    `asked` only ever pushes later. `dice` in [0, 1) adds up to 10 %: what failed together returns apart.
    """
    if attempt >= ATTEMPTS:
        return None
    scheduled = SCHEDULE[attempt - 1] * (1 + MOST_JITTER * dice)
    return max(scheduled, min(asked or 0.0, LONGEST_ASKED))


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose time has come: which entry of the events stream, and which subscriber."""

    entry: str
    number: int

    @property
    def member(self) -> str:
        return f"{self.entry}|{self.number}"

    @classmethod
    def of(cls, member: str) -> Due:
        entry, _, number = member.rpartition("|")
        return cls(entry, int(number))


def retries_key(channel: str) -> str:
    return f"vestka:retries:{channel}"


class DueQueue:
    """What is to be attempted, and when, on one channel. The ledger alone writes it; see there."""

    def __init__(self, redis: Redis, channel: str, clock: Clock = None) -> None:
        self._redis = redis
        self._clock = clock
        self._due = redis.register_script(DUE)
        self.key = retries_key(channel)

    async def due(self, most: int) -> list[Due]:
        """What is due by the server's clock, the oldest first."""
        members: Any = await self._due(keys=[self.key], args=[milliseconds(self._clock), most])
        return [Due.of(member) for member in members]

    async def everything(self) -> list[Due]:
        """Whatever is under way or waits, due or not."""
        members: Any = await self._redis.zrange(self.key, 0, -1)
        return [Due.of(member) for member in members]

    async def drop(self, due: Due) -> None:
        await self._redis.zrem(self.key, due.member)

    async def length(self) -> int:
        return int(await self._redis.zcard(self.key))
