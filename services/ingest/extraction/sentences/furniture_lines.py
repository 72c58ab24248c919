"""Lines round a text that are no sentences of it: navigation, captions, dates, bylines, tags, teasers, cookie notices.

A page that marks none of them gives them as lines of its text; they would use up the sentences in which news is looked
for, and a teaser would be read as the article. What only might be a line of the text stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Final

import msgspec

from services.data_files import read_packaged
from services.ingest.extraction.dialect.patterns import BadLexicon
from services.ingest.extraction.sentences.passages import Sentence

_STOPS: Final = (".", "!", "?", "…", ";", ",", "-")
_CLOSING: Final = "\"')] "
_LONGEST: Final = 300
"""Characters of a line that is looked at; a longer one is a paragraph."""
_SHORT: Final = 80
"""Characters of a line that is a day or a counter and nothing else."""
_SIGNS: Final = ("cookie", "куки", "кукі", "©", "getty")
"""One of them stands in every line that is known by words anywhere in it."""
_REAL: Final = 40
"""Characters of a paragraph that ends with a stop."""
_PARAGRAPHS: Final = 2
"""Where there are fewer, every line may be of the text: so people write in messengers."""
_NAV_WORDS: Final = 4
"""A line of so few words without a stop names a part of the site, or somebody."""
_MENU: Final = 4
"""So many of those in a row are a menu."""
_BLOCK: Final = 3
"""So many lines in a row without a stop are headlines of other news."""
_LIST_ITEM: Final = re.compile(r"\s*(?:[-•*▪◾●‣·❗⚡]|\d{1,3}[.)])\s?\S")
_NAME_LIKE: Final = re.compile(r"\s*[A-ZА-ЯЁІЎ][\w'-]+ [A-ZА-ЯЁІЎ][\w'-]+")
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_STEM: Final = 5
_IN_COMMON: Final = 2
"""Words that a headline shares with the paragraph below it."""


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    opening: list[str]
    whole: list[str]
    anywhere: list[str]


@dataclass(frozen=True, slots=True)
class _Line:
    """The sentences of one line of the text."""

    sentences: tuple[Sentence, ...]
    plain: str

    @property
    def has_stop(self) -> bool:
        return self.plain.rstrip(_CLOSING).endswith(_STOPS)

    @property
    def is_short(self) -> bool:
        return len(self.plain.split()) <= _NAV_WORDS

    @property
    def opens_list(self) -> bool:
        return self.plain.rstrip(_CLOSING).endswith(":")

    @property
    def is_real(self) -> bool:
        return len(self.plain) >= _REAL and self.has_stop


def without_furniture(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences of the text itself; all of them where nothing else would be left."""
    lines = _lines(sentences)
    if len(lines) < 2:
        return tuple(sentences)
    kept = [line for line in lines if not _is_named(line)]
    real = sum(line.is_real for line in kept)
    kept = _without_menus(kept) if real else kept
    kept = _without_headlines(kept) if real >= _PARAGRAPHS else kept
    return tuple(sentence for line in kept for sentence in line.sentences) or tuple(sentences)


def compile_furniture() -> None:
    """Before the first article. Raises BadLexicon."""
    _patterns()


def _lines(sentences: Sequence[Sentence]) -> list[_Line]:
    grouped = (tuple(each) for _, each in groupby(sentences, key=lambda sentence: sentence.paragraph))
    return [_Line(each, " ".join(sentence.plain.strip() for sentence in each)) for each in grouped]


def _is_named(line: _Line) -> bool:
    """Does it say by its own words that it is no part of the text?"""
    if len(line.plain) > _LONGEST:
        return False
    opening, whole, anywhere = _patterns()
    if opening.match(line.plain) or (len(line.plain) <= _SHORT and whole.match(line.plain)):
        return True
    lowered = line.plain.lower()
    return any(sign in lowered for sign in _SIGNS) and anywhere.search(lowered) is not None


def _without_menus(lines: Sequence[_Line]) -> list[_Line]:
    kept: list[_Line] = []
    for is_short, each in groupby(lines, key=lambda line: not line.has_stop and not line.opens_list and line.is_short):
        row = tuple(each)
        if not is_short or len(row) < _MENU or (kept and kept[-1].opens_list) or any(map(_may_be_of_list, row)):
            kept += row
    return kept


def _without_headlines(lines: Sequence[_Line]) -> list[_Line]:
    """Without names of the site's parts, and blocks of headlines; a list behind a colon is of the text."""
    kept: list[_Line] = []
    block: list[_Line] = []
    listing = False
    for line in lines:
        listing = line.opens_list or (listing and not line.is_real)
        if listing or line.has_stop or _may_be_of_list(line):
            if block:
                kept += _of_block(block, line if line.is_real else None)
                block = []
            kept.append(line)
        else:
            block.append(line)
    return kept + _of_block(block, None)


def _may_be_of_list(line: _Line) -> bool:
    return (
        len(line.plain) > _LONGEST
        or _LIST_ITEM.match(line.plain) is not None
        or _NAME_LIKE.match(line.plain) is not None
    )


def _of_block(block: Sequence[_Line], below: _Line | None) -> list[_Line]:
    """What of these lines without a stop is of the text: a headline that the paragraph below goes on from, and what is
    too little to be a block."""
    if len(block) == 1:
        return list(block)
    told = [line for line in block if not line.is_short]
    if len(block) < _BLOCK:
        return told
    return [told[-1]] if told and below is not None and _shares_words(told[-1], below) else []


def _shares_words(headline: _Line, below: _Line) -> bool:
    stems = [{word[:_STEM].lower() for word in _WORD.findall(line.plain)} for line in (headline, below)]
    return len(stems[0] & stems[1]) >= _IN_COMMON


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Of how a line opens, of a whole line, of words anywhere in it. Raises BadLexicon when the file does not fit."""
    said = read_packaged(__package__, "furniture_lines.yaml", _Written, BadLexicon)
    opening, whole, anywhere = ("|".join(each).replace("ё", "е") for each in (said.opening, said.whole, said.anywhere))
    written = (rf"\W*(?:{opening})", rf"\W*(?:{whole})$", anywhere)
    try:
        first, second, third = (re.compile(each, re.IGNORECASE) for each in written)
    except re.error as error:
        raise BadLexicon(f"furniture_lines.yaml: {error}") from error
    return first, second, third
