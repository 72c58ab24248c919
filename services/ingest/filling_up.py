"""What fills up, before it is full: the memory of Redis, and the dead letters. Looked at every minute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from redis.asyncio import Redis

from services.contract import ITEMS_STREAM
from services.ingest.evidence import EvidenceStore
from services.operations.alarms import Alarms
from services.runtime.dead_letters import DeadLetters
from services.runtime.memory import NEARLY_FULL, NO_ROOM_FOR_GUESTS, Memory, memory_of
from services.runtime.metrics import Metrics
from services.runtime.retention import Retention
from services.runtime.streams import trim

log = structlog.get_logger(__name__)

MEMORY: Final = "memory_nearly_full"
LETTERS: Final = "dead_letters_nearly_full"
KINDS: Final = frozenset({MEMORY, LETTERS})

_MANY: Final = 0.8
"""Of the dead letters that are kept."""


@dataclass(frozen=True, slots=True)
class Filling:
    kind: str
    about: str
    says: str


def filling(memory: Memory, letters: Mapping[str, int], most_letters: int) -> Iterator[Filling]:
    """What a person should know of. `letters`: how many of each kind."""
    if memory.share >= NEARLY_FULL:
        says = (
            f"Redis uses {memory.share:.0%} of the memory that it may use; full, it refuses all that is written. Raise "
            "maxmemory (VESTKA_REDIS_MAXMEMORY for the embedded one), and see who sends so much: 'vestka audit list "
            "--reports', the metrics vestka_items_total and vestka_requests_refused_total"
        )
        yield Filling(MEMORY, "redis", says)
    count = sum(letters.values())
    if count >= _MANY * most_letters:
        says = f"{count} of {most_letters} wait, and the oldest beyond that are dropped: 'vestka dead list'"
        yield Filling(LETTERS, "dead", says)


class CapacityCheck:
    """`full`: as it was when last looked."""

    def __init__(self, redis: Redis, alarms: Alarms, metrics: Metrics, most_letters: int) -> None:
        self._redis = redis
        self._alarms = alarms
        self._metrics = metrics
        self._letters = DeadLetters(redis)
        self._evidence = EvidenceStore(redis)
        self._most_letters = most_letters
        self.full = False

    async def run(self, now: float) -> None:
        """Sounds and clears the alarms, and makes room where we may. `now`: Unix seconds."""
        memory = await memory_of(self._redis)
        self.full = memory.share >= NO_ROOM_FOR_GUESTS
        self._metrics.redis_memory.labels("used").set(memory.used)
        self._metrics.redis_memory.labels("limit").set(memory.most)
        for kind, count in (await self._letters.keep_newest(self._most_letters)).items():
            self._metrics.dead_letters_dropped.labels(kind).inc(count)
        found = filling(memory, await self._letters.counts(), self._most_letters)
        await self._alarms.settle(KINDS, found)
        if memory.share >= NEARLY_FULL:
            await self._make_room(now)

    async def _make_room(self, now: float) -> None:
        """Lets go of what was read and is kept for the curious only."""
        if await self._redis.exists(ITEMS_STREAM):
            await trim(self._redis, ITEMS_STREAM, Retention.READ_ITEMS_WHEN_FULL, now)
        gone = await self._evidence.forget_what_was_no_news()
        log.warning("made_room", evidence=gone)
