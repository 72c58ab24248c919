"""The one room that keeps subscribers: who they are, what they asked for, where they are reached.

For now it keeps plain JSON in Redis; an encrypted store with blind indexes is to take its place behind the same door,
and nothing outside this file knows how a subscriber is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from services.notify.channels.base import Address
from services.notify.remembered import Remembered, Said
from services.notify.stop_links import new_seed
from services.notify.subscribers import SHARDS, StoredAddress, Subscriber, shard_of
from services.notify.topics import topics_of_interest


class UnknownSubscriber(KeyError):
    """No subscriber has this number. It is not repeated: a traceback may name an event beside it."""


class Vault:
    """Keeps subscribers, and two indexes: in which shards anybody asked for a topic, and whose seed a link is made of.

    `new_seed` gives what is random in a new subscriber's link.
    """

    def __init__(
        self, redis: Redis, new_seed: Callable[[], str] = new_seed, remembered: Remembered | None = None
    ) -> None:
        self._redis = redis
        self._remembered = remembered or Remembered(None)
        self._new_seed = new_seed

    async def add(self, subscriber: Subscriber) -> Subscriber:
        """Stores a new one under a number of its own (the number given is ignored)."""
        numbered = msgspec.structs.replace(subscriber, number=await self._next_number(), stop_seed=None)
        await self._remembered.note(Said.RESUME, numbered, only_if_said=True)
        return await self.put(numbered)

    async def put(self, subscriber: Subscriber) -> Subscriber:
        """Replaces what is stored under its number; as it is stored now."""
        stored = await self._change(subscriber.number, lambda _known: subscriber)
        assert stored is not None
        return stored

    async def put_labelled(self, subscriber: Subscriber) -> Subscriber | None:
        """Adds or replaces the one of this label; None where that one was erased, since erased is for good.

        A replaced one keeps its number, its `since`, a stop asked for, and what became of an address that the file
        still gives as before. Two that load one file at once meet in the label, so they make one subscriber of it.
        """
        label, anew = subscriber.label or "", self._remembered.honoured(subscriber)
        if anew is None:
            return None
        if await self._redis.sismember(_ERASED, _digest(label)):
            return None
        await self._redis.hsetnx(_LABELS, label, str(await self._next_number()))
        number = int(str(await self._redis.hget(_LABELS, label)))

        def kept(known: Subscriber | None) -> Subscriber:
            if known is None:
                return msgspec.structs.replace(anew, number=number)
            addresses = tuple(_kept_address(one, known) for one in subscriber.addresses)
            return msgspec.structs.replace(
                subscriber, number=number, since=known.since, active=known.active, addresses=addresses
            )

        return await self._change(number, kept)

    async def get(self, number: int) -> Subscriber:
        """Raises UnknownSubscriber."""
        raw: Any = await self._redis.get(_key(number))
        if raw is None:
            raise UnknownSubscriber
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

    async def by_stop_seed(self, seed: str) -> Subscriber | None:
        number = await self._redis.hget(_STOP_SEEDS, seed)
        try:
            return None if number is None else await self.get(int(number))
        except UnknownSubscriber:  # erased in between
            return None

    async def with_stop_seed(self, number: int) -> Subscriber:
        """As `get`; one stored before there were seeds gets one now. Raises UnknownSubscriber."""
        subscriber = await self.get(number)
        return subscriber if subscriber.stop_seed else await self._amend(number, lambda known: known)

    async def set_active(self, number: int, active: bool) -> Subscriber:
        """Raises UnknownSubscriber."""
        changed = await self._amend(number, lambda known: msgspec.structs.replace(known, active=active))
        await self._remembered.note(Said.RESUME if active else Said.STOP, changed)
        return changed

    async def resume(self, number: int) -> Subscriber:
        """Active again, with every address that had ended: an operator says so. Raises UnknownSubscriber."""

        def resumed(known: Subscriber) -> Subscriber:
            addresses = tuple(msgspec.structs.replace(one, ended=None) for one in known.addresses)
            return msgspec.structs.replace(known, active=True, addresses=addresses)

        changed = await self._amend(number, resumed)
        await self._remembered.note(Said.RESUME, changed)
        return changed

    async def end_address(self, number: int, channel: str, reason: str) -> None:
        """Raises UnknownSubscriber."""
        await self._amend_address(number, channel, lambda one: msgspec.structs.replace(one, ended=reason))
        await self._remembered.note(Said.STOP, _only(await self.get(number), channel))

    async def move_address(self, number: int, moved: Address) -> None:
        """Raises UnknownSubscriber."""
        await self._amend_address(
            number,
            moved.channel,
            lambda one: msgspec.structs.replace(one, target=moved.target, given=one.given or one.target),
        )

    async def erase(self, number: int) -> None:
        """Removes everything stored of a subscriber; one who is not there is already erased.

        A label leaves its digest behind, so that the file it stands in does not bring the subscriber back.
        """
        raw: Any = await self._redis.get(_key(number))
        label = None if raw is None else _decode(raw).label
        if label is not None:
            await self._redis.sadd(_ERASED, _digest(label))
        if raw is not None:
            await self._remembered.note(Said.ERASE, _decode(raw))
        await self._change(number, lambda _known: None)

    async def _next_number(self) -> int:
        return int(await self._redis.incr("vestka:subscribers:last"))

    async def _amend_address(self, number: int, channel: str, change: Callable[[StoredAddress], StoredAddress]) -> None:
        def amended(known: Subscriber) -> Subscriber:
            addresses = tuple(change(one) if one.channel == channel else one for one in known.addresses)
            return msgspec.structs.replace(known, addresses=addresses)

        await self._amend(number, amended)

    async def _amend(self, number: int, change: Callable[[Subscriber], Subscriber]) -> Subscriber:
        def amended(known: Subscriber | None) -> Subscriber:
            if known is None:
                raise UnknownSubscriber
            return change(known)

        changed = await self._change(number, amended)
        assert changed is not None
        return changed

    async def _change(self, number: int, change: Callable[[Subscriber | None], Subscriber | None]) -> Subscriber | None:
        """The record and its places in the indexes, in one transaction on what is stored at that moment."""
        async with self._redis.pipeline() as pipe:
            while True:
                try:
                    await pipe.watch(_key(number))
                    raw: Any = await pipe.get(_key(number))  # on the connection in hand: none waits for a second
                    known = None if raw is None else _decode(raw)
                    new = self._with_seed(change(known), known)
                    pipe.multi()  # type: ignore[no-untyped-call]
                    if known is not None:
                        _unindex(pipe, known)
                    if new is not None:
                        _index(pipe, new)
                    await pipe.execute()
                except WatchError:
                    continue
                return new

    def _with_seed(self, new: Subscriber | None, known: Subscriber | None) -> Subscriber | None:
        """Once given it stays, whatever replaces the record: it stands in letters that were sent."""
        if new is None:
            return None
        kept = known.stop_seed if known is not None else None
        return msgspec.structs.replace(new, stop_seed=kept or new.stop_seed or self._new_seed())


def _index(pipe: Pipeline, subscriber: Subscriber) -> None:
    shard = shard_of(subscriber.number)
    pipe.set(_key(subscriber.number), msgspec.json.encode(subscriber))
    pipe.sadd(_shard_key(shard), subscriber.number)
    if subscriber.stop_seed is not None:
        pipe.hset(_STOP_SEEDS, subscriber.stop_seed, str(subscriber.number))
    if subscriber.label is not None:
        pipe.hset(_LABELS, subscriber.label, str(subscriber.number))
    for key in _index_keys(subscriber):
        pipe.eval(_COUNT, 1, key, str(shard), "1")


def _unindex(pipe: Pipeline, subscriber: Subscriber) -> None:
    shard = shard_of(subscriber.number)
    pipe.delete(_key(subscriber.number))
    pipe.srem(_shard_key(shard), subscriber.number)
    if subscriber.stop_seed is not None:
        pipe.hdel(_STOP_SEEDS, subscriber.stop_seed)
    if subscriber.label is not None:
        pipe.hdel(_LABELS, subscriber.label)
    for key in _index_keys(subscriber):
        pipe.eval(_COUNT, 1, key, str(shard), "-1")


def _index_keys(subscriber: Subscriber) -> set[str]:
    if not subscriber.active:
        return set()
    channels = [one.channel for one in subscriber.addresses if one.ended is None]
    topics = [topic for interest in subscriber.interests for topic in topics_of_interest(interest)]
    return {_topic_key(channel, topic) for channel in channels for topic in topics}


_LABELS: Final = "vestka:subscribers:labels"
_STOP_SEEDS: Final = "vestka:subscribers:stop-seeds"
"""The seed of each subscriber's link, and the number it belongs to. Useless without the key that seals it."""
_ERASED: Final = "vestka:subscribers:erased"
_COUNT: Final = """
if redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2]) <= 0 then redis.call('HDEL', KEYS[1], ARGV[1]) end
"""
"""Counts who asks for a topic in a shard, and forgets the topic when nobody does: its name may be a watched one."""


def _kept_address(new: StoredAddress, known: Subscriber) -> StoredAddress:
    for one in known.addresses:
        if one.channel == new.channel and (one.given or one.target) == new.target:
            return msgspec.structs.replace(one, secrets=new.secrets)
    return new


def _only(subscriber: Subscriber, channel: str) -> Subscriber:
    """Of one address alone: the others go on."""
    addresses = tuple(one for one in subscriber.addresses if one.channel == channel)
    return msgspec.structs.replace(subscriber, label=None, addresses=addresses)


def _digest(label: str) -> str:
    return hashlib.sha256(label.encode()).hexdigest()


def _key(number: int) -> str:
    return f"vestka:subscriber:{number}"


def _shard_key(shard: int) -> str:
    return f"vestka:subscribers:shard:{shard}"


def _topic_key(channel: str, topic: str) -> str:
    return f"vestka:asking:{channel}:{topic}"


def _decode(raw: str) -> Subscriber:
    return msgspec.json.decode(raw, type=Subscriber)
