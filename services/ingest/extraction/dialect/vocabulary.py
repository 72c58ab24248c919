"""Numbers the stems that patterns ask for, so that one look at a sentence answers for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Final, NamedTuple

from services.ingest.extraction.dialect.stems import LENGTH
from services.ingest.extraction.dialect.syntax import END, MARKS

ALWAYS: Final = 1
"""The bit that is seen in every sentence."""

_MARKS: Final = "".join(sorted(MARKS))
_PIECE: Final = re.compile(rf"\w+|[^\w{_MARKS}]+|(?:{'|'.join(f'{mark}+' for mark in _MARKS)})")
"""A sentence falls into words, what stands between them, and rows of one mask."""

_PIECES_KEPT: Final = 16_384
_SENTENCES_KEPT: Final = 256
_MASKINGS_KEPT: Final = 16
"""What was seen in so many words and sentences is remembered: a sentence is asked of by many, then never again."""


class StemsSeen(NamedTuple):
    """What a sentence shows: the bits of all its words, and each word by its place. A row of masks is one word."""

    bits: int
    words: tuple[tuple[int, int], ...]


class Vocabulary:
    """One bit for each stem. Every stem is numbered before the first sentence is seen."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self._pieces: dict[str, int] = {}
        self.seen = lru_cache(_SENTENCES_KEPT)(self._look_at)
        self.marked = lru_cache(_MASKINGS_KEPT)(self._marked)

    def number(self, stems: Iterable[str]) -> int:
        """The bits of these stems together."""
        bits = 0
        for stem in stems:
            bits |= self._bits.setdefault(stem, ALWAYS << 1 + len(self._bits))
        return bits

    def _marked(self, marks: tuple[str, ...]) -> int:
        """The bits that a mask adds to those of a sentence."""
        return reduce(or_, (self._bits.get(mark, 0) for mark in marks), 0)

    def hint(self, words: Iterable[str]) -> Hint:
        """Of whole words. One with an apostrophe is told by what stands before it."""
        whole = (re.match(r"\w+", word.lower()) for word in words)
        return Hint(self, self.number((match.group() + END)[:LENGTH] for match in whole if match))

    def _look_at(self, sentence: str) -> StemsSeen:
        known, bits, place, words = self._pieces, ALWAYS, 0, []
        for piece in _PIECE.findall(sentence):
            shown = known.get(piece)
            if shown is None:
                shown = self._look_up(piece)
            if shown:
                bits |= shown
                words.append((place, shown))
            place += len(piece)
        return StemsSeen(bits, tuple(words))

    def _look_up(self, piece: str) -> int:
        """The bits of the stems with which the word begins; kept until there are too many to keep."""
        if len(self._pieces) >= _PIECES_KEPT:
            self._pieces.clear()
        word = piece[0] if piece[0] in MARKS else piece.lower() + END
        bits = 0
        for length in range(1, min(LENGTH, len(word)) + 1):
            bits |= self._bits.get(word[:length], 0)
        self._pieces[piece] = bits
        return bits


@dataclass(frozen=True, slots=True, eq=False)
class Hint:
    """Some words of the vocabulary."""

    vocabulary: Vocabulary
    bits: int

    def may_be_in(self, sentence: str) -> bool:
        return bool(self.vocabulary.seen(sentence).bits & self.bits)

    def found(self, sentence: str, word: re.Pattern[str], unmasked: str) -> list[re.Match[str]]:
        """What of the sentence may be one of the words: each match of `word` that begins like one.

        `unmasked` is the sentence as it was looked at before some of its words were masked.
        """
        seen = self.vocabulary.seen(unmasked)
        if not seen.bits & self.bits:
            return []
        if "'" in sentence:  # a word may go on behind an apostrophe, where another would begin
            return list(word.finditer(sentence))
        begun = (place for place, bits in seen.words if bits & self.bits)
        return [match for place in begun if (match := word.match(sentence, place))]


def last_word(stretch: str) -> str:
    """The letters with which it ends, in lower case, without the blanks behind them."""
    end = len(stretch.rstrip())
    start = end
    while start and stretch[start - 1].isalpha():
        start -= 1
    return stretch[start:end].lower()
