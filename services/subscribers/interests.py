"""What somebody asked for, as the house keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from services.contract import Certainty, Kind, PartyClass
from services.names import fold, strong_key
from services.subscribers.habits import Frequency


class PersonMark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By what a watched person is told from others, beside the folded name."""

    key: str
    """The folded name, as it stands in `persons`."""
    strong: str | None = None
    """See `services.names.strong_key`; null where nothing but the folded name was ever known."""
    born: int | None = None
    """In which year."""
    town: str | None = None
    """Where they live, as `towns` have it."""

    def __repr__(self) -> str:
        return "PersonMark()"


class Interest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody asked for. An empty list means: any. `persons` are folded names (`services.names.fold`), `towns`
    bear their region: "gomel:Mozyr". Regions and towns are one list of places: either will do."""

    kinds: tuple[Kind, ...] = ()
    regions: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    sources: tuple[PartyClass, ...] = ()
    """Of which class somebody must be who tells it."""
    least: Certainty | None = None
    """Nothing less certain; null: whatever we send."""
    articles: tuple[str, ...] = ()
    """Of the criminal code, as the contract writes them."""
    without: tuple[Interest, ...] = ()
    """What one of these asks for is not meant."""
    frequency: Frequency = "at_once"
    marks: tuple[PersonMark, ...] = ()
    """One for a person, at most."""

    def __repr__(self) -> str:
        return "Interest()"


def watched(name: str) -> str:
    """A name as an interest keeps it. Raises ValueError, which does not repeat it."""
    key = fold(name)
    if not key:
        raise ValueError("there is no letter in it, so it names nobody")
    return key


def marked(name: str, born: int | None = None, town: str | None = None) -> PersonMark:
    """What is kept of a name that is given now. Raises ValueError, which does not repeat it."""
    return PersonMark(key=watched(name), strong=strong_key(name), born=born, town=town)


def following(marks: Iterable[PersonMark], **fields: Any) -> Interest:
    """An interest in these people. `fields`: what else it asks for."""
    by_key = {mark.key: mark for mark in marks}
    told = tuple(mark for mark in by_key.values() if mark != PersonMark(key=mark.key))
    return Interest(persons=tuple(by_key), marks=told, **fields)


def each_once(marks: Iterable[PersonMark]) -> dict[str, PersonMark]:
    """Of what was typed at once, by key: of two spellings of one name the first, unless a later one says more."""
    found: dict[str, PersonMark] = {}
    for mark in marks:
        if mark.key not in found or _says_more(mark, found[mark.key]):
            found[mark.key] = mark
    return found


def _says_more(mark: PersonMark, other: PersonMark) -> bool:
    return (mark.born is None) + (mark.town is None) < (other.born is None) + (other.town is None)


def marks_of(interest: Interest) -> tuple[PersonMark, ...]:
    """Of each who is watched, in order."""
    known = {mark.key: mark for mark in interest.marks}
    return tuple(known.get(key, PersonMark(key=key)) for key in interest.persons)


def town_in(region: str, name: str) -> str:
    """A town as an interest keeps it. `name`: as the contract's `Place` has it, in English."""
    return f"{region}:{name}"


def region_of_town(town: str) -> str:
    return town.partition(":")[0]
