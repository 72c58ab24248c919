"""Numbers the stems that patterns ask for, so that one look at a sentence answers for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_
from typing import Final, NamedTuple

from services.ingest.extraction.stems import LENGTH
from services.ingest.extraction.syntax import END, MARKS

ALWAYS: Final = 1
"""The bit that is seen in every sentence."""

_WORD: Final = re.compile(rf"\w+|([{''.join(sorted(MARKS))}])\1*")
_WORDS_KEPT: Final = 16_384
_SENTENCES_KEPT: Final = 256
"""What was seen in so many words and sentences is remembered: a sentence is asked of by many, then never again."""


class Seen(NamedTuple):
    """What a sentence shows: the bits of all its words, and each word by its place. A row of masks is one word."""

    bits: int
    words: tuple[tuple[int, int], ...]


class Vocabulary:
    """One bit for each stem. Every stem is numbered before the first sentence is seen."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self.seen = lru_cache(_SENTENCES_KEPT)(self._look_at)
        self._seen_in = lru_cache(_WORDS_KEPT)(self._look_up)

    def number(self, stems: Iterable[str]) -> int:
        """The bits of these stems together."""
        bits = 0
        for stem in stems:
            bits |= self._bits.setdefault(stem, ALWAYS << 1 + len(self._bits))
        return bits

    def _look_at(self, sentence: str) -> Seen:
        look = self._seen_in
        words = [(match.start(), look(match.group())) for match in _WORD.finditer(sentence)]
        told = tuple(word for word in words if word[1])
        return Seen(reduce(or_, (bits for _, bits in told), ALWAYS), told)

    def _look_up(self, word: str) -> int:
        """The bits of the stems with which the word begins."""
        lowered = word[:1] if word[0] in MARKS else word.lower() + END
        return reduce(or_, (self._bits.get(lowered[:length], 0) for length in range(1, LENGTH + 1)), 0)
