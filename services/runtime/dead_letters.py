"""What cannot go on by itself, kept for an operator: poison (our fault) and undeliverable (theirs), apart.

A letter names the event, the channel and the subscriber's number: never an address, a name or a text.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec
from redis.asyncio import Redis

from services.runtime.streams import Entry, all_entries, entries_between

DEAD_STREAM: Final = "vestka:dead"


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: Literal["poison", "undeliverable"]
    reason: str
    at: str
    """RFC 3339."""
    stream: str | None = None
    """Poison: the stream the entry stood in."""
    entry: str | None = None
    """The entry there; for undeliverable, the entry of the events stream."""
    event_id: str | None = None
    channel: str | None = None
    number: int | None = None
    attempts: int = 0

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()


class Buried(msgspec.Struct, frozen=True):
    """A dead letter and the id it is shown, redriven and dropped by."""

    id: str
    letter: DeadLetter


class DeadLetters:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def bury(self, letter: DeadLetter) -> None:
        await self._redis.xadd(DEAD_STREAM, {"letter": letter.encode()})

    async def all(self) -> list[Buried]:
        """The oldest first."""
        return [_read(entry) async for entry in all_entries(self._redis, DEAD_STREAM)]

    async def get(self, letter_id: str) -> Buried | None:
        found = await entries_between(self._redis, DEAD_STREAM, letter_id, letter_id)
        return _read(found[0]) if found else None

    async def drop(self, letter_id: str) -> None:
        await self._redis.xdel(DEAD_STREAM, letter_id)


def _read(entry: Entry) -> Buried:
    return Buried(entry.id, msgspec.json.decode(entry.fields["letter"], type=DeadLetter))
