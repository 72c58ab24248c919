"""The vault as far as it is read: by number, by shard, by topic, and by what leads to somebody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from redis.asyncio import Redis

from services.runtime.steady_clock import server_time
from services.subscribers import loading
from services.subscribers.keeping import learn_shards, settle_everybody
from services.subscribers.key_files import KeyFolder
from services.subscribers.persistence import clean_files
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.records import raw_records
from services.subscribers.redis_keys import RedisKeys
from services.subscribers.sealed_store import SealedStore
from services.subscribers.store_opening import nobody_there, open_store
from services.subscribers.subscriber import Subscriber
from services.subscribers.topic_learning import learn_again, learn_topics
from services.subscribers.topics import Interest, topics_of_interest

_MOST_WATCHING: Final = 1_000
"""Of one name that are read: among more somebody watches it still."""


class UnknownSubscriber(KeyError):
    """No subscriber has this number. It is not repeated: a traceback may name an event beside it."""


class VaultReading:
    """See `vault.Vault`, which adds what changes something."""

    def __init__(self, redis: Redis, keys: KeyFolder, new_seed: Callable[[], str], shards: int) -> None:
        self._redis = redis
        self._keys = keys
        self._new_seed = new_seed
        self._shards = shards
        self._store: SealedStore | None = None
        self._opening = asyncio.Lock()

    @property
    def shards(self) -> int:
        return self._shards

    def shard_of(self, number: int) -> int:
        return RedisKeys(self._shards).shard_of(number)

    async def _opened(self, *, found: bool = False) -> SealedStore:
        async with self._opening:
            if self._store is None:
                self._store = await open_store(self._redis, self._keys, self._shards, found=found)
                if self._store is None:
                    return nobody_there(self._shards)
                await settle_everybody(self._redis, self._store, self._new_seed)
                await learn_shards(self._redis, self._store)
                await learn_topics(self._redis, self._store, await server_time(self._redis))
                await clean_files(self._redis)
            return self._store

    async def get(self, number: int) -> Subscriber:
        """Raises UnknownSubscriber, and UnreadableRecord."""
        store = await self._opened()
        [raw] = await raw_records(self._redis, store.keys.record_of(number), [number])
        if raw is None:
            raise UnknownSubscriber
        try:
            return store.decode(number, raw)
        except UnreadableRecord as error:
            await loading.note_unreadable(self._redis, store, number, error)
            raise

    async def in_shard(self, shard: int, only: Iterable[int] | None = None) -> list[Subscriber]:
        """Everybody in a shard, or those in `only`, wherever they are; by number. Who cannot be read is left out."""
        store = await self._opened()
        if only is not None:
            return await loading.some(self._redis, store, only)
        return await loading.in_whole_shard(self._redis, store, shard)

    async def some(self, numbers: Sequence[int]) -> dict[int, Subscriber | UnreadableRecord]:
        """By number; who is not there is left out, and one whose record does not open comes as the error."""
        return await loading.each(self._redis, await self._opened(), numbers)

    async def everybody(self) -> list[Subscriber]:
        shards = [await self.in_shard(shard) for shard in range(self._shards)]
        return sorted((one for shard in shards for one in shard), key=lambda one: one.number)

    async def shards_asking(self, channel: str, topics: Sequence[str]) -> dict[int, int]:
        """The shards in which somebody with an address on the channel asked for one of the topics; how many at most."""
        return await loading.shards_asking(self._redis, await self._opened(), channel, topics)

    async def few_asking(
        self, channel: str, first: Sequence[str], topics: Sequence[str], most: int
    ) -> list[int] | None:
        """The numbers of all who asked for one of the topics on the channel, those who asked for one of `first` before
        the others; None where they may be more than `most`."""
        return await loading.few_asking(self._redis, await self._opened(), channel, first, topics, most)

    async def numbers_asking(self, shards: Sequence[int], channel: str, topics: Sequence[str]) -> list[int]:
        """Of those in the shards who asked for one of the topics on the channel."""
        return await loading.numbers_asking(self._redis, await self._opened(), shards, channel, topics)

    async def asking(
        self, shard: int, channel: str, topics: Sequence[str], also: Iterable[int] = ()
    ) -> list[Subscriber]:
        """Those in the shard who asked for one of the topics on the channel, and those in `also`; by number."""
        store = await self._opened()
        numbers = await loading.numbers_asking(self._redis, store, [shard], channel, topics)
        return await loading.some(self._redis, store, {*numbers, *also})

    async def is_watched(self, key: str, channels: Iterable[str]) -> bool:
        """Does anybody who is written to watch this folded name?"""
        topics = [topic for topic in topics_of_interest(Interest(persons=(key,))) if topic.startswith("person:")]
        for channel in channels:
            found = await self.few_asking(channel, (), topics, _MOST_WATCHING)
            if found is None:
                return True
            read = (await self.some(found)).values()
            if any(isinstance(one, UnreadableRecord) or _watches(one, key) for one in read):
                return True
        return False

    async def learn_again(self) -> None:
        """Looks once more at everybody where an upgrade lately brought new topics, see `topic_learning`."""
        await learn_again(self._redis, await self._opened(), await server_time(self._redis))

    async def unreadable(self) -> dict[int, str]:
        """The numbers of the records that were met and do not open, and why: see UnreadableRecord."""
        return await loading.still_unreadable(self._redis, await self._opened())

    async def by_label(self, label: str) -> Subscriber | None:
        store = await self._opened()
        return await self._found(store, store.lookups.label(label))

    async def by_address(self, channel: str, target: str) -> Subscriber | None:
        """Who has the address, in whatever form it is written."""
        store = await self._opened()
        return await self._found(store, bytes.fromhex(store.lookups.address(channel, target)))

    async def digest_of(self, channel: str, target: str) -> str:
        """The keyed hash that an address is found by, whoever has it or nobody; hexadecimal digits."""
        return (await self._opened(found=True)).lookups.address(channel, target)

    async def by_digest(self, digest: str) -> Subscriber | None:
        """Who has the address of this keyed hash."""
        return await self._found(await self._opened(), bytes.fromhex(digest))

    async def by_stop_seed(self, seed: str) -> Subscriber | None:
        store = await self._opened()
        return await self._found(store, store.lookups.seed(seed))

    async def _found(self, store: SealedStore, digest: bytes) -> Subscriber | None:
        number: Any = await self._redis.hget(store.keys.found(digest), digest)
        try:
            return None if number is None else await self.get(int(number))
        except UnknownSubscriber:  # erased in between
            return None


def _watches(subscriber: Subscriber, key: str) -> bool:
    return any(key in one.persons for one in subscriber.interests)
