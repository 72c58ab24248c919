"""The one room that keeps subscribers: who they are, what they asked for, where they are reached.

For now it keeps plain JSON in Redis; an encrypted store with blind indexes is to take its place behind the same door,
and nothing outside this file knows how a subscriber is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from services.notify.channels.base import Address
from services.notify.subscribers import SHARDS, StoredAddress, Subscriber, shard_of
from services.notify.topics import topics_of_interest


class UnknownSubscriber(KeyError):
    """No subscriber has this number."""


class Vault:
    """Keeps subscribers, and the index that tells in which shards anybody asked for a topic."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def add(self, subscriber: Subscriber) -> Subscriber:
        """Stores a new one under a number of its own (the number given is ignored)."""
        number = int(await self._redis.incr("vestka:subscribers:last"))
        numbered = msgspec.structs.replace(subscriber, number=number)
        await self._replace(number, numbered)
        return numbered

    async def put(self, subscriber: Subscriber) -> None:
        """Replaces what is stored under its number."""
        await self._replace(subscriber.number, subscriber)

    async def get(self, number: int) -> Subscriber:
        """Raises UnknownSubscriber."""
        raw: Any = await self._redis.get(_key(number))
        if raw is None:
            raise UnknownSubscriber(number)
        return _decode(raw)

    async def in_shard(self, shard: int, only: Iterable[int] | None = None) -> list[Subscriber]:
        """Everybody in a shard, or those of them in `only`, in one round trip, by number."""
        if only is None:
            numbers = sorted(int(number) for number in await self._redis.smembers(_shard_key(shard)))
        else:
            numbers = sorted(only)
        if not numbers:
            return []
        found: Any = await self._redis.mget([_key(number) for number in numbers])
        return [_decode(raw) for raw in found if raw is not None]

    async def everybody(self) -> list[Subscriber]:
        shards = [await self.in_shard(shard) for shard in range(SHARDS)]
        return sorted((one for shard in shards for one in shard), key=lambda one: one.number)

    async def shards_asking(self, channel: str, topics: Sequence[str]) -> list[int]:
        """The shards in which somebody with an address on the channel asked for one of the topics."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for topic in topics:
                pipe.hgetall(_topic_key(channel, topic))
            counts = await pipe.execute()
        return sorted({int(shard) for topic in counts for shard, count in topic.items() if int(count) > 0})

    async def by_label(self, label: str) -> Subscriber | None:
        number = await self._redis.hget(_LABELS, label)
        return None if number is None else await self.get(int(number))

    async def set_active(self, number: int, active: bool) -> Subscriber:
        """Raises UnknownSubscriber."""
        changed = msgspec.structs.replace(await self.get(number), active=active)
        await self.put(changed)
        return changed

    async def end_address(self, number: int, channel: str, reason: str) -> None:
        await self._change_address(number, channel, lambda one: msgspec.structs.replace(one, ended=reason))

    async def move_address(self, number: int, moved: Address) -> None:
        await self._change_address(number, moved.channel, lambda one: msgspec.structs.replace(one, target=moved.target))

    async def erase(self, number: int) -> None:
        """Removes everything stored of a subscriber; one who is not there is already erased."""
        await self._replace(number, None)

    async def _change_address(
        self, number: int, channel: str, change: Callable[[StoredAddress], StoredAddress]
    ) -> None:
        subscriber = await self.get(number)
        addresses = tuple(change(one) if one.channel == channel else one for one in subscriber.addresses)
        await self.put(msgspec.structs.replace(subscriber, addresses=addresses))

    async def _replace(self, number: int, new: Subscriber | None) -> None:
        """The record and its places in the index, in one transaction."""
        async with self._redis.pipeline() as pipe:
            while True:
                try:
                    await pipe.watch(_key(number))
                    raw: Any = await self._redis.get(_key(number))
                    pipe.multi()  # type: ignore[no-untyped-call]
                    if raw is not None:
                        _unindex(pipe, _decode(raw))
                    if new is not None:
                        _index(pipe, new)
                    await pipe.execute()
                except WatchError:
                    continue
                return


def _index(pipe: Pipeline, subscriber: Subscriber) -> None:
    shard = shard_of(subscriber.number)
    pipe.set(_key(subscriber.number), msgspec.json.encode(subscriber))
    pipe.sadd(_shard_key(shard), subscriber.number)
    if subscriber.label is not None:
        pipe.hset(_LABELS, subscriber.label, str(subscriber.number))
    for key in _index_keys(subscriber):
        pipe.hincrby(key, str(shard), 1)


def _unindex(pipe: Pipeline, subscriber: Subscriber) -> None:
    shard = shard_of(subscriber.number)
    pipe.delete(_key(subscriber.number))
    pipe.srem(_shard_key(shard), subscriber.number)
    if subscriber.label is not None:
        pipe.hdel(_LABELS, subscriber.label)
    for key in _index_keys(subscriber):
        pipe.hincrby(key, str(shard), -1)


def _index_keys(subscriber: Subscriber) -> set[str]:
    if not subscriber.active:
        return set()
    channels = [one.channel for one in subscriber.addresses if one.ended is None]
    topics = [topic for interest in subscriber.interests for topic in topics_of_interest(interest)]
    return {_topic_key(channel, topic) for channel in channels for topic in topics}


_LABELS: Final = "vestka:subscribers:labels"


def _key(number: int) -> str:
    return f"vestka:subscriber:{number}"


def _shard_key(shard: int) -> str:
    return f"vestka:subscribers:shard:{shard}"


def _topic_key(channel: str, topic: str) -> str:
    return f"vestka:asking:{channel}:{topic}"


def _decode(raw: str) -> Subscriber:
    return msgspec.json.decode(raw, type=Subscriber)
