"""The numbers of one skimmed sentence, and what each counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.contract import Precision
from services.ingest.extraction.sentences.passages import Sentence
from services.ingest.extraction.skimming.words import Words

_DIGITS: Final = re.compile(
    r"(?<![\w.,:/№#-])(?:[0-9]{1,3}(?:[.,  ][0-9]{3})+|[0-9]{1,6})(?![\w%]|[.,:/-][0-9]|\.? ?°)", re.ASCII
)
_EXTREMISM: Final = re.compile(r"e[kx]s?tr[eé]m|екстрем|ექსტრემ", re.IGNORECASE)  # in every language here
_YEAR: Final = range(1900, 2100)
_MOST: Final = 9_999
_BEFORE: Final = 30
_AFTER: Final = 45


@dataclass(frozen=True, slots=True)
class CountedPeople:
    """`of` is "act" or a field of Facts; the span counts code points of the text."""

    of: str
    value: int
    span: tuple[int, int]
    precision: Precision
    for_extremism: bool = False
    """The words that follow name what they were convicted of."""


def counts(sentence: Sentence, words: Words, *, is_act: bool) -> Iterator[CountedPeople]:
    """In order of place. The first number that counts people, in a sentence that states the act, is the act's."""
    told = False
    for start, end, value in sorted(_numbers(sentence.plain, words)):
        of = _counted(sentence.plain, start, end, words)
        # "One" is an article in many languages.
        if of == "act" and (told or not is_act or value == 1):
            continue
        if of is not None:
            told = told or of == "act"
            precision = _precision(sentence.plain[max(0, start - _BEFORE) : start], words)
            charged = _EXTREMISM.search(re.split(r"[,;:(]", sentence.plain[end : end + _AFTER])[0]) is not None
            yield CountedPeople(of, value, (sentence.start + start, sentence.start + end), precision, charged)


def _counted(plain: str, start: int, end: int, words: Words) -> str | None:
    before, after = plain[max(0, start - _BEFORE) : start], plain[end : end + _AFTER]
    clause = re.split(r"[,;:()]", after)[0]
    if words.others.match(after.lstrip(" -.")) or any(month.match(after.lstrip(" .")) for month in words.months):
        return None
    part = next((field for field, pattern in words.parts if pattern.search(" ".join(clause.split()[:4]))), None)
    if part:
        return part
    around = re.split(r"[,;:()]", before)[-1] + " # " + clause
    if words.held.search(around):
        return "still_held"
    if words.totals.search(around):
        return "released_total"
    return "act"


def _numbers(plain: str, words: Words) -> Iterator[tuple[int, int, int]]:
    for match in _DIGITS.finditer(plain):
        value = int(re.sub(r"\D", "", match.group()))
        written_as_year = match.group().isdigit() and value in _YEAR
        if value <= _MOST and not written_as_year:
            yield match.start(), match.end(), value
    for pattern, value in words.numbers:
        for match in pattern.finditer(plain):
            yield match.start(), match.end(), value


def _precision(before: str, words: Words) -> Precision:
    tail = " ".join(before.split()[-2:])
    if words.at_least.search(tail):
        return Precision.AT_LEAST
    return Precision.ABOUT if words.about.search(tail) else Precision.EXACT
