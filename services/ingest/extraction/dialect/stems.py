"""What a pattern cannot do without: the beginnings of words of which some must stand in a sentence for it to match.

A regular expression is slow to say no. From how a pattern is written follow conditions, each a set of stems of which
one must begin a word of any match; a sentence that lacks all stems of a condition need not be searched. A condition is
necessary and never sufficient: leaving one out costs time, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from services.ingest.extraction.dialect.syntax import END, MARKS, Characters, Choice, Letters, Many, Node, parse

LENGTH: Final = 7
"""Letters of a word that are looked at: enough to tell "pardoned" from "parliament"."""

_MOST_STEMS: Final = 160
MOST_CONDITIONS: Final = 4
_NODES_KEPT: Final = 8_192
"""Of which is remembered how they begin and what they need: the same groups stand in many patterns of a lexicon."""

Stems = frozenset[str]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What every match of a pattern meets. `begins_with` are the stems of its first word, where they can be told."""

    needs: tuple[Stems, ...]
    begins_with: Stems | None


def conditions(body: str) -> Conditions:
    """Of a pattern that matches whole words only. The most telling of its needs stands first."""
    sequence = (*parse(body), Characters(frozenset({END})))
    told: list[Stems] = []
    for stems in sorted(_needs(sequence, at_start=True), key=_cost):
        if not any(_implies(other, stems) for other in told):
            told.append(stems)
    return Conditions(tuple(told[:MOST_CONDITIONS]), _usable(_beginnings(sequence)))


def _implies(met: Stems, other: Stems) -> bool:
    """Is the other condition met by every sentence that meets this one?"""
    return all(stem.startswith(tuple(other)) for stem in met)


def _needs(sequence: Sequence[Node], *, at_start: bool) -> list[Stems]:
    found: list[Stems] = []
    for index, node in enumerate(sequence):
        if at_start and (stems := _usable(_beginnings(sequence[index:]))):
            found.append(stems)
        found += _needs_of(node, at_start=at_start)
        at_start = _ends_word(node, at_start)
    return found


@lru_cache(_NODES_KEPT)
def _needs_of(node: Node, *, at_start: bool) -> list[Stems]:
    match node:
        case Letters():
            return []
        case Characters(options):
            return [options] if options and options <= MARKS else []
        case Many(inner, least):
            return _needs(inner, at_start=at_start) if least else []
        case Choice(branches):
            best = [min(_needs(branch, at_start=at_start), key=_cost, default=None) for branch in branches]
            stems = [each for each in best if each is not None]
            together = _shortest(frozenset().union(*stems))
            return [together] if len(stems) == len(branches) and len(together) <= _MOST_STEMS else []


def _usable(beginnings: Iterable[tuple[str, bool]]) -> Stems | None:
    stems = frozenset(stem for stem, _ in beginnings)
    return None if len(stems) > _MOST_STEMS or stems & {"", END} else _shortest(stems)


def _shortest(stems: Iterable[str]) -> Stems:
    """Without those that begin with another."""
    kept: list[str] = []
    for stem in sorted(stems):
        if not (kept and stem.startswith(kept[-1])):
            kept.append(stem)
    return frozenset(kept)


def _beginnings(sequence: Sequence[Node]) -> set[tuple[str, bool]]:
    """How what the sequence matches may begin, and whether that is all that is known to follow (open) or not."""
    found = {("", True)}
    for node in sequence:
        going_on = [stem for stem, is_open in found if is_open]
        if not going_on or len(found) > _MOST_STEMS:
            break
        found = {each for each in found if not each[1]}
        found |= {_joined(stem, more, is_open) for stem in going_on for more, is_open in _beginnings_of(node)}
    return found


@lru_cache(_NODES_KEPT)
def _beginnings_of(node: Node) -> set[tuple[str, bool]]:
    match node:
        case Letters(text):
            return {(text[:LENGTH], len(text) < LENGTH)}
        case Characters(options):
            return {("", False)} if options is None else {(letter, True) for letter in options}
        case Choice(branches):
            return set().union(*map(_beginnings, branches))
        case Many(inner, least, again):
            once = _beginnings(inner)
            told = {(stem, is_open and not (again and stem)) for stem, is_open in once}
            return told if least else told | {("", True)}


def _joined(stem: str, more: str, is_open: bool) -> tuple[str, bool]:
    if stem and more[:1] in MARKS:
        return stem + END, False
    whole = (stem + more)[:LENGTH]
    return whole, is_open and whole[-1:] != END and whole not in MARKS and len(whole) < LENGTH


def _ends_word(node: Node, at_start: bool) -> bool:
    """Is what follows the node surely the beginning of a word, if the node began at one or not?"""
    match node:
        case Letters():
            return False
        case Characters(options):
            return options is not None and options <= MARKS | {END}
        case Choice(branches):
            return all(_sequence_ends_word(branch, at_start) for branch in branches)
        case Many(inner, least):
            once = _sequence_ends_word(inner, at_start)
            return once and (at_start or least > 0)


def _sequence_ends_word(sequence: Sequence[Node], at_start: bool) -> bool:
    for node in sequence:
        at_start = _ends_word(node, at_start)
    return at_start


def _cost(stems: Stems) -> tuple[float, int, list[str]]:
    """How often a sentence will meet a condition, roughly; of equals the longer, then in the order of the alphabet."""
    return sum(map(_frequency, stems)), -sum(map(len, stems)), sorted(stems)


def _frequency(stem: str) -> float:
    """A guess: each letter more makes a word four times as rare; and whoever asks has mostly seen that there are names
    or numbers."""
    return 3.0 if stem in MARKS else 4.0 ** (3 - len(stem.rstrip(END)))
