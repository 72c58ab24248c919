"""Whom a sentence names as people of those whom one before it counts: "They include ...", "three of them are"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.contract import Kind, Role
from services.fact_table import ACTS
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.lists import veiled
from services.ingest.extraction.people.namings import Naming
from services.ingest.extraction.people.nearest_group import is_part_of_those_before
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.read_sentence import Reading


def of_those_counted_before(
    text: ReadText, index: int, background: frozenset[int], names: Sequence[Naming], told: Sequence[Naming], kind: Kind
) -> dict[int, Role]:
    """Role by where the name starts; `told` are the `names` without those of whom no act is told."""
    counting = _counting(text, index, background) if names else None
    if counting is None:
        return {}
    reading, lexicon = text.readings[index], text.lexicon
    of_those = _of_those_counted(text.readings[counting], lexicon, kind)
    return _of_list(reading, names, lexicon, of_those) | _of_part(reading, told, of_those)


_RECALLED: Final = 2
"""Sentences without people ("This was reported by the police.") over which "among them" goes back at most."""
_SHORT: Final = 90
"""Characters of such a sentence."""


def _counting(text: ReadText, index: int, background: frozenset[int]) -> int | None:
    """The sentence of whose people this one goes on: the one before, or the last that counts any, if only short ones
    stand between."""
    for at in range(index - 1, max(-1, index - 2 - _RECALLED), -1):
        if at in background:
            return None
        if text.readings[at].quantities or len(text.readings[at].sentence.plain) > _SHORT:
            return at
    return None


def _of_those_counted(before: Reading, lexicon: Lexicon, kind: Kind) -> Role | None:
    """Whom "They include ..." goes on about: the people whom the sentence before it counts."""
    act = ACTS.get(kind)
    if act and lexicon.counts[act.number].first(before.counted):
        return act.role
    return Role.STILL_HELD if lexicon.counts["still_held"].first(before.counted) else None


def _of_list(reading: Reading, names: Sequence[Naming], lexicon: Lexicon, role: Role | None) -> dict[int, Role]:
    """Role by where the name starts, of the names in a sentence that opens as a list of those counted before it."""
    if role is None:
        return {}
    shown = veiled(reading, names)
    spans = [match.span("names") for match in lexicon.listed.all(shown)]
    return {each.start: role for each in names for start, end in spans if start <= each.start < end}


def _of_part(reading: Reading, names: Sequence[Naming], role: Role | None) -> dict[int, Role]:
    """Role by where the name starts, of those named as a part of the people counted before."""
    plain = reading.sentence.plain
    return {each.start: role for each in names if role and is_part_of_those_before(plain, each.start)}
