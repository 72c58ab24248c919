"""Subscribers that come from elsewhere: who is known, by label or by address, is replaced and never doubled."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from services.subscribers.keeping import keep, settle_and_keep
from services.subscribers.kinship import kept_address
from services.subscribers.records import Records
from services.subscribers.sealed_store import SealedStore
from services.subscribers.settling import replaced
from services.subscribers.subscriber import Subscriber


class TakenAs(StrEnum):
    ADDED = "added"
    REPLACED = "replaced"
    LEFT_OUT = "left out"
    """Erased or stopped before, which is for the reader alone to undo."""
    ASKED = "asked by mail"
    """Nobody's record was touched: they join, or do not, by the link in a letter."""


@dataclass(frozen=True, slots=True)
class Taken:
    how: TakenAs
    number: int | None = None
    """Who is reached there now; None for one who was left out."""


LEFT_OUT = Taken(TakenAs.LEFT_OUT)


@dataclass(frozen=True, slots=True)
class OneStep:
    """One step in which any number are taken in, each as if the one before were stored already."""

    records: Records
    store: SealedStore
    honoured: Callable[[Subscriber], Subscriber | None]
    """See `Stops.honoured`."""
    erased: frozenset[bytes]
    """Of the labels that come: those of somebody erased, as keyed hashes."""
    numbers: AsyncIterator[int]
    """Such as nobody has."""
    new_seed: Callable[[], str]

    async def take_in(self, new: Subscriber) -> Taken:
        """Stores one who comes from a file. A stop of theirs stays, and nobody who was erased comes back.

        Raises UnreadableRecord.
        """
        labelled = None if new.label is None else await self._found(self.store.lookups.label(new.label))
        owner = labelled or await self._owner(new)
        if labelled is None and owner is not None and None in (owner.label, new.label):
            return await self._replace(owner, new)
        return await self._add(new) if new.label is None else await self._put_labelled(new, labelled)

    async def _replace(self, owner: Subscriber, new: Subscriber) -> Taken:
        """The one who has the address; the label that they come with is theirs from now on, unless it was erased."""
        if new.label is not None and self._may_come(new) is None:
            return LEFT_OUT
        changed = renewed(owner, new)
        if [one.target for one in changed.addresses] == [one.target for one in owner.addresses]:
            kept = await keep(self.records, changed, self.new_seed)
        else:
            kept = await self._settle(changed)
        return Taken(TakenAs.REPLACED, kept.number)

    async def _add(self, new: Subscriber) -> Taken:
        """With those of its addresses that nobody stopped."""
        welcome = self._may_come(new)
        stopped = {one.target for one in welcome.addresses if one.ended == "stopped"} if welcome is not None else set()
        addresses = tuple(one for one in new.addresses if one.target not in stopped)
        if not addresses:
            return LEFT_OUT
        number = await anext(self.numbers)
        kept = await self._settle(
            msgspec.structs.replace(new, number=number, addresses=addresses, stop_seed=None, kin=())
        )
        return Taken(TakenAs.ADDED, kept.number)

    async def _put_labelled(self, new: Subscriber, known: Subscriber | None) -> Taken:
        anew = self._may_come(new)
        if anew is None:
            return LEFT_OUT
        if known is not None:
            new = await replaced(self.records, known, msgspec.structs.replace(new, number=known.number))
        else:
            new = msgspec.structs.replace(anew, number=await self._number_for(new), stop_seed=None, kin=())
        kept = await self._settle(new)
        return Taken(TakenAs.ADDED if known is None else TakenAs.REPLACED, kept.number)

    async def _number_for(self, new: Subscriber) -> int:
        """A label leads to one before there is a record where somebody else is storing it, or broke off."""
        promised = await self.records.number_of(self.store.lookups.label(new.label or ""))
        return await anext(self.numbers) if promised is None else promised

    def _may_come(self, new: Subscriber) -> Subscriber | None:
        if new.label is not None and self.store.lookups.erased(new.label) in self.erased:
            return None
        return self.honoured(new)

    async def _found(self, digest: bytes) -> Subscriber | None:
        number = await self.records.number_of(digest)
        return None if number is None else await self.records.get(number)

    async def _owner(self, new: Subscriber) -> Subscriber | None:
        for one in new.addresses:
            owner = await self.records.owner(self.store.lookups.address(one.channel, one.target))
            if owner is not None:
                return owner
        return None

    async def _settle(self, new: Subscriber) -> Subscriber:
        return await settle_and_keep(self.records, self.store, new, self.new_seed)


def renewed(known: Subscriber, new: Subscriber) -> Subscriber:
    """What is known of one who comes again: what they asked for now, and what became of them and of an address."""
    return msgspec.structs.replace(
        new,
        number=known.number,
        since=known.since,
        active=known.active and new.active,
        stopped=known.stopped,
        addresses=tuple(kept_address(one, known) for one in new.addresses),
        label=new.label or known.label,
        stop_seed=known.stop_seed,
        kin=known.kin,
        owed=known.owed,
        owed_on=known.owed_on,
    )
