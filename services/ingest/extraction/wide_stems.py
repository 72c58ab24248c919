"""WideStems of words, in many languages at once, by which a text is worth a look: of an act, of Belarus, of politics.

They are wide on purpose: whatever they find only waits at the desk, and what they miss nobody sees.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.seen_act import SeenAct


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    home: dict[str, list[str]]
    political: dict[str, list[str]]
    abroad: dict[str, list[str]]
    pardon: dict[str, list[str]]
    release: dict[str, list[str]]
    arrest: dict[str, list[str]]
    of_prisoners: dict[str, list[str]]
    unread: dict[SeenAct, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class WideStems:
    home: AnyOf
    political: AnyOf
    abroad: AnyOf
    acts: tuple[tuple[SeenAct, AnyOf], ...]
    of_prisoners: AnyOf
    unread: tuple[tuple[SeenAct, AnyOf], ...]
    """Acts in languages that nobody reads, beside those of `acts`."""

    def acts_in(self, plain: str) -> tuple[SeenAct, ...]:
        return tuple(act for act, stems in self.acts if stems.search(plain))

    def acts_in_unread(self, plain: str) -> tuple[SeenAct, ...]:
        """The same for a sentence of a language that nobody reads."""
        return tuple(dict.fromkeys(act for act, stems in (*self.acts, *self.unread) if stems.search(plain)))


@cache
def stems() -> WideStems:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, "wide_stems.yaml", _Written, BadLexicon)
    return WideStems(
        home=any_of(written.home),
        political=any_of(written.political),
        abroad=any_of(written.abroad),
        acts=(
            ("pardon", any_of(written.pardon)),
            ("release", any_of(written.release)),
            ("arrest", any_of(written.arrest)),
        ),
        of_prisoners=any_of(written.of_prisoners),
        unread=tuple((act, any_of(listed)) for act, listed in written.unread.items()),
    )


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Looks for a stem only at words that begin as one does: to search for hundreds at every letter costs far more."""

    pattern: re.Pattern[str]
    by_opening: dict[str, re.Pattern[str]]
    """The stems, by the first letters of their first words, in lower case."""
    anywhere: bool
    """One of the stems may stand within a word, or is too short to be told by its letters."""

    def search(self, plain: str, since: int = 0, until: int = sys.maxsize) -> re.Match[str] | None:
        if self.anywhere:
            return self.pattern.search(plain, since, until)
        for opening, start in _begun(plain):
            stems = self.by_opening.get(opening) if since <= start < until else None
            if stems is not None and (match := stems.match(plain, start, until)):
                return match
        return None

    def match(self, plain: str) -> re.Match[str] | None:
        return self.pattern.match(plain)

    def finditer(self, plain: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(plain)


_LETTERS: Final = 3
_WORD: Final = re.compile(r"\w+")
_ANSWERS_KEPT: Final = 256
"""A sentence is asked of by several, one soon after the other."""


@lru_cache(_ANSWERS_KEPT)
def _begun(plain: str) -> tuple[tuple[str, int], ...]:
    """Each word's first letters, and where it begins."""
    return tuple((word.group()[:_LETTERS].lower(), word.start()) for word in _WORD.finditer(plain))


def any_of(by_languages: dict[str, list[str]]) -> AnyOf:
    """In scripts with spaces a stem begins a word; `-` before it lets it stand within one, a space is any white space,
    and `…` up to 30 characters."""
    each = sorted({stem for listed in by_languages.values() for stem in listed}, key=len, reverse=True)
    inner = [_body(stem[1:]) for stem in each if stem.startswith("-")]
    opening = [stem for stem in each if not stem.startswith("-")]
    alternatives = [*_alternatives(r"(?<!\w)", map(_body, opening)), *_alternatives("", inner)]
    by_opening: dict[str | None, list[str]] = {}
    for stem in opening:
        by_opening.setdefault(_opening(stem), []).append(_body(stem))
    return AnyOf(
        re.compile("|".join(alternatives), re.IGNORECASE),
        {letters: re.compile("|".join(bodies), re.IGNORECASE) for letters, bodies in by_opening.items() if letters},
        anywhere=bool(inner) or None in by_opening,
    )


def _opening(stem: str) -> str | None:
    """The letters that a word of the text must begin with, or be where the stem's own word is no longer and ends."""
    word = _WORD.match(stem.lower().replace("ё", "е"))
    if word is None:
        return None
    letters = word.group()[:_LETTERS]
    ends = stem[word.end() : word.end() + 1] in {" ", "-", "'"}
    return letters if len(letters) == _LETTERS or ends else None


def _alternatives(before: str, bodies: Iterable[str]) -> list[str]:
    joined = "|".join(bodies)
    return [f"{before}(?:{joined})"] if joined else []


def _body(stem: str) -> str:
    # Between two words a single space at either end, or a run of spaces could be shared out in many ways.
    said = re.escape(stem.replace("ё", "е")).replace("\\ …\\ ", r"\s.{0,30}?\s")
    return said.replace("\\ ", r"\s+").replace("…", ".{0,30}?")
