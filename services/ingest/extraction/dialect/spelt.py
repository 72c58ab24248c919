"""Things with the ways they are written: months, towns, parties. Only those are searched for whose words were seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Final, Generic, TypeVar

from services.ingest.extraction.dialect.stems import conditions
from services.ingest.extraction.dialect.vocabulary import ALWAYS, Vocabulary

T = TypeVar("T")

_BITS_KEPT: Final = 512


@dataclass(frozen=True, slots=True, eq=False)
class Spelt(Generic[T]):
    """Each thing with its pattern and the bits of one condition; iterating gives them all, in order."""

    each: tuple[tuple[re.Pattern[str], int, T], ...]
    any_of: int
    vocabulary: Vocabulary
    by_bits: dict[int, Sequence[tuple[re.Pattern[str], T]]] = field(default_factory=dict)
    """The things that are likely, by which bits of `any_of` were seen; filled while asked, and never large."""

    def likely(self, sentence: str) -> Sequence[tuple[re.Pattern[str], T]]:
        """The things, with their patterns, that the sentence may name."""
        seen = self.vocabulary.seen(sentence).bits & self.any_of
        if not seen:
            return ()
        told = self.by_bits.get(seen)
        if told is None:
            if len(self.by_bits) >= _BITS_KEPT:
                self.by_bits.clear()
            told = self.by_bits[seen] = [(regex, thing) for regex, bits, thing in self.each if seen & bits]
        return told

    def found(self, sentence: str) -> Sequence[tuple[re.Match[str], T]]:
        """Every place where one is named, thing by thing."""
        return [(match, thing) for regex, thing in self.likely(sentence) for match in regex.finditer(sentence)]

    def any_in(self, sentence: str) -> bool:
        return any(regex.search(sentence) for regex, _ in self.likely(sentence))

    def __iter__(self) -> Iterator[tuple[re.Pattern[str], T]]:
        return ((regex, thing) for regex, _, thing in self.each)


def spelt(entries: Iterable[tuple[str, re.Pattern[str], T]], vocabulary: Vocabulary) -> Spelt[T]:
    """Of (how it is written, the pattern that finds it, the thing). How it is written is a regular expression for whole
    words, without which the pattern never matches."""
    each = tuple((regex, _bits(written, vocabulary), thing) for written, regex, thing in entries)
    return Spelt(each, reduce(or_, (bits for _, bits, _ in each), 0), vocabulary)


def _bits(written: str, vocabulary: Vocabulary) -> int:
    return next((vocabulary.number(stems) for stems in conditions(written).needs), ALWAYS)
