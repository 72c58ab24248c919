"""What the vault reads and writes in one transaction: subscribers, and their places in the indexes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import count
from typing import Any, Final, TypeVar

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.client import NEVER_DECODE
from redis.exceptions import WatchError

from services.subscribers.change_notices import announce
from services.subscribers.leaving import leaves_at
from services.subscribers.owed import with_owed
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.redis_keys import ERASING, LEAVING, topic_of
from services.subscribers.sealed_store import SealedStore
from services.subscribers.subscriber import Subscriber

T = TypeVar("T")
F = TypeVar("F", int, bytes)
BeforeAndAfter = tuple[int, Subscriber | None, Subscriber | None]
"""A number, who had it, and who has it now."""
RAW: Final = {NEVER_DECODE: True}
"""Asks the client for bytes as they are: a sealed record is no text."""


_IF_NOBODY_ASKS: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SREM', KEYS[2], ARGV[1]) end
"""


class _Gathered(defaultdict[str, list[Any]]):
    """By key: many of a key are one command."""

    def __init__(self) -> None:
        super().__init__(list)


class Records:
    """Subscribers as they stand at this moment, and what is to become of them. What is read is watched."""

    def __init__(self, pipe: Pipeline, store: SealedStore) -> None:
        self._pipe = pipe
        self._store = store
        self._raw: dict[int, bytes | None] = {}
        self._known: dict[int, Subscriber | None] = {}
        self._new: dict[int, Subscriber | None] = {}
        self._found: dict[bytes, int | None] = {}
        """Where keyed hashes lead, as it will be when all is written."""
        self._also: list[Callable[[Pipeline], Any]] = []
        self.replaced: list[int] = []
        """Of whom something else is written now than was there: whoever sends by that has to hear of it."""
        self.unreadable: int | None = None
        """Whose record did not open."""

    async def watch(self, key: str) -> None:
        """What is read of it by another connection."""
        await self._pipe.watch(key)

    async def look_up(self, redis: Redis, digests: Iterable[bytes]) -> None:
        """Reads where they lead, and whoever is found so, in a few round trips whatever their number.

        On another connection: the one that watches waits for each answer.
        """
        wanted = [one for one in dict.fromkeys(digests) if one not in self._found]
        read = await self._read_many(redis, self._store.keys.found, wanted)
        self._found.update({digest: None if one is None else int(one) for digest, one in read.items()})
        await self.look_at(redis, [int(one) for one in read.values() if one is not None])

    async def look_at(self, redis: Redis, numbers: Iterable[int]) -> None:
        """Reads their records in two round trips."""
        wanted = [one for one in dict.fromkeys(numbers) if one not in self._raw]
        self._raw.update(await self._read_many(redis, self._store.keys.record_of, wanted))

    async def _read_many(self, redis: Redis, key_of: Callable[[F], str], fields: Iterable[F]) -> dict[F, bytes | None]:
        """What stands under each field of the hash that `key_of` names."""
        by_key: dict[str, list[F]] = {}
        for one in fields:
            by_key.setdefault(key_of(one), []).append(one)
        if not by_key:
            return {}
        await self._pipe.watch(*by_key)
        async with redis.pipeline(transaction=False) as pipe:
            for key, wanted in by_key.items():
                pipe.execute_command("HMGET", key, *wanted, **RAW)
            found: list[list[bytes | None]] = await pipe.execute()
        return {
            one: raw
            for wanted, values in zip(by_key.values(), found, strict=True)
            for one, raw in zip(wanted, values, strict=True)
        }

    async def get(self, number: int) -> Subscriber | None:
        """As it will be when all is written. Raises UnreadableRecord."""
        if number in self._new:
            return self._new[number]
        if number not in self._known:
            self._known[number] = await self._read(number)
        return self._known[number]

    async def _read(self, number: int) -> Subscriber | None:
        if number not in self._raw:
            key = self._store.keys.record_of(number)
            await self._pipe.watch(key)
            found: Any = await self._pipe.execute_command("HGET", key, number, **RAW)
            self._raw[number] = found
        raw = self._raw[number]
        try:
            return None if raw is None else self._store.decode(number, raw)
        except UnreadableRecord:
            self.unreadable = number
            raise

    async def number_of(self, digest: bytes) -> int | None:
        """Where a keyed hash leads."""
        if digest not in self._found:
            key = self._store.keys.found(digest)
            await self._pipe.watch(key)
            number: Any = await self._pipe.hget(key, digest)
            self._found[digest] = None if number is None else int(number)
        return self._found[digest]

    async def owner(self, digest: str) -> Subscriber | None:
        """Whose address it is."""
        number = await self.number_of(bytes.fromhex(digest))
        return None if number is None else await self.get(number)

    async def watched(self, key: str) -> str | None:
        """What a key of another kind holds."""
        await self._pipe.watch(key)
        found: Any = await self._pipe.get(key)
        return None if found is None else str(found)

    async def put(self, subscriber: Subscriber) -> None:
        known = await self.get(subscriber.number)
        subscriber = with_owed(known, subscriber)
        self._lead(known, subscriber)
        self._new[subscriber.number] = subscriber

    async def remove(self, number: int) -> None:
        """What else is kept of it is to be removed as well: it is noted as being erased."""
        self._lead(await self.get(number), None)
        self._new[number] = None
        self.also(lambda pipe: pipe.sadd(ERASING, number))

    def _lead(self, old: Subscriber | None, new: Subscriber | None) -> None:
        left = {} if old is None else dict.fromkeys(self._hashes(old), old.number)
        self._found.update({one: None for one, number in left.items() if self._found.get(one, number) == number})
        if new is not None:
            self._found.update(dict.fromkeys(self._hashes(new), new.number))

    def also(self, write: Callable[[Pipeline], Any]) -> None:
        """In the same step."""
        self._also.append(write)

    async def write(self) -> None:
        """Raises WatchError: somebody changed what was read."""
        self._pipe.multi()  # type: ignore[no-untyped-call]
        changed = [(number, self._known[number], new) for number, new in self._new.items()]
        changed = [one for one in changed if one[1] != one[2]]
        self.replaced = [number for number, old, _ in changed if old is not None]
        self._unindex(changed)
        self._index(changed)
        self._note_leaving(changed)
        for write in self._also:
            write(self._pipe)
        await self._pipe.execute()

    def _unindex(self, changed: Sequence[BeforeAndAfter]) -> None:
        """Where they stood and stand no longer."""
        fields, members = _Gathered(), _Gathered()
        for number, old, new in changed:
            for digest in self._hashes(old) - self._hashes(new):
                fields[self._store.keys.found(digest)].append(digest)
            for key in self._asks(old) - self._asks(new):
                members[key].append(number)
            if new is None:
                fields[self._store.keys.record_of(number)].append(str(number))
        for key, gone in fields.items():
            self._pipe.hdel(key, *gone)
        for key, gone in members.items():
            self._pipe.srem(key, *gone)
            asking = self._store.keys.asking(topic_of(key))
            self._pipe.eval(_IF_NOBODY_ASKS, 2, key, asking, str(self._store.keys.shard_of(gone[0])))

    def _index(self, changed: Sequence[BeforeAndAfter]) -> None:
        fields, members = _Gathered(), _Gathered()
        for number, old, new in changed:
            if new is None:
                continue
            fields[self._store.keys.record_of(number)] += (str(number), self._store.encode(new))
            for digest in self._hashes(new):
                fields[self._store.keys.found(digest)] += (digest, str(number))
            for key in self._asks(new) - self._asks(old):
                members[key].append(number)
        for key, standing in fields.items():
            self._pipe.hset(key, items=standing)
        shards = _Gathered()
        for key, asking in members.items():
            self._pipe.sadd(key, *asking)
            shards[self._store.keys.asking(topic_of(key))].append(self._store.keys.shard_of(asking[0]))
        for key, some in shards.items():
            self._pipe.sadd(key, *some)

    def _note_leaving(self, changed: Sequence[BeforeAndAfter]) -> None:
        for number, old, new in changed:
            at = None if new is None else leaves_at(new)
            if at is not None:
                self._pipe.zadd(LEAVING, {str(number): at})
            elif old is not None and leaves_at(old) is not None:
                self._pipe.zrem(LEAVING, str(number))

    def _hashes(self, subscriber: Subscriber | None) -> set[bytes]:
        return set() if subscriber is None else self._store.hashes(subscriber)

    def _asks(self, subscriber: Subscriber | None) -> set[str]:
        return set() if subscriber is None else self._store.asks(subscriber)


