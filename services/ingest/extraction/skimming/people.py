"""People whom a skimmed sentence names and whom we know; strangers are left to a person who reads the language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from services.ingest.extraction.gazetteer import KnownPerson, gazetteer
from services.names import fold_token, similarity

_CAPITALISED: Final = re.compile(r"[^\W\d_a-zа-яіўєїґą-ž][\w'’]+(?:-[^\W\d_][\w'’]+)?")
_ALIKE: Final = 80.0
"""Of each part of a name: case endings and the spelling of a third language cost it about so much of its likeness."""
_SURNAME_ALONE: Final = 6
"""Folded letters from which a surname by itself is taken for somebody known."""
_LONGEST_ENDING: Final = 3


def people_in(plain: str) -> Iterator[tuple[str, KnownPerson]]:
    """The name as written and who it is, in order of place."""
    found = list(_CAPITALISED.finditer(plain))
    full = [(a, b) for a, b in pairwise(found) if plain[a.end() : b.start()] == " "]
    named: set[str] = set()
    for first, second in full:
        if someone := _named(first.group(), second.group()):
            named.add(someone.key)
            yield f"{first.group()} {second.group()}", someone
    for match in found:
        someone = _surnamed(match.group())
        if someone and someone.key not in named:
            named.add(someone.key)
            yield match.group(), someone


@lru_cache(maxsize=1024)
def _named(given: str, surname: str) -> KnownPerson | None:
    first, last = fold_token(given), fold_token(surname)
    fitting = [one for one in gazetteer().people if _alike(last, one.surname)]
    fitting = [one for one in fitting if any(_alike(first, called) for called in one.given)]
    return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=1024)
def _surnamed(surname: str) -> KnownPerson | None:
    last = fold_token(surname)
    fitting = [
        one
        for one in gazetteer().people
        if len(one.surname) >= _SURNAME_ALONE
        and last.startswith(one.surname)
        and len(last) - len(one.surname) <= _LONGEST_ENDING
    ]
    return fitting[0] if len(fitting) == 1 else None


def _alike(word: str, stem: str) -> bool:
    """`stem` is what every inflected form begins with."""
    return similarity(word[: len(stem) + _LONGEST_ENDING], stem) >= _ALIKE or word.startswith(stem)
