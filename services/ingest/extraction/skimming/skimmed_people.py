"""People whom a skimmed sentence names: those we know, and strangers whose given name we know, as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from services.ingest.extraction.gazetteer import KnownPerson, gazetteer
from services.ingest.extraction.skimming.words import Words
from services.names import fold_token, similarity
from services.names.given import given_names

_CAPITALISED: Final = re.compile(r"[^\W\d_a-zа-яіўєїґą-ž][\w'’]+(?:-[^\W\d_][\w'’]+)?")
_ALIKE: Final = 80.0
"""Of each part of a name: case endings and the spelling of a third language cost it about so much of its likeness."""
_ALIKE_GIVEN: Final = 85.0
_SURNAME_ALONE: Final = 6
"""Folded letters from which a surname by itself is taken for somebody known."""
_LONGEST_ENDING: Final = 3
_SHORTEST_GIVEN: Final = 4
_SPEAKER_WITHIN: Final = 40


def strangers_in(plain: str, words: Words) -> Iterator[str]:
    """Given name and surname, in order of place, in whatever case the sentence has them; not of whoever says so."""
    for first, second in _pairs(plain):
        is_name = is_given(first.group()) and not words.home.fullmatch(second.group())
        if is_name and not _speaks(plain, first, words) and not _named(first.group(), second.group()):
            yield f"{first.group()} {second.group()}"


def names_somebody_known(plain: str) -> bool:
    return any(_of_surname(match.group()) for match in _CAPITALISED.finditer(plain))


def people_in(plain: str, words: Words) -> Iterator[tuple[str, KnownPerson]]:
    """The name as written and who it is, in order of place; not whoever says so."""
    named: set[str] = set()
    for first, second in _pairs(plain):
        if someone := _named(first.group(), second.group()):
            named.add(someone.key)
            if not _speaks(plain, first, words):
                yield f"{first.group()} {second.group()}", someone
    for match in _CAPITALISED.finditer(plain):
        someone = _surnamed(match.group())
        if someone and someone.key not in named and not _speaks(plain, match, words):
            named.add(someone.key)
            yield match.group(), someone


def _speaks(plain: str, name: re.Match[str], words: Words) -> bool:
    return bool(words.says.search(plain[max(0, name.start() - _SPEAKER_WITHIN) : name.start()]))


def _pairs(plain: str) -> list[tuple[re.Match[str], re.Match[str]]]:
    found = list(_CAPITALISED.finditer(plain))
    return [(a, b) for a, b in pairwise(found) if plain[a.end() : b.start()] == " "]


@lru_cache(maxsize=4096)
def is_given(word: str) -> bool:
    """Is it a given name of ours, however a third language spells and inflects it?"""
    folded = fold_token(word)
    return len(folded) >= _SHORTEST_GIVEN and any(
        folded[0] == form[0]
        and abs(len(folded) - len(form)) <= _LONGEST_ENDING
        and similarity(folded, form) >= _ALIKE_GIVEN
        for form in _given_forms()
    )


@cache
def _given_forms() -> frozenset[str]:
    return frozenset(form for name in given_names() for form in map(fold_token, name.forms) if form)


@lru_cache(maxsize=1024)
def _named(given: str, surname: str) -> KnownPerson | None:
    first, last = fold_token(given), fold_token(surname)
    fitting = [one for one in gazetteer().people if _alike(last, one.surname)]
    fitting = [one for one in fitting if any(_alike(first, called) for called in one.given)]
    return fitting[0] if len(fitting) == 1 else None


def _surnamed(surname: str) -> KnownPerson | None:
    fitting = _of_surname(surname)
    return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=4096)
def _of_surname(surname: str) -> tuple[KnownPerson, ...]:
    last = fold_token(surname)
    return tuple(
        one
        for one in gazetteer().people
        if len(one.surname) >= _SURNAME_ALONE
        and last.startswith(one.surname)
        and len(last) - len(one.surname) <= _LONGEST_ENDING
    )


def _alike(word: str, stem: str) -> bool:
    """`stem` is what every inflected form begins with."""
    return similarity(word[: len(stem) + _LONGEST_ENDING], stem) >= _ALIKE or word.startswith(stem)
