"""Which lists of people an act touched: those that stand where the name of somebody whom it touched would stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from services.contract import Role
from services.ingest.extraction.dialect.patterns import NAME, Patterns, masked
from services.ingest.extraction.lexicon import lexicon
from services.ingest.extraction.people.beside import (
    Beside,
    beside_one_another,
    binds_a_part,
    speaks_of_others,
    unnamed_alone,
)
from services.ingest.extraction.people.namings import Naming, namings
from services.ingest.extraction.people.never_taken import without_officials
from services.ingest.extraction.sentences.read_sentence import Reading

_ANSWERS_KEPT: Final = 512
"""Several ask the same of a sentence, one soon after the other."""

_MOST_ASKED: Final = 8
"""Lists of a sentence, or people told apart from one another, of whom it is asked whether the act touched them."""


@lru_cache(_ANSWERS_KEPT)
def touched_lists(role: Role, reading: Reading, language: str) -> tuple[Beside, ...]:
    """Those of which the sentence says what makes people `role`; whoever holds an office is none of them."""
    patterns = lexicon(language).roles.get(role.value)
    if patterns is None or not patterns.may_match(reading.sentence.plain, masking=(NAME,)):
        return ()
    names = _names(reading, language)
    lists = islice(beside_one_another(reading, names, language), _MOST_ASKED)
    return tuple(each for each in lists if _is_touched(each, patterns, reading, names, language))


def _names(reading: Reading, language: str) -> list[Naming]:
    return without_officials(reading.sentence.plain, namings(reading.sentence, language))


@lru_cache(_ANSWERS_KEPT)
def touched_alone(role: Role, reading: Reading, language: str) -> tuple[Beside, ...]:
    """One person without a name, or people whom nobody counts, right beside the words that say it of them."""
    patterns = lexicon(language).roles.get(role.value)
    if patterns is None or not patterns.may_match(reading.sentence.plain, masking=(NAME,)):
        return ()
    names = _names(reading, language)
    alone = islice(unnamed_alone(reading, names, language), _MOST_ASKED)
    return tuple(each for each in alone if _is_next_to_act(each, patterns, reading, names, language))


def _is_next_to_act(each: Beside, patterns: Patterns, reading: Reading, names: Sequence[Naming], language: str) -> bool:
    spans = [(naming.start, naming.end) for naming in names]
    shown = masked(reading.sentence.plain, [*spans, (each.start, each.end)], NAME)
    for match in patterns.all(shown):
        first, last = match.span("names")
        between = f"{shown[match.start() : first]} {shown[last : match.end()]}"
        if first <= each.start and last == each.end and not _parts(between, language):
            return True
    return False


def _parts(between: str, language: str) -> bool:
    return speaks_of_others(between, language) or binds_a_part(between, language)


def _is_touched(each: Beside, patterns: Patterns, reading: Reading, names: Sequence[Naming], language: str) -> bool:
    return any(
        _is_read_as_name(each.start, end, patterns, reading, names, language) for end in (each.end, *each.behind)
    )


def _is_read_as_name(
    start: int, end: int, patterns: Patterns, reading: Reading, names: Sequence[Naming], language: str
) -> bool:
    spans = [(naming.start, naming.end) for naming in names]
    shown = masked(reading.sentence.plain, [*spans, (start, end)], NAME)
    return any(
        match.start("names") <= start < match.end("names") and not binds_a_part(shown[match.start() : start], language)
        for match in patterns.all(shown)
    )
