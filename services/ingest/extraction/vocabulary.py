"""Numbers the stems that patterns ask for, so that one look at a sentence answers for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from services.ingest.extraction.stems import LENGTH
from services.ingest.extraction.syntax import END, MARKS

ALWAYS: Final = 1
"""The bit that is seen in every sentence."""

_WORD: Final = re.compile(rf"\w+|[{''.join(sorted(MARKS))}]")
_WORDS_KEPT: Final = 16_384
_SENTENCES_KEPT: Final = 256
"""What was seen in so many words and sentences is remembered: a sentence is asked of by many, then never again."""


class Vocabulary:
    """One bit for each stem. Every stem is numbered before the first sentence is seen."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self.seen = lru_cache(_SENTENCES_KEPT)(self._seen)
        self._seen_in_word = lru_cache(_WORDS_KEPT)(self._look_up)

    def number(self, stems: Iterable[str]) -> int:
        """The bits of these stems together."""
        bits = 0
        for stem in stems:
            bits |= self._bits.setdefault(stem, ALWAYS << 1 + len(self._bits))
        return bits

    def _seen(self, sentence: str) -> int:
        """The bits of all stems with which a word of the sentence begins, or which a mask in it is."""
        seen = ALWAYS
        for word in set(_WORD.findall(sentence.lower())):
            seen |= self._seen_in_word(word)
        return seen

    def _look_up(self, word: str) -> int:
        beginnings = {word[:length] for length in range(1, LENGTH + 1)} | {(word + END)[:LENGTH]}
        return sum(self._bits.get(stem, 0) for stem in beginnings)
