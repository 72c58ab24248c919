"""The one room that keeps subscribers: who they are, what they asked for, where they are reached.

For now it keeps plain JSON in Redis; an encrypted store with blind indexes is to take its place behind the same door,
and nothing outside this file and `records` knows how a subscriber is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from services.subscribers.address import Address
from services.subscribers.address_index import AddressHash
from services.subscribers.keyring import Keyring
from services.subscribers.kinship import is_elsewhere, of_channel
from services.subscribers.records import (
    LABELS,
    STOP_SEEDS,
    Records,
    decode,
    in_one_step,
    key_of,
    label_digest,
    shard_key,
    topic_key,
)
from services.subscribers.remembered import Remembered, Said
from services.subscribers.settling import kin_of, remove_kin, replaced, settle
from services.subscribers.stop_links import new_seed
from services.subscribers.subscriber import SHARDS, StoredAddress, Subscriber


class UnknownSubscriber(KeyError):
    """No subscriber has this number. It is not repeated: a traceback may name an event beside it."""


class Vault:
    """Keeps subscribers, and the indexes that lead to them: by topic, by label, by the seed of a link, by address.

    One address is one subscriber's. Who comes with an address that is known is joined with whoever has it.
    `keyring`: what the index of addresses is keyed with. Without it nobody can be added here, and no address moved.
    `new_seed` gives what is random in a new subscriber's link.
    """

    def __init__(
        self,
        redis: Redis,
        keyring: Keyring | None = None,
        new_seed: Callable[[], str] = new_seed,
        remembered: Remembered | None = None,
    ) -> None:
        self._redis = redis
        self._remembered = remembered or Remembered(None)
        self._hash = None if keyring is None else AddressHash(keyring)
        self._new_seed = new_seed

    async def add(self, subscriber: Subscriber) -> Subscriber:
        """Stores a new one under a number of its own (the number given is ignored), and gives whoever has it now.

        That is the one who had its address before, where there is one; a stop of theirs stays.
        """
        numbered = msgspec.structs.replace(subscriber, number=await self._next_number(), stop_seed=None)
        await self._remembered.note(Said.RESUME, numbered, only_if_said=True)
        return await self._put(numbered)

    async def put(self, subscriber: Subscriber) -> Subscriber:
        """Replaces what is stored under its number; whoever is reached there now."""
        return await self._put(subscriber)

    async def _put(self, subscriber: Subscriber) -> Subscriber:
        async def work(records: Records) -> Subscriber:
            known = await records.get(subscriber.number)
            kin = known.kin if known is not None else ()
            return await self._settle(records, msgspec.structs.replace(subscriber, kin=kin))

        return await in_one_step(self._redis, work)

    async def put_labelled(self, subscriber: Subscriber) -> Subscriber | None:
        """Adds or replaces the one of this label; None where that one was erased, since erased is for good.

        A replaced one keeps its number, its `since`, a stop asked for, and what became of an address that the file
        still gives as before. Two that load one file at once meet in the label, so they make one subscriber of it.
        """
        label, anew = subscriber.label or "", self._remembered.honoured(subscriber)
        if anew is None:
            return None
        if await self._redis.sismember(_ERASED, label_digest(label)):
            return None
        await self._redis.hsetnx(LABELS, label, str(await self._next_number()))
        number = int(str(await self._redis.hget(LABELS, label)))

        async def work(records: Records) -> Subscriber:
            known = await records.get(number)
            new = msgspec.structs.replace(subscriber if known is not None else anew, number=number)
            if known is not None:
                new = await replaced(records, known, new)
            return await self._settle(records, new)

        return await in_one_step(self._redis, work)

    async def index_addresses(self) -> int:
        """Brings everybody into the index of addresses, once a key; how many were joined with another.

        Those stored before there was an index may have one address twice: they become one.
        """
        mark = self._keyed().mark
        if await self._redis.get(_INDEXED) == mark:
            return 0
        found = 0
        for subscriber in await self.everybody():
            found += await in_one_step(self._redis, partial(self._index, number=subscriber.number))
        await self._redis.set(_INDEXED, mark)
        return found

    async def _index(self, records: Records, number: int) -> bool:
        known = await records.get(number)
        if known is None:
            return False
        return (await self._settle(records, known)).number != number

    async def get(self, number: int) -> Subscriber:
        """Raises UnknownSubscriber."""
        raw: Any = await self._redis.get(key_of(number))
        if raw is None:
            raise UnknownSubscriber
        return decode(raw)

    async def in_shard(self, shard: int, only: Iterable[int] | None = None) -> list[Subscriber]:
        """Everybody in a shard, or those of them in `only`, in one round trip, by number."""
        if only is None:
            numbers = sorted(int(number) for number in await self._redis.smembers(shard_key(shard)))
        else:
            numbers = sorted(only)
        if not numbers:
            return []
        found: Any = await self._redis.mget([key_of(number) for number in numbers])
        return [decode(raw) for raw in found if raw is not None]

    async def everybody(self) -> list[Subscriber]:
        shards = [await self.in_shard(shard) for shard in range(SHARDS)]
        return sorted((one for shard in shards for one in shard), key=lambda one: one.number)

    async def shards_asking(self, channel: str, topics: Sequence[str]) -> list[int]:
        """The shards in which somebody with an address on the channel asked for one of the topics."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for topic in topics:
                pipe.hgetall(topic_key(channel, topic))
            counts = await pipe.execute()
        return sorted({int(shard) for topic in counts for shard, count in topic.items() if int(count) > 0})

    async def by_label(self, label: str) -> Subscriber | None:
        number = await self._redis.hget(LABELS, label)
        return None if number is None else await self.get(int(number))

    async def by_address(self, channel: str, target: str) -> Subscriber | None:
        """Whose address it is, in whatever form it is written."""
        digest = self._keyed().digest(channel, target)
        return await in_one_step(self._redis, partial(Records.owner, digest=digest))

    async def may_come(self, subscriber: Subscriber) -> Subscriber | None:
        """As one may be taken in who comes from a file: None where its label was erased; an address that somebody
        stopped or erased has ended."""
        label = subscriber.label
        if label is not None and await self._redis.sismember(_ERASED, label_digest(label)):
            return None
        return self._remembered.honoured(subscriber)

    async def amend(self, number: int, change: Callable[[Subscriber], Subscriber]) -> Subscriber:
        """Changes what is stored under a number, whatever else happens to it meanwhile; whoever is reached there now.

        Raises UnknownSubscriber.
        """
        return await self._amend(number, change)

    async def by_stop_seed(self, seed: str) -> Subscriber | None:
        number = await self._redis.hget(STOP_SEEDS, seed)
        try:
            return None if number is None else await self.get(int(number))
        except UnknownSubscriber:  # erased in between
            return None

    async def with_stop_seed(self, number: int) -> Subscriber:
        """As `get`; one stored before there were seeds gets one now. Raises UnknownSubscriber."""
        subscriber = await self.get(number)
        return subscriber if subscriber.stop_seed else await self._amend(number, lambda known: known)

    async def set_active(self, number: int, active: bool) -> Subscriber:
        """The same for all its kin: a stop by either link stops the one. Raises UnknownSubscriber."""
        changed = await self._amend_kin(number, lambda known: msgspec.structs.replace(known, active=active))
        await self._note_kin(Said.RESUME if active else Said.STOP, number)
        return changed

    async def resume(self, number: int) -> Subscriber:
        """Active again, with every address that had ended, and all its kin: an operator says so.

        Raises UnknownSubscriber.
        """

        def resumed(known: Subscriber) -> Subscriber:
            addresses = tuple(
                one if is_elsewhere(one) else msgspec.structs.replace(one, ended=None) for one in known.addresses
            )
            return msgspec.structs.replace(known, active=True, addresses=addresses)

        changed = await self._amend_kin(number, resumed)
        await self._note_kin(Said.RESUME, number)
        return changed

    async def _note_kin(self, said: Said, number: int) -> None:
        """Outside Redis as well, for every record that is one reader with this one."""
        kin = await in_one_step(self._redis, partial(kin_of, number=number))
        for one in kin.values():
            await self._remembered.note(said, one)

    async def end_address(self, number: int, channel: str, reason: str) -> None:
        """Raises UnknownSubscriber."""
        changed = await self._amend_address(number, channel, lambda one: msgspec.structs.replace(one, ended=reason))
        await self._remembered.note(Said.STOP, of_channel(changed, channel))

    async def move_address(self, number: int, moved: Address) -> Subscriber:
        """Whoever is reached there now: another, where that one had the new address before.

        Raises UnknownSubscriber.
        """

        def at_its_new_place(one: StoredAddress) -> StoredAddress:
            return msgspec.structs.replace(one, target=moved.target, given=one.given or one.target)

        return await self._amend_address(number, moved.channel, at_its_new_place)

    async def heir(self, subscriber: Subscriber, channel: str) -> Subscriber | None:
        """Who has the address now that the subscriber had on the channel; None where it is nobody else."""
        for one in subscriber.addresses:
            if one.channel == channel and is_elsewhere(one):
                digest = self._keyed().digest(channel, one.target)
                return await in_one_step(self._redis, partial(Records.owner, digest=digest))
        return None

    async def erase(self, number: int) -> None:
        """Removes everything stored of a subscriber and its kin; one who is not there is already erased.

        A label leaves its digest behind, so that the file it stands in does not bring the subscriber back.
        """
        kin = await in_one_step(self._redis, partial(kin_of, number=number))
        labels = [label_digest(one.label) for one in kin.values() if one.label is not None]
        if labels:  # first, so that a crash in between leaves nobody whom the file brings back
            await self._redis.sadd(_ERASED, *labels)
        for one in kin.values():
            await self._remembered.note(Said.ERASE, one)
        await in_one_step(self._redis, partial(remove_kin, number=number))

    async def _next_number(self) -> int:
        return int(await self._redis.incr("vestka:subscribers:last"))

    async def _amend_address(
        self, number: int, channel: str, change: Callable[[StoredAddress], StoredAddress]
    ) -> Subscriber:
        def amended(known: Subscriber) -> Subscriber:
            addresses = tuple(
                change(one) if one.channel == channel and not is_elsewhere(one) else one for one in known.addresses
            )
            return msgspec.structs.replace(known, addresses=addresses)

        return await self._amend(number, amended)

    async def _amend(self, number: int, change: Callable[[Subscriber], Subscriber]) -> Subscriber:
        async def work(records: Records) -> Subscriber:
            known = await records.get(number)
            if known is None:
                raise UnknownSubscriber
            changed = change(known)
            if [one.target for one in changed.addresses] == [one.target for one in known.addresses]:
                return await self._keep(records, changed)
            return await self._settle(records, changed)

        return await in_one_step(self._redis, work)

    async def _amend_kin(self, number: int, change: Callable[[Subscriber], Subscriber]) -> Subscriber:
        async def work(records: Records) -> Subscriber:
            kin = await kin_of(records, number)
            if number not in kin:
                raise UnknownSubscriber
            for one in kin.values():
                await self._keep(records, change(one))
            return change(kin[number])

        return await in_one_step(self._redis, work)

    async def _settle(self, records: Records, new: Subscriber) -> Subscriber:
        settled = await settle(records, new, self._keyed())
        stored = {one.number: await self._keep(records, one) for one in settled.stored}
        return stored[settled.reached.number]

    async def _keep(self, records: Records, new: Subscriber) -> Subscriber:
        """A seed once given stays, whatever replaces the record: it stands in letters that were sent."""
        known = await records.get(new.number)
        kept = known.stop_seed if known is not None else None
        stored = msgspec.structs.replace(new, stop_seed=kept or new.stop_seed or self._new_seed())
        await records.put(stored)
        return stored

    def _keyed(self) -> AddressHash:
        if self._hash is None:
            raise RuntimeError("this vault was opened without a keyring, and cannot tell whose an address is")
        return self._hash


_INDEXED: Final = "vestka:subscribers:addresses-keyed"
"""The mark of the key that the index of addresses was made with."""
_ERASED: Final = "vestka:subscribers:erased"
