"""Many subscribers at once, by shard. A record that does not open costs nobody else theirs: it is noted and told of."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import NoScriptError

from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.records import RAW, all_raw_records, raw_records
from services.subscribers.redis_keys import UNREADABLE
from services.subscribers.sealed_store import SealedStore
from services.subscribers.subscriber import Subscriber

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 1_000

_READ: Final = """
local before, after, shards, numbers = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local call, unpack, found = redis.call, struct.unpack, {}
for index = 1, #numbers / 8 do
  local number = unpack('>I8', numbers, 8 * index - 7)
  found[index] = call('HGET', before .. number % shards .. after, number)
end
return found
"""
"""ARGV: what stands before and after a shard in the key of its records, how many shards, and numbers of eight bytes
each: to name a key for each of them cost more than to find it."""
_COUNT: Final = """
local counts, found, before, after = {}, {}, ARGV[1], ARGV[2]
for index = 3, #ARGV do
  local asking = 'vestka:shards-asking:' .. ARGV[index]
  for _, shard in ipairs(redis.call('SMEMBERS', asking)) do
    local count = redis.call('SCARD', before .. shard .. after .. ARGV[index])
    if count == 0 then redis.call('SREM', asking, shard) else counts[shard] = (counts[shard] or 0) + count end
  end
end
for shard, count in pairs(counts) do
  table.insert(found, shard)
  table.insert(found, count)
end
return found
"""
"""ARGV: what stands before and after a shard in a topic's key, topics. A shard in which nobody asks any more is dropped
from the topic's."""
_FEW: Final = """
local function counted(first, last)
  local keys, total = {}, 0
  for index = first, last do
    for _, shard in ipairs(redis.call('SMEMBERS', 'vestka:shards-asking:' .. ARGV[index])) do
      local key = ARGV[1] .. shard .. ARGV[2] .. ARGV[index]
      local count = redis.call('SCARD', key)
      if count > 0 then table.insert(keys, key) end
      total = total + count
    end
  end
  return keys, total
end
local most, others = tonumber(ARGV[3]), 5 + tonumber(ARGV[4])
local first, firsts = counted(5, others - 1)
local after, total = counted(others, #ARGV)
if firsts + total > most then return false end
local found = {{}, {}}
if #first > 0 then found[1] = redis.call('SUNION', unpack(first)) end
if #after > 0 then found[2] = redis.call('SUNION', unpack(after)) end
return found
"""
"""ARGV: what stands before and after a shard in a topic's key, how many are few, how many topics come first and these,
the others. Gives the numbers that ask for the first, and those that ask for the others; false where they are many."""
_ASKING: Final = """
local topics, found = {}, {}
for index = 4, tonumber(ARGV[3]) + 3 do table.insert(topics, ARGV[index]) end
for index = 4 + #topics, #ARGV do
  local keys = {}
  for _, topic in ipairs(topics) do table.insert(keys, ARGV[1] .. ARGV[index] .. ARGV[2] .. topic) end
  for _, number in ipairs(redis.call('SUNION', unpack(keys))) do table.insert(found, number) end
end
return found
"""
"""ARGV: what stands before and after a shard in a topic's key, how many topics and these, shards."""


async def in_whole_shard(redis: Redis, store: SealedStore, shard: int) -> list[Subscriber]:
    return await _opened(redis, store, await all_raw_records(redis, store.keys.records(shard)))


async def some(redis: Redis, store: SealedStore, numbers: Iterable[int]) -> list[Subscriber]:
    """Those of them who are there, by number."""
    found: list[Subscriber] = []
    for shard, wanted in _by_shard(store, numbers).items():
        for first in range(0, len(wanted), _AT_ONCE):
            part = wanted[first : first + _AT_ONCE]
            raw = await raw_records(redis, store.keys.records(shard), part)
            records = {number: one for number, one in zip(part, raw, strict=True) if one is not None}
            found += await _opened(redis, store, records)
    return sorted(found, key=lambda one: one.number)


