"""The one room that keeps subscribers: who they are, what they asked for, where they are reached.

Each is one sealed record (`record_seal`), found by keyed hashes (`lookups`); the keys are not in the store
(`key_files`). Nothing outside this room knows how a subscriber is kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

import msgspec
import structlog
from redis.asyncio import Redis

from services.subscribers.address import Address
from services.subscribers.batches import Batches
from services.subscribers.eraser import Eraser, erase_unread, finish_erasing
from services.subscribers.keeping import keep, settle_and_keep
from services.subscribers.key_files import KeyFolder
from services.subscribers.kinship import is_elsewhere, of_channel
from services.subscribers.persistence import FilesNotRewritten
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.records import Records, in_one_step
from services.subscribers.redis_keys import ERASED, LAST, SHARDS
from services.subscribers.remembered import Remembered, Said
from services.subscribers.rotation import Census, census, rotate
from services.subscribers.sealed_store import SealedStore
from services.subscribers.settling import kin_of, remove_kin, replaced
from services.subscribers.stop_links import new_seed
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.vault_reading import UnknownSubscriber, VaultReading

__all__ = ["UnknownSubscriber", "Vault"]

log = structlog.get_logger(__name__)
T = TypeVar("T")


class Vault(VaultReading):
    """Keeps subscribers, and the indexes that lead to them: by topic, by label, by the seed of a link, by address.

    One address is one subscriber's. Who comes with an address that is known is joined with whoever has it.
    `keys`: where the keys are. `erasers` remove what others keep of somebody who is erased. `new_seed` gives what is
    random in a new subscriber's link. It opens itself when it is first asked; every method raises StoreFault where it
    does not open.
    """

    def __init__(
        self,
        redis: Redis,
        keys: KeyFolder,
        *,
        new_seed: Callable[[], str] = new_seed,
        remembered: Remembered | None = None,
        shards: int = SHARDS,
        erasers: Sequence[Eraser] = (),
    ) -> None:
        super().__init__(redis, keys, new_seed, shards)
        self._remembered = remembered or Remembered(None)
        self._erasers = erasers

    async def open(self) -> None:
        """Founds the store where there is none, seals one of the plain form, and finishes what was broken off."""
        await self._opened(found=True)
        try:
            await finish_erasing(self._redis, self._erasers)
        except FilesNotRewritten as error:
            log.error("erasing_not_finished", todo=str(error))

    async def _step(self, work: Callable[[Records, SealedStore], Awaitable[T]], *, found: bool = False) -> T:
        """Raises UnreadableRecord: what it would change, or one that shares something with it, does not open."""
        store = await self._opened(found=found)
        try:
            return await in_one_step(self._redis, store, lambda records: work(records, store))
        except UnreadableRecord as error:
            log.error("change_not_made", reason=error.reason, todo=str(error))
            raise

    async def add(self, subscriber: Subscriber) -> Subscriber:
        """Stores a new one under a number of its own (the number given is ignored), and gives whoever has it now.

        That is the one who had its address before, where there is one; a stop of theirs stays.
        """
        await self._opened(found=True)
        numbered = msgspec.structs.replace(subscriber, number=await self._next_number(), stop_seed=None)
        await self._remembered.note(Said.RESUME, numbered, only_if_said=True)
        return await self.put(numbered)

    async def put(self, subscriber: Subscriber) -> Subscriber:
        """Replaces what is stored under its number; whoever is reached there now."""

        async def work(records: Records, store: SealedStore) -> Subscriber:
            known = await records.get(subscriber.number)
            kin = known.kin if known is not None else ()
            return await self._settle(records, store, msgspec.structs.replace(subscriber, kin=kin))

        return await self._step(work, found=True)

    async def put_labelled(self, subscriber: Subscriber) -> Subscriber | None:
        """Adds or replaces the one of this label; None where that one was erased, since erased is for good.

        A replaced one keeps its number, its `since`, a stop asked for, and what became of an address that the file
        still gives as before. Two that load one file at once meet in the label, so they make one subscriber of it.
        """
        store = await self._opened(found=True)
        label, anew = subscriber.label or "", self._remembered.honoured(subscriber)
        if anew is None or await self._redis.sismember(ERASED, store.lookups.erased(label)):  # type: ignore[arg-type]
            return None
        number = await self._number_of_label(store, label)

        async def work(records: Records, store: SealedStore) -> Subscriber:
            known = await records.get(number)
            new = msgspec.structs.replace(subscriber if known is not None else anew, number=number)
            if known is not None:
                new = await replaced(records, known, new)
            return await self._settle(records, store, new)

        return await self._step(work)

    async def intake(self) -> Batches:
        """By which many are taken in at once."""
        return Batches(self._redis, await self._opened(found=True), self._remembered, self._new_seed)

    async def amend(self, number: int, change: Callable[[Subscriber], Subscriber]) -> Subscriber:
        """Changes what is stored under a number, whatever else happens to it meanwhile; whoever is reached there now.

        Raises UnknownSubscriber.
        """
        return await self._amend(number, change)

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
                return await self.by_address(channel, one.target)
        return None

    async def erase(self, number: int) -> None:
        """Removes everything stored of a subscriber and its kin; one who is not there is already erased.

        A label leaves a keyed hash behind, so that the file it stands in does not bring the subscriber back. One whose
        record does not open is removed as well, but not remembered. Raises FilesNotRewritten when all but that is done.
        """
        store = await self._opened()
        try:
            kin = await self._kin(number)
        except UnreadableRecord:
            await erase_unread(self._redis, store, number)
            kin = {}
        labels = [store.lookups.erased(one.label) for one in kin.values() if one.label is not None]
        if labels:  # first, so that a crash in between leaves nobody whom the file brings back
            await self._redis.sadd(ERASED, *labels)
        for one in kin.values():
            await self._remembered.note(Said.ERASE, one)
        await in_one_step(self._redis, store, partial(remove_kin, number=number))
        await finish_erasing(self._redis, self._erasers)

    async def census(self) -> Census:
        return await census(self._redis, await self._opened())

    async def rotate(self, on_done: Callable[[int], None] = lambda _: None) -> int:
        """See `rotation.rotate`."""
        return await rotate(self._redis, await self._opened(found=True), self._keys, on_done)

    async def _kin(self, number: int) -> dict[int, Subscriber]:
        return await in_one_step(self._redis, await self._opened(), partial(kin_of, number=number))

    async def _note_kin(self, said: Said, number: int) -> None:
        """Outside Redis as well, for every record that is one reader with this one."""
        for one in (await self._kin(number)).values():
            await self._remembered.note(said, one)

    async def _next_number(self) -> int:
        return int(await self._redis.incr(LAST))

    async def _number_of_label(self, store: SealedStore, label: str) -> int:
        """The one it has, or a new one, which is its from now on."""
        digest = store.lookups.label(label)
        key = store.keys.found(digest)
        await self._redis.hsetnx(key, digest, str(await self._next_number()))
        return int(str(await self._redis.hget(key, digest)))

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
        async def work(records: Records, store: SealedStore) -> Subscriber:
            known = await records.get(number)
            if known is None:
                raise UnknownSubscriber
            changed = change(known)
            if [one.target for one in changed.addresses] == [one.target for one in known.addresses]:
                return await self._keep(records, changed)
            return await self._settle(records, store, changed)

        return await self._step(work)

    async def _amend_kin(self, number: int, change: Callable[[Subscriber], Subscriber]) -> Subscriber:
        async def work(records: Records, store: SealedStore) -> Subscriber:  # noqa: ARG001
            kin = await kin_of(records, number)
            if number not in kin:
                raise UnknownSubscriber
            for one in kin.values():
                await self._keep(records, change(one))
            return change(kin[number])

        return await self._step(work)

    async def _settle(self, records: Records, store: SealedStore, new: Subscriber) -> Subscriber:
        return await settle_and_keep(records, store, new, self._new_seed)

    async def _keep(self, records: Records, new: Subscriber) -> Subscriber:
        return await keep(records, new, self._new_seed)
