"""What the vault reads and writes in one transaction: subscribers, and their places in the indexes."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from services.subscribers.subscriber import Subscriber, shard_of
from services.subscribers.topics import topics_of_interest

LABELS: Final = "vestka:subscribers:labels"
STOP_SEEDS: Final = "vestka:subscribers:stop-seeds"
"""The seed of each subscriber's link, and the number it belongs to. Useless without the key that seals it."""
_COUNT: Final = """
if redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2]) <= 0 then redis.call('HDEL', KEYS[1], ARGV[1]) end
"""
"""Counts who asks for a topic in a shard, and forgets the topic when nobody does: its name may be a watched one."""

T = TypeVar("T")


class Records:
    """Subscribers as they stand at this moment, and what is to become of them. What is read is watched."""

    def __init__(self, pipe: Pipeline) -> None:
        self._pipe = pipe
        self._known: dict[int, Subscriber | None] = {}
        self._new: dict[int, Subscriber | None] = {}

    async def get(self, number: int) -> Subscriber | None:
        """As it will be when all is written."""
        if number in self._new:
            return self._new[number]
        if number not in self._known:
            self._known[number] = await self._read(number)
        return self._known[number]

    async def _read(self, number: int) -> Subscriber | None:
        await self._pipe.watch(key_of(number))
        raw: Any = await self._pipe.get(key_of(number))
        return None if raw is None else decode(raw)

    async def owner(self, digest: str) -> Subscriber | None:
        """Whose address it is."""
        await self._pipe.watch(_address_key(digest))
        number: Any = await self._pipe.get(_address_key(digest))
        return None if number is None else await self.get(int(number))

    async def put(self, subscriber: Subscriber) -> None:
        await self.get(subscriber.number)
        self._new[subscriber.number] = subscriber

    async def remove(self, number: int) -> None:
        await self.get(number)
        self._new[number] = None

    async def write(self) -> None:
        """Raises WatchError: somebody changed what was read."""
        self._pipe.multi()  # type: ignore[no-untyped-call]
        changed = {number: new for number, new in self._new.items() if new != self._known[number]}
        for number in changed:
            if (known := self._known[number]) is not None:
                _unindex(self._pipe, known)
        for new in changed.values():
            if new is not None:
                _index(self._pipe, new)
        await self._pipe.execute()


async def in_one_step(redis: Redis, work: Callable[[Records], Awaitable[T]]) -> T:
    """Does `work` anew until nobody else changes what it read before it is written."""
    async with redis.pipeline() as pipe:
        while True:
            records = Records(pipe)
            try:
                result = await work(records)
                await records.write()
            except WatchError:
                continue
            return result


def _index(pipe: Pipeline, subscriber: Subscriber) -> None:
    shard = shard_of(subscriber.number)
    pipe.set(key_of(subscriber.number), msgspec.json.encode(subscriber))
    pipe.sadd(shard_key(shard), subscriber.number)
    if subscriber.stop_seed is not None:
        pipe.hset(STOP_SEEDS, subscriber.stop_seed, str(subscriber.number))
    if subscriber.label is not None:
        pipe.hset(LABELS, subscriber.label, str(subscriber.number))
    for digest in _digests(subscriber):
        pipe.set(_address_key(digest), subscriber.number)
    for key in _topic_keys(subscriber):
        pipe.eval(_COUNT, 1, key, str(shard), "1")


def _unindex(pipe: Pipeline, subscriber: Subscriber) -> None:
    shard = shard_of(subscriber.number)
    pipe.delete(key_of(subscriber.number), *map(_address_key, _digests(subscriber)))
    pipe.srem(shard_key(shard), subscriber.number)
    if subscriber.stop_seed is not None:
        pipe.hdel(STOP_SEEDS, subscriber.stop_seed)
    if subscriber.label is not None:
        pipe.hdel(LABELS, subscriber.label)
    for key in _topic_keys(subscriber):
        pipe.eval(_COUNT, 1, key, str(shard), "-1")


def _digests(subscriber: Subscriber) -> list[str]:
    return [one.digest for one in subscriber.addresses if one.digest is not None]


def _topic_keys(subscriber: Subscriber) -> set[str]:
    if not subscriber.active:
        return set()
    channels = [one.channel for one in subscriber.addresses if one.ended is None]
    topics = [topic for interest in subscriber.interests for topic in topics_of_interest(interest)]
    return {topic_key(channel, topic) for channel in channels for topic in topics}


def key_of(number: int) -> str:
    return f"vestka:subscriber:{number}"


def shard_key(shard: int) -> str:
    return f"vestka:subscribers:shard:{shard}"


def topic_key(channel: str, topic: str) -> str:
    return f"vestka:asking:{channel}:{topic}"


def _address_key(digest: str) -> str:
    return f"vestka:address:{digest}"


def decode(raw: str) -> Subscriber:
    return msgspec.json.decode(raw, type=Subscriber)


def label_digest(label: str) -> str:
    """What is left of the label of somebody erased."""
    return hashlib.sha256(label.encode()).hexdigest()
