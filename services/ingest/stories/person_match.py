"""Which names of two texts mean one person, and what a story keeps of those it names.

A folded name is no identity, since namesakes share it: it only counts together with a date, a place or another name.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from functools import cache
from typing import Final

import msgspec

from services.contract import Person, Role, Source
from services.names import fold, similarity, without_patronymic
from services.names.given import given_names
from services.sourcing import is_trusted

ALIKE: Final = 93.0
"""Above it two folded names are one person, given a second key (measured on 308 people with 1,227 spellings)."""
REVIEW: Final = 85.0
"""From here to ALIKE a person decides."""
_SURNAME_ALIKE: Final = 88.0
"""A surname by itself often stands in an oblique case, which adds a letter."""


class Match(IntEnum):
    NONE = 0
    REVIEW = 1
    SURNAME = 2
    ONE = 3


def match(a_key: str, b_key: str) -> Match:
    """How well two folded names agree."""
    if not a_key or not b_key:
        return Match.NONE
    likeness = similarity(a_key, b_key)
    a_tokens, b_tokens = without_patronymic(a_key).split(), without_patronymic(b_key).split()
    if min(len(a_tokens), len(b_tokens)) == 1:
        return _surname_match(a_tokens, b_tokens)
    if likeness > ALIKE and not _have_other_given_names(a_tokens, b_tokens):
        return Match.ONE
    return Match.REVIEW if likeness >= REVIEW else Match.NONE


def _have_other_given_names(a_tokens: list[str], b_tokens: list[str]) -> bool:
    """Alena and Palina of one surname are two people, alike as their letters are."""
    a_given, b_given = (_full_given_names().intersection(tokens) for tokens in (a_tokens, b_tokens))
    return bool(a_given and b_given) and a_given.isdisjoint(b_given)


@cache
def _full_given_names() -> frozenset[str]:
    return frozenset(fold(name.be[0]) for name in given_names())


def _surname_match(a_tokens: list[str], b_tokens: list[str]) -> Match:
    (only,), others = sorted((a_tokens, b_tokens), key=len)
    found = any(len(other) > 3 and similarity(only, other) >= _SURNAME_ALIKE for other in others)
    return Match.SURNAME if found else Match.NONE


def in_common(a_keys: Iterable[str], b_keys: Iterable[str]) -> list[Match]:
    """The best match of each name of `a` among those of `b`, without the names that have none."""
    others = list(b_keys)
    best = (max((match(key, other) for other in others), default=Match.NONE) for key in a_keys)
    return [found for found in best if found]


def merge_persons(
    known: Iterable[Person], reported: Iterable[Person], sources: tuple[Source, ...], released: Iterable[str] = ()
) -> tuple[Person, ...]:
    """Everyone once. Who is said to be still held is not freed because somebody else says so, unless it is a source
    that may name people; and whom an operator released, nobody but such a source puts back. `released`: their keys."""
    persons = list(known)
    for person in reported:
        place = next((i for i, old in enumerate(persons) if match(old.key, person.key) >= Match.SURNAME), None)
        if place is None:
            persons.append(person)
        else:
            old = persons[place]
            stays = old.key in released and not is_entitled(person, sources)
            persons[place] = old if stays else _agree(old, person, sources)
    return tuple(persons)


def _agree(old: Person, new: Person, sources: tuple[Source, ...]) -> Person:
    """The word of the entitled, else the more cautious one; the fuller name, and what it is in other languages.

    Nothing of what others say of a person stands under the word of somebody entitled: not even a fuller name."""
    word = _better_word(old, new, sources)
    if is_entitled(old, sources) != is_entitled(new, sources):
        return word
    fuller = max(old, new, key=lambda person: len(person.key.split()))
    return msgspec.structs.replace(
        word, name=fuller.name, key=fuller.key, names={**new.names, **old.names}, born=old.born or new.born
    )


def _better_word(old: Person, new: Person, sources: tuple[Source, ...]) -> Person:
    if is_entitled(old, sources) != is_entitled(new, sources):
        return old if is_entitled(old, sources) else new
    return new if new.role is Role.STILL_HELD else old


def is_entitled(person: Person, sources: tuple[Source, ...]) -> bool:
    """Did an authority or a rights group name them in its own source? That somebody quotes one proves nothing."""
    return person.source is not None and is_trusted(sources[person.source])
