"""What cannot go on by itself, kept for an operator: poison (our fault) and undeliverable (theirs), apart.

A letter names the event and the channel; whose delivery it was is sealed. No address, number or watched name is in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec
from redis.asyncio import Redis

from services.runtime.streams import Entry, all_entries, entries_between

DEAD_STREAM: Final = "vestka:dead"
DEAD_COUNTS: Final = "vestka:dead:counts"
"""How many letters of each kind there are, so that nobody has to read them to know."""

_BURY: Final = """
redis.call('XADD', KEYS[1], '*', 'letter', ARGV[1])
redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
"""
_DROP: Final = "if redis.call('XDEL', KEYS[1], ARGV[1]) == 1 then redis.call('HINCRBY', KEYS[2], ARGV[2], -1) end"
_REPLACE: Final = """
if redis.call('XDEL', KEYS[1], ARGV[1]) == 1 then redis.call('XADD', KEYS[1], '*', 'letter', ARGV[2]) end
"""

_DROP_OLDEST: Final = """
local extra, dropped = redis.call('XLEN', KEYS[1]) - tonumber(ARGV[1]), {}
if extra <= 0 then return dropped end
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', math.min(extra, tonumber(ARGV[2])))) do
  local read, letter = pcall(cjson.decode, entry[2][2])
  redis.call('XDEL', KEYS[1], entry[1])
  if read and type(letter) == 'table' and type(letter.kind) == 'string' then
    redis.call('HINCRBY', KEYS[2], letter.kind, -1)
    table.insert(dropped, letter.kind)
  else
    table.insert(dropped, 'unreadable')
  end
end
return dropped
"""
_AT_ONCE: Final = 500


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: Literal["poison", "undeliverable", "unsure"]
    reason: str
    at: str
    """RFC 3339."""
    stream: str | None = None
    """Poison: the stream the entry stood in."""
    entry: str | None = None
    """The entry there; for undeliverable, the entry of the events stream."""
    work: dict[str, str] = {}
    """Poison of a stream that is soon trimmed: the entry's own fields, as far as they show nobody."""
    event_id: str | None = None
    channel: str | None = None
    reference: str | None = None
    """Whose delivery it was, sealed by whoever buried it: the same in every letter about it, and nobody's otherwise."""
    number: int | None = None
    """The subscriber's number, in letters of before it was sealed. Never set any more."""
    attempts: int = 0

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()


class Buried(msgspec.Struct, frozen=True):
    """A dead letter and the id it is shown, redriven and dropped by."""

    id: str
    letter: DeadLetter


def poison(
    entry: Entry, attempts: int, reason: str, at: str, work: Mapping[str, str], event_id: str | None = None
) -> DeadLetter:
    """The letter for an entry that cannot be handled. `work`: what of the entry may be repeated, and shows nobody.
    `event_id`: the event that it is, where that could be read."""
    return DeadLetter(
        kind="poison",
        reason=reason,
        at=at,
        stream=entry.stream,
        entry=entry.id,
        work=dict(work),
        event_id=event_id,
        attempts=attempts,
    )


class DeadLetters:
    """They are kept until an operator drops or redrives them, or they are the oldest of too many."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._bury = redis.register_script(_BURY)
        self._drop = redis.register_script(_DROP)
        self._replace = redis.register_script(_REPLACE)
        self._drop_oldest = redis.register_script(_DROP_OLDEST)

    async def bury(self, letter: DeadLetter) -> None:
        await self._bury(keys=[DEAD_STREAM, DEAD_COUNTS], args=[letter.encode(), letter.kind])

    async def all(self) -> list[Buried]:
        """The oldest first."""
        return [_read(entry) async for entry in all_entries(self._redis, DEAD_STREAM)]

    async def get(self, letter_id: str) -> Buried | None:
        found = await entries_between(self._redis, DEAD_STREAM, letter_id, letter_id)
        return _read(found[0]) if found else None

    async def drop(self, buried: Buried) -> None:
        await self._drop(keys=[DEAD_STREAM, DEAD_COUNTS], args=[buried.id, buried.letter.kind])

    async def replace(self, buried: Buried, letter: DeadLetter) -> None:
        """Buries `letter` of the same kind in place of one that is still there. It gets an id of its own."""
        await self._replace(keys=[DEAD_STREAM], args=[buried.id, letter.encode()])

    async def keep_newest(self, most: int) -> Counter[str]:
        """Drops the oldest beyond so many; how many went, by kind."""
        gone: Counter[str] = Counter()
        while dropped := await self._drop_oldest(keys=[DEAD_STREAM, DEAD_COUNTS], args=[most, _AT_ONCE]):
            gone.update(dropped)
        return gone

    async def counts(self) -> dict[str, int]:
        """By kind."""
        found: Any = await self._redis.hgetall(DEAD_COUNTS)
        return {kind: int(found.get(kind, 0)) for kind in ("poison", "undeliverable", "unsure")}


def _read(entry: Entry) -> Buried:
    return Buried(entry.id, msgspec.json.decode(entry.fields["letter"], type=DeadLetter))
