"""What a change of mind leaves owed: somebody who wants sooner what they had in digests still gets what waited. Pure.

Kept are the interests as they were, for as long as a digest may have something of them to tell. Whatever is not asked
for at all any more is not owed, and of people nobody stays there who is not followed, or not left out, any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

import msgspec

from services.subscribers.habits import FREQUENCIES
from services.subscribers.interests import Interest
from services.subscribers.subscriber import Subscriber

_MOST: Final = 64
"""Interests: whoever changes their mind over and over is owed of the last of them."""


def with_owed(known: Subscriber | None, new: Subscriber) -> Subscriber:
    """`new`, which is to be stored in place of `known`, with what it is owed from now on."""
    slower = [] if known is None else list(_wanted_sooner(known.interests, new.interests))
    if not slower and not new.owed:
        return new if not new.owed_on else msgspec.structs.replace(new, owed_on=())
    owed = tuple(dict.fromkeys(_still_followed((*new.owed, *slower), new)))[-_MOST:]
    on = {*new.owed_on, *(one.channel for one in new.addresses if slower and one.ended is None)}
    return msgspec.structs.replace(new, owed=owed, owed_on=tuple(sorted(on)) if owed else ())


def settled_on(subscriber: Subscriber, channels: Iterable[str]) -> Subscriber:
    """Nothing is owed on these channels any more."""
    left = tuple(one for one in subscriber.owed_on if one not in set(channels))
    return msgspec.structs.replace(subscriber, owed=subscriber.owed if left else (), owed_on=left)


def without_owed(subscriber: Subscriber) -> Subscriber:
    return msgspec.structs.replace(subscriber, owed=(), owed_on=()) if subscriber.owed_on else subscriber


def owes_weekly(subscriber: Subscriber) -> bool:
    """Is something owed that was asked for weekly?"""
    return any(one.frequency == "weekly" for one in subscriber.owed)


WaitingComes = Literal["sooner", "later"]


def what_waits(known: Subscriber, new: Subscriber) -> WaitingComes | None:
    """What becomes of what has waited for a digest: "sooner": it comes in one of its own, at the latest when it would
    have come; "later": with what is new, when that comes. None where nothing waited, or nothing was changed of it."""
    often = {_aside(one): one.frequency for one in known.interests if one.frequency != "at_once"}
    changed = [(often.get(_aside(one), one.frequency), one.frequency) for one in new.interests]
    steps = {FREQUENCIES.index(after) - FREQUENCIES.index(before) for before, after in changed} - {0}
    if any(step < 0 for step in steps) or (new.interests and any(_wanted_sooner(known.interests, new.interests))):
        return "sooner"
    return "later" if steps else None


def _aside(interest: Interest) -> Interest:
    """Without how often it is told."""
    return msgspec.structs.replace(interest, frequency="at_once")


def _wanted_sooner(known: Iterable[Interest], new: tuple[Interest, ...]) -> Iterator[Interest]:
    soonest = min((FREQUENCIES.index(one.frequency) for one in new), default=len(FREQUENCIES))
    return (one for one in known if FREQUENCIES.index(one.frequency) > soonest and not _is_kept(one, new))


def _is_kept(one: Interest, new: tuple[Interest, ...]) -> bool:
    """As it was, or to be told more seldom: then a digest tells all of it."""
    seldom = FREQUENCIES[FREQUENCIES.index(one.frequency) :]
    return any(msgspec.structs.replace(one, frequency=frequency) in new for frequency in seldom)


def _still_followed(owed: Iterable[Interest], new: Subscriber) -> Iterator[Interest]:
    followed = {key for one in new.interests for key in one.persons}
    left_out = {item for one in new.interests for item in one.without}
    for one in owed:
        persons = tuple(key for key in one.persons if key in followed)
        if persons or not one.persons:
            marks = tuple(mark for mark in one.marks if mark.key in persons)
            without = tuple(item for item in one.without if not item.persons or item in left_out)
            yield msgspec.structs.replace(one, persons=persons, marks=marks, without=without)
