"""Writes a text in the one spelling that its lexicon knows, and finds the way back to the text as it was written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon

SPELT_IN_SEVERAL_WAYS: Final = ("be",)
"""Languages with a file here."""


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    latin: list[tuple[str, str]]
    latin_letters: str
    latin_told_by: list[str]
    not_latin: str
    told_by: str
    classical: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Respelt:
    """`places` say for each code point which of the text as written it stands for: from, up to."""

    text: str
    places: Sequence[tuple[int, int]] | None = None
    """None where nothing changed."""

    def as_written(self, span: tuple[int, int]) -> tuple[int, int]:
        """A span of `text` → one of the text as it was written."""
        if self.places is None:
            return span
        return self.places[span[0]][0], self.places[span[1] - 1][1]


@dataclass(frozen=True, slots=True, eq=False)
class SpellingRules:
    """Rules tried together, word by word: at each place the first that fits, which keeps the capital it replaces."""

    either: re.Pattern[str]
    instead: tuple[str, ...]

    def applied(self, before: Respelt) -> Respelt:
        pieces: list[str] = []
        places: list[tuple[int, int]] = []
        done = 0
        for word in _WORD.finditer(before.text):
            start = word.start()
            for instead, first, last in _of_word(self, word.group()):
                pieces += before.text[done : start + first], instead
                places += _places(before, done, start + first)
                places += [before.as_written((start + first, start + last))] * len(instead)
                done = start + last
        if not done:
            return before
        return Respelt("".join([*pieces, before.text[done:]]), [*places, *_places(before, done, len(before.text))])

    def of(self, match: re.Match[str]) -> str:
        """What stands for a match."""
        instead, written = self.instead[(match.lastindex or 1) - 1], match.group()
        if not written[:1].isupper():
            return instead
        return instead.upper() if written.isupper() and len(written) > 1 else instead[:1].upper() + instead[1:]


@lru_cache(maxsize=16_384)
def _of_word(rules: SpellingRules, word: str) -> tuple[tuple[str, int, int], ...]:
    """What stands in a word for what: from, up to."""
    return tuple((rules.of(match), *match.span()) for match in rules.either.finditer(word))


def _places(of: Respelt, start: int, end: int) -> Sequence[tuple[int, int]]:
    return [(place, place + 1) for place in range(start, end)] if of.places is None else of.places[start:end]


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one language is also written."""

    latin: SpellingRules
    latin_letters: frozenset[str]
    latin_told_by: tuple[frozenset[str], ...]
    """Sets of letters; one of each stands in every text of some length, and only of this language."""
    not_latin: frozenset[str]
    told_by: re.Pattern[str]
    classical: SpellingRules


def respelt(text: str, language: str) -> Respelt:
    """The text in the official spelling of a language; what no reader sees goes in every language."""
    before = without_unseen(text)
    if language not in SPELT_IN_SEVERAL_WAYS:
        return before
    spelling = _spelling(language)
    if _is_latin(before.text) and spelling.latin_letters & set(before.text.lower()):
        before = spelling.latin.applied(before)
    return spelling.classical.applied(before) if spelling.told_by.search(before.text) else before


def without_unseen(text: str) -> Respelt:
    """The text without what cannot be seen between two letters of one word: soft hyphens, joiners, marks of direction.

    Between digits it stays, since it is not known whether they are one number.
    """
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    done = 0
    for unseen in () if text.isascii() else _UNSEEN.finditer(text):
        if unseen.start() and text[unseen.start() - 1].isalpha() and text[unseen.end() : unseen.end() + 1].isalpha():
            pieces.append(text[done : unseen.start()])
            places += ((place, place + 1) for place in range(done, unseen.start()))
            done = unseen.end()
    if not done:
        return Respelt(text)
    places += ((place, place + 1) for place in range(done, len(text)))
    return Respelt("".join([*pieces, text[done:]]), places)


def in_latin(text: str) -> str | None:
    """The language of ours that this text is written in with Latin letters of its own, if it is."""
    seen = Counter(text.lower())
    for language in SPELT_IN_SEVERAL_WAYS:
        spelling = _spelling(language)
        told = all(letters & seen.keys() for letters in spelling.latin_told_by)
        if _is_latin(text) and told and not spelling.not_latin & seen.keys():
            return language
    return None


def may_be_latin(text: str, language: str) -> bool:
    """May a text, said to be in this language, be so in Latin letters: has it some of that alphabet's and no others?"""
    if language not in SPELT_IN_SEVERAL_WAYS or not _is_latin(text):
        return False
    spelling, seen = _spelling(language), set(text.lower())
    return bool(spelling.latin_letters & seen) and not spelling.not_latin & seen


def _is_latin(text: str) -> bool:
    """Latin letters prevail: an address or the name of a firm stands in texts of every script."""
    return sum(map(len, _CYRILLIC.findall(text))) * 2 < sum(map(len, _LATIN.findall(text)))


_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]+")
_LATIN: Final = re.compile("[a-zA-Z\u00c0-\u024f]+")


@cache
def _spelling(language: str) -> Spelling:
    """Raises BadLexicon when the data file does not fit."""
    written = read_packaged(__package__, f"{language}.yaml", _Written, BadLexicon, strict=False)
    try:
        return Spelling(
            latin=_rules(written.latin),
            latin_letters=frozenset(written.latin_letters),
            latin_told_by=tuple(map(frozenset, written.latin_told_by)),
            not_latin=frozenset(written.not_latin),
            told_by=re.compile(written.told_by, re.IGNORECASE),
            classical=_rules(written.classical),
        )
    except re.error as error:
        raise BadLexicon(f"spelling/{language}.yaml: {error}") from error


def _rules(written: Sequence[tuple[str, str]]) -> SpellingRules:
    either = "|".join(f"({place})" for place, _ in written)
    return SpellingRules(re.compile(either, re.IGNORECASE), tuple(instead for _, instead in written))
