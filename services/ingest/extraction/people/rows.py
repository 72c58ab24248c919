"""How many people a row of names tells of: "they detained Maria, Ivan and two others" says four."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from services.contract import Claim, Precision
from services.ingest.extraction.dialect.patterns import NAME, NUMBER, Patterns
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.lists import veiled
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.people.never_taken import without_officials
from services.ingest.extraction.sentences.read_sentence import Reading

_NEAR: Final = 300
"""Characters before a name in which what puts it aside begins ("detained by officer NAME")."""


def adds_to(row: Claim, number: Claim) -> bool:
    """Does the number stand in the row, which adds the people named to it?"""
    shared = row.span[0] < number.span[1] and number.span[0] < row.span[1]
    return shared and isinstance(row.value, int) and isinstance(number.value, int) and row.value > number.value


def rows(patterns: Patterns, reading: Reading, lexicon: Lexicon) -> Iterator[tuple[re.Match[str], frozenset[str], int]]:
    """Each row with its names as written, and the number of people besides them; first in the sentence comes first.

    A pattern matches rows that leave nobody out: after "among them" no name is counted, and none of a sentence too long
    to be read at once.
    """
    if reading.sentence.goes_on or not patterns.may_match(reading.counted, masking=(NAME,)):
        return
    plain = reading.sentence.plain
    told = without_officials(plain, namings(reading.sentence, lexicon.language))
    aside = lexicon.named_aside
    names = [each for each in told if not (aside and aside.search(plain, max(0, each.start - _NEAR), each.start))]
    if not names:
        return
    shown = veiled(reading, names, counted=True)
    end = 0
    for match in sorted(patterns.all(shown), key=lambda match: (match.start("names"), -match.end("names"))):
        span = match.span("names")
        inside = (each for each in reading.quantities if span[0] <= each.number_start < span[1])
        besides = [each for each in inside if shown[each.number_start] == NUMBER]
        if span[0] >= end and all(each.precision is Precision.EXACT for each in besides):
            end = span[1]
            named = frozenset(naming.name for naming in names if span[0] <= naming.start < span[1])
            yield match, named, sum(each.value for each in besides)