class Contended(Exception):
    """Somebody else changed what was read, again and again."""


async def in_one_step(
    redis: Redis, store: SealedStore, work: Callable[[Records], Awaitable[T]], tries: int | None = None
) -> T:
    """Does `work` anew until nobody else changes what it read before it is written. When it returns, whoever sends has
    heard of it.

    Raises Contended after so many `tries`, if any are named.
    """
    async with redis.pipeline() as pipe:
        for _ in count() if tries is None else range(tries):
            records = Records(pipe, store)
            try:
                result = await work(records)
                await records.write()
            except WatchError:
                continue
            break
        else:
            raise Contended
    await announce(redis, records.replaced)
    return result


async def raw_records(redis: Redis, key: str, numbers: Iterable[int]) -> list[bytes | None]:
    """Of one shard, in that order."""
    wanted = [str(number) for number in numbers]
    if not wanted:
        return []
    found: Any = await redis.execute_command("HMGET", key, *wanted, **RAW)  # type: ignore[no-untyped-call]
    return list(found)


async def all_raw_records(redis: Redis, key: str) -> dict[int, bytes]:
    """Everybody's of one shard."""
    found: Any = await redis.execute_command("HGETALL", key, **RAW)  # type: ignore[no-untyped-call]
    return {int(number): record for number, record in found.items()}
