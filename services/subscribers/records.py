"""What the vault reads and writes in one transaction: subscribers, and their places in the indexes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TypeVar

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.client import NEVER_DECODE
from redis.exceptions import WatchError

from services.subscribers.change_notices import announce
from services.subscribers.redis_keys import ERASING, topic_of
from services.subscribers.sealed_store import SealedStore
from services.subscribers.subscriber import Subscriber

T = TypeVar("T")
RAW: Final = {NEVER_DECODE: True}
"""Asks the client for bytes as they are: a sealed record is no text."""


_IF_NOBODY_ASKS: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SREM', KEYS[2], ARGV[1]) end
"""


class Records:
    """Subscribers as they stand at this moment, and what is to become of them. What is read is watched."""

    def __init__(self, pipe: Pipeline, store: SealedStore) -> None:
        self._pipe = pipe
        self._store = store
        self._known: dict[int, Subscriber | None] = {}
        self._new: dict[int, Subscriber | None] = {}
        self._also: list[Callable[[Pipeline], Any]] = []
        self.replaced: list[int] = []
        """Of whom something else is written now than was there: whoever sends by that has to hear of it."""

    async def get(self, number: int) -> Subscriber | None:
        """As it will be when all is written. Raises UnreadableRecord."""
        if number in self._new:
            return self._new[number]
        if number not in self._known:
            self._known[number] = await self._read(number)
        return self._known[number]

    async def _read(self, number: int) -> Subscriber | None:
        key = self._store.keys.record_of(number)
        await self._pipe.watch(key)
        raw: Any = await self._pipe.execute_command("HGET", key, number, **RAW)
        return None if raw is None else self._store.decode(number, raw)

    async def owner(self, digest: str) -> Subscriber | None:
        """Whose address it is."""
        raw = bytes.fromhex(digest)
        key = self._store.keys.found(raw)
        await self._pipe.watch(key)
        number: Any = await self._pipe.hget(key, raw)
        return None if number is None else await self.get(int(number))

    async def watched(self, key: str) -> str | None:
        """What a key of another kind holds."""
        await self._pipe.watch(key)
        found: Any = await self._pipe.get(key)
        return None if found is None else str(found)

    async def put(self, subscriber: Subscriber) -> None:
        await self.get(subscriber.number)
        self._new[subscriber.number] = subscriber

    async def remove(self, number: int) -> None:
        """What else is kept of it is to be removed as well: it is noted as being erased."""
        await self.get(number)
        self._new[number] = None
        self.also(lambda pipe: pipe.sadd(ERASING, number))

    def also(self, write: Callable[[Pipeline], Any]) -> None:
        """In the same step."""
        self._also.append(write)

    async def write(self) -> None:
        """Raises WatchError: somebody changed what was read."""
        self._pipe.multi()  # type: ignore[no-untyped-call]
        changed = [(number, self._known[number], new) for number, new in self._new.items()]
        changed = [one for one in changed if one[1] != one[2]]
        self.replaced = [number for number, old, _ in changed if old is not None]
        for number, old, new in changed:
            self._unindex(number, old, new)
        for number, old, new in changed:
            self._index(number, old, new)
        for write in self._also:
            write(self._pipe)
        await self._pipe.execute()

    def _unindex(self, number: int, old: Subscriber | None, new: Subscriber | None) -> None:
        """Where it stood and stands no longer."""
        for digest in self._hashes(old) - self._hashes(new):
            self._pipe.hdel(self._store.keys.found(digest), digest)
        for key in self._asks(old) - self._asks(new):
            self._pipe.srem(key, number)
            asking = self._store.keys.asking(topic_of(key))
            self._pipe.eval(_IF_NOBODY_ASKS, 2, key, asking, str(self._store.keys.shard_of(number)))
        if new is None:
            self._pipe.hdel(self._store.keys.record_of(number), str(number))

    def _index(self, number: int, old: Subscriber | None, new: Subscriber | None) -> None:
        if new is None:
            return
        self._pipe.hset(self._store.keys.record_of(number), str(number), self._store.encode(new))
        for digest in self._hashes(new):
            self._pipe.hset(self._store.keys.found(digest), digest, str(number))
        for key in self._asks(new) - self._asks(old):
            self._pipe.sadd(key, number)
            self._pipe.sadd(self._store.keys.asking(topic_of(key)), self._store.keys.shard_of(number))

    def _hashes(self, subscriber: Subscriber | None) -> set[bytes]:
        return set() if subscriber is None else self._store.hashes(subscriber)

    def _asks(self, subscriber: Subscriber | None) -> set[str]:
        return set() if subscriber is None else self._store.asks(subscriber)


async def in_one_step(redis: Redis, store: SealedStore, work: Callable[[Records], Awaitable[T]]) -> T:
    """Does `work` anew until nobody else changes what it read before it is written. When it returns, whoever sends has
    heard of it."""
    async with redis.pipeline() as pipe:
        while True:
            records = Records(pipe, store)
            try:
                result = await work(records)
                await records.write()
            except WatchError:
                continue
            break
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
