"""The one room that keeps subscribers: who they are, what they asked for, where they are reached.

Each is one sealed record (`record_seal`), found by keyed hashes (`lookups`); the keys are not in the store
(`key_files`). Nothing outside this room knows how a subscriber is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import msgspec
import structlog

from services.runtime.clock import rfc3339
from services.runtime.steady_clock import server_time
from services.subscribers.address import Address
from services.subscribers.batches import Batches
from services.subscribers.eraser import finish_erasing
from services.subscribers.kinship import is_elsewhere
from services.subscribers.persistence import FilesNotRewritten
from services.subscribers.records import Records
from services.subscribers.redis_keys import ERASED, LAST
from services.subscribers.remembered import Said
from services.subscribers.rotation import Census, census, rotate
from services.subscribers.sealed_store import SealedStore
from services.subscribers.settling import replaced
from services.subscribers.signups import Signup, chosen
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.vault_ending import VaultEnding
from services.subscribers.vault_reading import UnknownSubscriber

__all__ = ["UnknownSubscriber", "Vault"]

log = structlog.get_logger(__name__)
T = TypeVar("T")


class Vault(VaultEnding):
    """Keeps subscribers, and the indexes that lead to them: by topic, by label, by the seed of a link, by address.

    One address is one subscriber's. Who comes with an address that is known is joined with whoever has it.
    `keys`: where the keys are. `erasers` remove what others keep of somebody who is erased. `new_seed` gives what is
    random in a new subscriber's link. It opens itself when it is first asked; every method raises StoreFault where it
    does not open.
    """

    async def open(self) -> None:
        """Founds the store where there is none, seals one of the plain form, and finishes what was broken off."""
        await self._opened(found=True)
        try:
            await finish_erasing(self._redis, self._erasers)
        except FilesNotRewritten as error:
            log.error("erasing_not_finished", todo=str(error))

    async def add(self, subscriber: Subscriber) -> Subscriber:
        """Stores a new one under a number of its own (the number given is ignored), and gives whoever has it now.

        That is the one who had its address before, where there is one; a stop of theirs stays.
        """
        await self._opened(found=True)
        numbered = msgspec.structs.replace(subscriber, number=await self._next_number(), stop_seed=None)
        await self._note(Said.RESUME, numbered, only_if_said=True)
        return await self.put(numbered)

    async def put(self, subscriber: Subscriber) -> Subscriber:
        """Replaces what is stored under its number; whoever is reached there now."""

        async def work(records: Records, store: SealedStore) -> Subscriber:
            known = await records.get(subscriber.number)
            if known is None:
                return await self._settle(records, store, msgspec.structs.replace(subscriber, kin=()))
            kept = msgspec.structs.replace(subscriber, kin=known.kin, owed=known.owed, owed_on=known.owed_on)
            return await self._settle(records, store, kept)

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

    async def join(self, signup: Signup) -> Subscriber:
        """Who confirmed at their address: new, or back from whatever stop, with what they chose now."""
        now = rfc3339(await server_time(self._redis))
        while True:
            known = await self.by_address(signup.channel, signup.target)
            if known is None:
                address = StoredAddress(channel=signup.channel, target=signup.target, bot=signup.bot)
                return await self.add(chosen(Subscriber(number=0, since=now, addresses=(address,)), signup.choices))
            try:
                await self.set_active(known.number, True)
                since = known.since if known.is_reached else now
                return await self.amend(known.number, partial(_joined_again, signup=signup, since=since))
            except UnknownSubscriber:  # erased in between
                continue

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

    async def census(self) -> Census:
        return await census(self._redis, await self._opened())

    async def rotate(self, on_done: Callable[[int], None] = lambda _: None) -> int:
        """See `rotation.rotate`."""
        return await rotate(self._redis, await self._opened(found=True), self._keys, on_done)

    async def _next_number(self) -> int:
        return int(await self._redis.incr(LAST))

    async def _number_of_label(self, store: SealedStore, label: str) -> int:
        """The one it has, or a new one, which is its from now on."""
        digest = store.lookups.label(label)
        key = store.keys.found(digest)
        await self._redis.hsetnx(key, digest, str(await self._next_number()))
        return int(str(await self._redis.hget(key, digest)))


def _joined_again(known: Subscriber, signup: Signup, since: str) -> Subscriber:
    """The address that confirmed works again, and no other."""
    addresses = tuple(
        msgspec.structs.replace(one, ended=None, ended_at=None, bot=signup.bot)
        if one.channel == signup.channel and not is_elsewhere(one)
        else one
        for one in known.addresses
    )
    return chosen(msgspec.structs.replace(known, since=since, addresses=addresses), signup.choices)
