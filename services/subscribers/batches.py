"""Many subscribers taken in by one transaction; where that cannot be, by ever smaller ones, down to one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

import structlog
from redis.asyncio import Redis

from services.subscribers import loading
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.records import Contended, Records, in_one_step
from services.subscribers.redis_keys import ERASED, LAST
from services.subscribers.remembered import Remembered
from services.subscribers.sealed_store import SealedStore
from services.subscribers.subscriber import Subscriber
from services.subscribers.taking_in import OneStep, Taken

log = structlog.get_logger(__name__)

_TRIES: Final = 3
"""Of a batch, where others change what it read. Afterwards it is halved: one alone is read and written quickly."""


class Batches:
    """Takes batches in, one after another. Numbers that were not used are for the next."""

    def __init__(self, redis: Redis, store: SealedStore, remembered: Remembered, new_seed: Callable[[], str]) -> None:
        self._redis = redis
        self._store = store
        self._remembered = remembered
        self._new_seed = new_seed
        self._numbers: list[int] = []

    async def take_in(self, batch: Sequence[Subscriber]) -> list[Taken | UnreadableRecord]:
        """What became of each, as if they had come one by one in this order.

        A record that does not open, of one whom it would change, costs that one alone.
        """
        if not batch:
            return []
        alone = len(batch) == 1
        try:
            return await self._together(batch, tries=None if alone else _TRIES)
        except UnreadableRecord as error:
            if alone:
                log.error("change_not_made", reason=error.reason, todo=str(error))
                return [error]
        except Contended:
            pass
        half = len(batch) // 2
        return [*await self.take_in(batch[:half]), *await self.take_in(batch[half:])]

    async def _together(self, batch: Sequence[Subscriber], tries: int | None) -> list[Taken | UnreadableRecord]:
        used = 0

        async def numbers() -> AsyncIterator[int]:
            nonlocal used
            for used in range(1, 2 * len(batch) + 1):
                await self._reserve(used)
                yield self._numbers[used - 1]

        async def work(records: Records) -> list[Taken | UnreadableRecord]:
            nonlocal used
            used = 0
            intake = OneStep(
                records,
                self._store,
                erased=await self._looked_up(records, batch),
                honoured=self._remembered.reading(),
                numbers=numbers(),
                new_seed=self._new_seed,
            )
            return [await self._one(intake, new, alone=len(batch) == 1) for new in batch]

        taken = await in_one_step(self._redis, self._store, work, tries)
        del self._numbers[:used]
        return taken

    async def _one(self, intake: OneStep, new: Subscriber, *, alone: bool) -> Taken | UnreadableRecord:
        try:
            return await intake.take_in(new)
        except UnreadableRecord as error:
            if alone and intake.records.unreadable is not None:
                await loading.note_unreadable(self._redis, self._store, intake.records.unreadable, error)
            raise

    async def _looked_up(self, records: Records, batch: Sequence[Subscriber]) -> frozenset[bytes]:
        """Reads at once what will be asked for; which of the labels are of somebody erased."""
        found = [self._digests(one) for one in batch]
        await records.look_up(self._redis, (digest for digests in found for digest in digests))
        new = [digests for digests in found if not any([await records.number_of(one) for one in digests])]
        await self._reserve(len(new))
        await records.look_at(self._redis, self._numbers[: len(new)])
        erased = [self._store.lookups.erased(one.label) for one in batch if one.label is not None]
        if not erased:
            return frozenset()
        await records.watch(ERASED)
        known: Any = await self._redis.smismember(ERASED, erased)
        return frozenset(label for label, is_in in zip(erased, known, strict=True) if is_in)

    def _digests(self, one: Subscriber) -> list[bytes]:
        lookups = self._store.lookups
        found = [bytes.fromhex(lookups.address(address.channel, address.target)) for address in one.addresses]
        return found if one.label is None else [*found, lookups.label(one.label)]

    async def _reserve(self, count: int) -> None:
        lacking = count - len(self._numbers)
        if lacking > 0:
            last = int(await self._redis.incrby(LAST, lacking))
            self._numbers.extend(range(last - lacking + 1, last + 1))
