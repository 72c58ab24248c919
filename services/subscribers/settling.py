"""Where a subscriber's addresses are found to be others' already: who is joined with whom, and what each keeps."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from services.subscribers.kinship import (
    elsewhere,
    handed_over,
    is_elsewhere,
    joined,
    kept_address,
    related,
    without_kin,
)
from services.subscribers.lookups import Lookups
from services.subscribers.records import Records
from services.subscribers.subscriber import StoredAddress, Subscriber


@dataclass(frozen=True, slots=True)
class Settled:
    reached: Subscriber
    """Who is reached at the addresses now."""
    stored: tuple[Subscriber, ...]
    """What is to be stored for it."""


async def settle(records: Records, new: Subscriber, keyed: Lookups) -> Settled:
    """Gives every address of `new` to one subscriber: the one who has it, or else `new`.

    `new` is kept beside its owners where something leads to it: a letter, a label, or an address that is its alone.
    """
    new = _with_digests(new, keyed)
    owners = await _owners(records, new)
    if not owners:
        return await _alone(records, new)
    known = await records.get(new.number) is not None
    first, *others = [joined(owner, new) for owner in owners]
    new = _without(new, {one.digest for owner in owners for one in owner.addresses})
    if not known:  # of one who is stored, deliveries may be under way: then what is left stays where it is
        new, first = handed_over(new, first)
    if not known and new.label is None and all(is_elsewhere(one) for one in new.addresses):
        return Settled(first, (first, *others))
    changed = []
    for owner in (first, *others):
        new, related_owner = related(new, owner)
        changed.append(related_owner)
    new = msgspec.structs.replace(new, active=all(owner.active for owner in changed))
    return Settled(changed[0], (new, *changed))


async def _alone(records: Records, new: Subscriber) -> Settled:
    """Kin with whom it shares nothing any more, since a file gave them other addresses, are kin no longer."""
    parted: list[Subscriber] = []
    for number in new.kin:
        relative = await records.get(number)
        if relative is None or not any(map(is_elsewhere, (*new.addresses, *relative.addresses))):
            new = without_kin(new, number)
            parted += [] if relative is None else [without_kin(relative, new.number)]
    return Settled(new, (new, *parted))


async def kin_of(records: Records, number: int) -> dict[int, Subscriber]:
    """The subscriber and all who are its kin, and theirs; none where it is not there."""
    found: dict[int, Subscriber] = {}
    ahead = [number]
    while ahead:
        one = await records.get(next_one := ahead.pop())
        if one is not None and next_one not in found:
            found[next_one] = one
            ahead.extend(one.kin)
    return found


async def _owners(records: Records, new: Subscriber) -> list[Subscriber]:
    """Others who have one of its addresses, in the order of the addresses."""
    found: dict[int, Subscriber] = {}
    for address in new.addresses:
        owner = None if address.digest is None else await records.owner(address.digest)
        if owner is not None and owner.number != new.number:
            found[owner.number] = owner
    return list(found.values())


def _with_digests(new: Subscriber, keyed: Lookups) -> Subscriber:
    """Its addresses as they stand in the index, one of a kind."""
    found: dict[str, StoredAddress] = {}
    for one in new.addresses:
        digest = None if is_elsewhere(one) else keyed.address(one.channel, one.target)
        found.setdefault(digest or f"{one.channel} {one.target}", msgspec.structs.replace(one, digest=digest))
    return msgspec.structs.replace(new, addresses=tuple(found.values()))


def _without(new: Subscriber, taken: set[str | None]) -> Subscriber:
    addresses = tuple(elsewhere(one) if one.digest in taken else one for one in new.addresses)
    return msgspec.structs.replace(new, addresses=addresses)


async def remove_kin(records: Records, number: int) -> None:
    for one in await kin_of(records, number):
        await records.remove(one)


async def replaced(records: Records, known: Subscriber, new: Subscriber) -> Subscriber:
    """What its kin asked for at an address that they share stays asked for."""
    new = msgspec.structs.replace(
        new,
        since=known.since,
        active=known.active,
        stopped=known.stopped,
        kin=known.kin,
        owed=known.owed,
        owed_on=known.owed_on,
        addresses=tuple(kept_address(one, known) for one in new.addresses),
    )
    for number in known.kin:
        relative = await records.get(number)
        if relative is not None and any(is_elsewhere(one) for one in relative.addresses):
            new = joined(new, relative)
    return new