async def each(redis: Redis, store: SealedStore, numbers: Sequence[int]) -> dict[int, Subscriber | UnreadableRecord]:
    """By number; who is not there is left out."""
    if not numbers:
        return {}
    read = redis.register_script(_READ)
    found: dict[int, Subscriber | UnreadableRecord] = {}
    args: list[str | int | bytes] = [
        *store.keys.records_parts,
        store.keys.shards,
        struct.pack(f">{len(numbers)}Q", *numbers),
    ]
    for number, raw in zip(numbers, await _raw_answer(read, args), strict=True):
        if raw is None:
            continue
        try:
            found[number] = store.decode(number, raw)
        except UnreadableRecord as error:
            await note_unreadable(redis, store, number, error)
            found[number] = error
    return found


async def shards_asking(redis: Redis, store: SealedStore, channel: str, topics: Sequence[str]) -> dict[int, int]:
    """How many ask in each shard, at most: who asked for two of the topics counts twice."""
    hashes = [store.lookups.topic(channel, topic) for topic in topics]
    if not hashes:
        return {}
    count = redis.register_script(_COUNT)
    found: Any = await count(keys=[], args=[*store.keys.asks_parts, *hashes])
    return dict(zip(map(int, found[::2]), map(int, found[1::2]), strict=True))


async def few_asking(
    redis: Redis, store: SealedStore, channel: str, first: Sequence[str], topics: Sequence[str], most: int
) -> list[int] | None:
    """All who asked for one of the topics: first those who asked for one of `first`, then by number. None where they
    may be more than `most`, which is some thousands at most."""
    hashes = [[store.lookups.topic(channel, topic) for topic in some] for some in (first, topics)]
    ask = redis.register_script(_FEW)
    found: Any = await ask(keys=[], args=[*store.keys.asks_parts, most, len(first), *hashes[0], *hashes[1]])
    return None if found is None else list(dict.fromkeys(number for some in found for number in sorted(map(int, some))))


async def numbers_asking(
    redis: Redis, store: SealedStore, shards: Sequence[int], channel: str, topics: Sequence[str]
) -> list[int]:
    """Those in the shards who asked for one of the topics, by number."""
    hashes = [store.lookups.topic(channel, topic) for topic in topics]
    if not hashes or not shards:
        return []
    ask = redis.register_script(_ASKING)
    found: Any = await ask(keys=[], args=[*store.keys.asks_parts, len(hashes), *hashes, *shards])
    return sorted(map(int, found))


async def still_unreadable(redis: Redis, store: SealedStore) -> dict[int, str]:
    """Of the records that did not open: which still do not, and the reasons. The others are forgotten."""
    noted: Any = await redis.smembers(UNREADABLE)
    found: dict[int, str] = {}
    for number in sorted(map(int, noted)):
        [raw] = await raw_records(redis, store.keys.record_of(number), [number])
        try:
            if raw is not None:
                store.decode(number, raw)
        except UnreadableRecord as error:
            found[number] = error.reason
        else:
            await redis.srem(UNREADABLE, number)
    return found


async def _opened(redis: Redis, store: SealedStore, records: Mapping[int, bytes]) -> list[Subscriber]:
    found = []
    for number, raw in sorted(records.items()):
        try:
            found.append(store.decode(number, raw))
        except UnreadableRecord as error:
            await note_unreadable(redis, store, number, error)
    return found


async def note_unreadable(redis: Redis, store: SealedStore, number: int, error: UnreadableRecord) -> None:
    if await redis.sadd(UNREADABLE, number):
        log.error("record_unreadable", reader=store.lookups.tag(number), reason=error.reason, todo=str(error))


def _by_shard(store: SealedStore, numbers: Iterable[int]) -> dict[int, list[int]]:
    shards: dict[int, list[int]] = {}
    for number in sorted(set(numbers)):
        shards.setdefault(store.keys.shard_of(number), []).append(number)
    return shards


async def _raw_answer(script: AsyncScript, args: Sequence[str | int | bytes]) -> list[bytes | None]:
    """A script's answer as bytes: a sealed record is no text."""
    client = script.registered_client
    options: Any = (0, *args)
    try:
        found: Any = await client.execute_command("EVALSHA", script.sha, *options, **RAW)
    except NoScriptError:
        found = await client.execute_command("EVAL", script.script, *options, **RAW)
    return list(found)
