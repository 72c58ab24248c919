"""Who is named near an act and is none of those it touched: who holds an office, was told, searched, freed earlier."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import msgspec

from services.contract import Role
from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.people.namings import Naming

_NEAR: Final = 120
"""Characters before and behind a name that are looked at."""


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    offices: list[str]
    holders: str
    before: list[str]
    freed_before: list[str]
    after: list[str]
    opening: str


@dataclass(frozen=True, slots=True)
class _Words:
    office: re.Pattern[str]
    holder: re.Pattern[str]
    before: re.Pattern[str]
    freed_before: re.Pattern[str]
    after: re.Pattern[str]
    opening: re.Pattern[str]


_ANSWERS_KEPT: Final = 256
"""Many ask it of the same name, one soon after the other."""


@lru_cache(_ANSWERS_KEPT)
def holds_office(plain: str, naming: Naming) -> bool:
    """Does this person rule at home or hold an office abroad? Then no act of Belarus touches them, whatever it says."""
    if naming.known and naming.known.ruler:
        return True
    if _words().holder.fullmatch(naming.name):
        return True
    return (
        naming.known is None and _words().office.search(plain, max(0, naming.start - _NEAR), naming.start) is not None
    )


def without_officials(plain: str, names: Sequence[Naming]) -> list[Naming]:
    return [each for each in names if not holds_office(plain, each)]


def stands_aside(plain: str, naming: Naming, role: Role) -> bool:
    """Was this person told of it, backed, searched, or freed earlier, as the words next to the name say?

    Whoever was freed earlier is not pardoned now, but may be detained.
    """
    words = _words()
    before = words.before.search(plain, max(0, naming.start - _NEAR), naming.start)
    freed = role is Role.PARDONED and words.freed_before.match(plain, naming.end)
    return bool(before or freed or words.after.match(plain, naming.end))


def tells_of_before(plain: str) -> bool:
    """Does the sentence open as one that recalls an earlier act?"""
    return _words().opening.match(plain.lstrip("\"'- ")) is not None


@cache
def _words() -> _Words:
    """Raises BadLexicon when the data file does not fit."""
    said = read_packaged(__package__, "never_taken.yaml", _Written, BadLexicon)
    try:
        return _Words(
            office=_compiled(said.offices, " $"),
            holder=_compiled([said.holders]),
            before=_compiled([each.rstrip() for each in said.before], " ?$"),
            freed_before=re.compile(f"(?:{'|'.join(said.freed_before)})".replace("~", r"\w*"), re.IGNORECASE),
            after=re.compile(f"(?:{'|'.join(said.after)})".replace("~", r"\w*"), re.IGNORECASE),
            opening=_compiled([said.opening], r"(?!\w)"),
        )
    except re.error as error:
        raise BadLexicon(f"never_taken.yaml: {error}") from error


def _compiled(each: Sequence[str], end: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)}){end}".replace("~", r"\w*"), re.IGNORECASE)
