"""Subscribers that come from elsewhere: who is known, by label or by address, is replaced and never doubled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from services.subscribers.kinship import kept_address
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber, Vault


class TakenAs(StrEnum):
    ADDED = "added"
    REPLACED = "replaced"
    LEFT_OUT = "left out"
    """Erased or stopped before, which is for the reader alone to undo."""


@dataclass(frozen=True, slots=True)
class Taken:
    how: TakenAs
    number: int | None = None
    """Who is reached there now; None for one who was left out."""


async def take_in(vault: Vault, new: Subscriber) -> Taken:
    """Stores one who comes from a file. A stop of theirs stays, and nobody who was erased comes back."""
    labelled = await vault.by_label(new.label) if new.label is not None else None
    owner = labelled or await _owner(vault, new)
    if labelled is None and owner is not None and None in (owner.label, new.label):
        return await _replace(vault, owner, new)
    if new.label is None:
        return await _add(vault, new)
    kept = await vault.put_labelled(new)
    if kept is None:
        return Taken(TakenAs.LEFT_OUT)
    return Taken(TakenAs.ADDED if labelled is None else TakenAs.REPLACED, kept.number)


def renewed(known: Subscriber, new: Subscriber) -> Subscriber:
    """What is known of one who comes again: what they asked for now, and what became of them and of an address."""
    return msgspec.structs.replace(
        new,
        number=known.number,
        since=known.since,
        active=known.active and new.active,
        addresses=tuple(kept_address(one, known) for one in new.addresses),
        label=new.label or known.label,
        stop_seed=known.stop_seed,
        kin=known.kin,
    )


async def _replace(vault: Vault, owner: Subscriber, new: Subscriber) -> Taken:
    """The one who has the address; the label that they come with from now on is theirs, unless it was erased."""
    if new.label is not None and await vault.may_come(new) is None:
        return Taken(TakenAs.LEFT_OUT)
    try:
        kept = await vault.amend(owner.number, lambda known: renewed(known, new))
    except UnknownSubscriber:  # erased at this very moment
        return Taken(TakenAs.LEFT_OUT)
    return Taken(TakenAs.REPLACED, kept.number)


async def _add(vault: Vault, new: Subscriber) -> Taken:
    """With those of its addresses that nobody stopped."""
    welcome = await vault.may_come(new)
    stopped = {one.target for one in welcome.addresses if one.ended == "stopped"} if welcome is not None else set()
    addresses = tuple(one for one in new.addresses if one.target not in stopped)
    if not addresses:
        return Taken(TakenAs.LEFT_OUT)
    kept = await vault.add(msgspec.structs.replace(new, addresses=addresses))
    return Taken(TakenAs.ADDED, kept.number)


async def _owner(vault: Vault, new: Subscriber) -> Subscriber | None:
    for one in new.addresses:
        owner = await vault.by_address(one.channel, one.target)
        if owner is not None:
            return owner
    return None
