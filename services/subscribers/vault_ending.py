"""The vault as far as subscribers come to an end: stopped and back, an address that ended, erased, gone in time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import msgspec
import structlog
from redis.asyncio import Redis

from services.runtime.clock import rfc3339
from services.runtime.steady_clock import server_time
from services.subscribers import loading
from services.subscribers.address import Address
from services.subscribers.eraser import Eraser, erase_unread, finish_erasing
from services.subscribers.keeping import keep, settle_and_keep
from services.subscribers.key_files import KeyFolder
from services.subscribers.kinship import is_elsewhere, of_channel
from services.subscribers.leaving import all_leave
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.records import Records, in_one_step
from services.subscribers.redis_keys import ERASED, HONOURED, LEAVING, SHARDS, STORE
from services.subscribers.remembered import Remembered, Said
from services.subscribers.sealed_store import SealedStore
from services.subscribers.settling import kin_of, remove_kin
from services.subscribers.signups import drop_signups
from services.subscribers.stop_links import new_seed
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.vault_reading import UnknownSubscriber, VaultReading

log = structlog.get_logger(__name__)
T = TypeVar("T")


class VaultEnding(VaultReading):
    """See `vault.Vault`, which adds how subscribers come."""

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

    async def set_active(self, number: int, active: bool) -> Subscriber:
        """The same for all its kin: a stop by either link stops the one. Raises UnknownSubscriber."""
        changed = await self._amend_kin(number, partial(_with_active, active=active))
        await self._note_kin(Said.RESUME if active else Said.STOP, number)
        return changed

    async def stop(self, number: int) -> Subscriber:
        """As `set_active` with False, and for good: after a day nothing is kept of them. Raises UnknownSubscriber."""
        at = rfc3339(await server_time(self._redis))

        def stopped(known: Subscriber) -> Subscriber:
            return msgspec.structs.replace(known, active=False, stopped=known.stopped or at)

        changed = await self._amend_kin(number, stopped)
        await self._note_kin(Said.STOP, number)
        return changed

    async def resume(self, number: int) -> Subscriber:
        """Active again, with every address that had ended, and all its kin: an operator says so.

        Raises UnknownSubscriber.
        """

        def resumed(known: Subscriber) -> Subscriber:
            addresses = tuple(
                one if is_elsewhere(one) else msgspec.structs.replace(one, ended=None, ended_at=None)
                for one in known.addresses
            )
            return msgspec.structs.replace(known, active=True, stopped=None, addresses=addresses)

        changed = await self._amend_kin(number, resumed)
        await self._note_kin(Said.RESUME, number)
        return changed

    async def end_address(self, number: int, channel: str, reason: str, tried: Address | None = None) -> None:
        """`tried`: where it was found to be over; who is reached elsewhere by now, or by another bot, still is.

        Raises UnknownSubscriber.
        """
        at = rfc3339(await server_time(self._redis))

        def ended(one: StoredAddress) -> StoredAddress:
            if tried is not None and (one.target, one.bot) != (tried.target, tried.bot):
                return one
            return msgspec.structs.replace(one, ended=reason, ended_at=one.ended_at if one.ended else at)

        changed = of_channel(await self._amend_address(number, channel, ended), channel)
        if any(one.ended is not None for one in changed.addresses):
            await self._note(Said.STOP, changed)

    async def pause_address(self, number: int, channel: str, reason: str) -> None:
        """Nothing is sent there until somebody says so: whoever has it by joining anew, or an operator. It stays.

        Raises UnknownSubscriber.
        """

        def paused(one: StoredAddress) -> StoredAddress:
            return one if one.ended is not None else msgspec.structs.replace(one, ended=reason, ended_at=None)

        await self._amend_address(number, channel, paused)

    async def erase(self, number: int) -> None:
        """Removes everything stored of a subscriber and its kin; one who is not there is already erased.

        A label leaves a keyed hash behind, so that the file it stands in does not bring the subscriber back. One whose
        record does not open is removed as well, but not remembered. Raises FilesNotRewritten when all but that is done.
        """
        await self._remove(number)
        await finish_erasing(self._redis, self._erasers)

    async def vanish(self, now: float, most: int = 500) -> int:
        """Erases those whose time is over (`leaving`); how many there were. `now`: Unix seconds. Raises as `erase`."""
        found: Any = await self._redis.zrangebyscore(LEAVING, "-inf", now, start=0, num=most)
        gone = 0
        for number in map(int, found):
            try:
                kin = await self._kin(number)
            except UnreadableRecord:  # as long as its key is away nobody knows whether it stays
                continue
            if not kin or not all_leave(kin.values(), now):  # gone by now, or somebody who is one with them stays
                await self._redis.zrem(LEAVING, number)
                continue
            await self._remove(number)
            gone += 1
        if gone:
            await finish_erasing(self._redis, self._erasers)
        return gone

    async def honour_stops(self) -> int:
        """After a store of before was put back: who stopped or was erased since gets nothing. How many there were.

        Raises OSError.
        """
        newest = await self._remembered.newest()
        store = await self._opened()
        if not newest or await self._redis.hget(STORE, HONOURED) == newest:
            return 0
        count, honoured = 0, self._remembered.reading()
        for shard in range(self._shards):
            for known in await loading.in_whole_shard(self._redis, store, shard):
                count += await self._honour(known, honoured(known))
        await self._redis.hset(STORE, HONOURED, newest)
        return count

    async def _honour(self, known: Subscriber, honoured: Subscriber | None) -> bool:
        if honoured == known:
            return False
        if honoured is None:
            await self._remove(known.number)
            await finish_erasing(self._redis, self._erasers)
            return True
        if not honoured.is_reached:
            await self.stop(known.number)
            return known.active
        ended = {one.target for one in honoured.addresses if one.ended is not None}
        for one in known.addresses:
            if one.ended is None and one.target in ended:
                await self.end_address(known.number, one.channel, "stopped")
        return True

    async def _remove(self, number: int) -> None:
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
            await self._note(Said.ERASE, one)
            await drop_signups(self._redis, (address.digest for address in one.addresses))
        await in_one_step(self._redis, store, partial(remove_kin, number=number))

    async def _kin(self, number: int) -> dict[int, Subscriber]:
        return await in_one_step(self._redis, await self._opened(), partial(kin_of, number=number))

    async def _note(self, said: Said, subscriber: Subscriber, *, only_if_said: bool = False) -> None:
        """Outside Redis as well, and in Redis that it was."""
        await self._remembered.note(said, subscriber, only_if_said=only_if_said)
        with suppress(OSError):
            if newest := await self._remembered.newest():
                await self._redis.hset(STORE, HONOURED, newest)

    async def _note_kin(self, said: Said, number: int) -> None:
        """Outside Redis as well, for every record that is one reader with this one."""
        for one in (await self._kin(number)).values():
            await self._note(said, one)

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

    async def _step(self, work: Callable[[Records, SealedStore], Awaitable[T]], *, found: bool = False) -> T:
        """Raises UnreadableRecord: what it would change, or one that shares something with it, does not open."""
        store = await self._opened(found=found)
        try:
            return await in_one_step(self._redis, store, lambda records: work(records, store))
        except UnreadableRecord as error:
            log.error("change_not_made", reason=error.reason, todo=str(error))
            raise

    async def _settle(self, records: Records, store: SealedStore, new: Subscriber) -> Subscriber:
        return await settle_and_keep(records, store, new, self._new_seed)

    async def _keep(self, records: Records, new: Subscriber) -> Subscriber:
        return await keep(records, new, self._new_seed)


def _with_active(known: Subscriber, active: bool) -> Subscriber:
    return msgspec.structs.replace(known, active=active, stopped=None if active else known.stopped)
