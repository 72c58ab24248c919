"""Decides what a text's own news is, and which of its sentences only tell what was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.contract import Kind, Precision
from services.ingest.extraction.background import FRESH, LONG_AGO, is_background, is_dated, is_old, of_another_day
from services.ingest.extraction.claims import places
from services.ingest.extraction.crime import is_of_crime
from services.ingest.extraction.home import is_home
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.numbers import Quantity
from services.ingest.extraction.signals import Signal, signal_of

LEAD: Final = 8
"""Sentences in which news stands; what comes later is background to something else."""

_ROUNDED: Final = 1.3
"""How far below the number a headline may round it."""

_KINDS: Final = {Signal.PARDON: Kind.PARDON, Signal.ARREST: Kind.ARREST}


@dataclass(frozen=True, slots=True)
class News:
    """`acts` are the sentences of the lead that state the act, in order; `background` are those that tell of before."""

    kind: Kind
    acts: tuple[int, ...]
    background: frozenset[int]
    otherwise: bool = False
    """The text states news of another kind."""
    retold: bool = False
    """The text states no fresh act, and one that its own date puts long before the day it came out."""
    by_title: bool = False
    """Only the title states the act; the text below it states nothing."""

    home: bool = True
    """The text is about Belarus."""

    crime: bool = False
    """Somebody was detained for a crime that has nothing to do with politics."""

    apart: frozenset[int] = frozenset()
    """Sentences of another act that the text tells; they are background as well."""

    @property
    def act(self) -> int | None:
        return self.acts[0] if self.acts else None


def news(text: ReadText, *, at_home: bool = False) -> News:
    """`at_home`: see `home.is_home`."""
    signals = [signal_of(reading, text.lexicon) for reading in text.readings[:LEAD]]
    background = frozenset(index for index in range(len(text.readings)) if is_background(text, index))
    background |= _recalled(text)
    telling = [index for index, signal in enumerate(signals) if signal in _KINDS]
    home = is_home(text, telling, at_home=at_home)
    retelling = background | _tallied(text, signals, background)
    first = _first_act(text, signals, retelling) if home else None
    if first is not None and signals[first] is Signal.ARREST and is_of_crime(text, first, LEAD):
        return News(Kind.OTHER, (), background, otherwise=True, home=home, crime=True)
    if first is None:
        retold = any(signal in _KINDS and is_old(text, index, LONG_AGO) for index, signal in enumerate(signals))
        return News(Kind.OTHER, (), background, otherwise=Signal.ELSE in signals, retold=retold, home=home)
    background |= of_another_day(text, first)
    acts = tuple(i for i, signal in enumerate(signals) if signal is signals[first] and i not in background)
    return News(_KINDS[signals[first]], acts, background)


def _first_act(text: ReadText, signals: Sequence[Signal], background: frozenset[int]) -> int | None:
    """The first sentence of the lead that states a fresh act. After news of another kind an act must be dated anew."""
    needed: timedelta | None = None
    for index, signal in enumerate(signals):
        if signal is Signal.ELSE:
            needed = timedelta(0)
        elif signal is Signal.AMNESTY:
            needed = FRESH
        elif signal not in _KINDS or index in background:
            continue
        elif needed is None or is_dated(text, index, needed):
            return index
    return None


def _tallied(text: ReadText, signals: Sequence[Signal], background: frozenset[int]) -> frozenset[int]:
    """Headlines that count what a sentence below tells of a span of time: "58 arrested at the border"; then "58 were
    arrested there in 2022 and 2023". A headline may round: "over 100", then "125 since the beginning of the year"."""
    below = [each.value for index in background if text.readings[index].dates for each in _taken(text, index)]
    arrests = (index for index, signal in enumerate(signals) if signal is Signal.ARREST and below)
    return frozenset(
        index
        for index in arrests
        if not text.readings[index].dates
        and any(each.value <= value <= each.value * _rounding(each) for each in _taken(text, index) for value in below)
    )


def _rounding(head: Quantity) -> float:
    return 1 if head.precision is Precision.EXACT else _ROUNDED


def _taken(text: ReadText, index: int) -> list[Quantity]:
    starts = places(text.lexicon.counts["detained"], text.readings[index])
    return [each for each in text.readings[index].quantities if each.number_start in starts]


def _recalled(text: ReadText) -> frozenset[int]:
    """ "Recall that": a text that opens so goes on retelling, until a sentence names a day of now."""
    recall = text.lexicon.signals["recall"]
    if not text.readings or not recall.first(text.readings[0].counted):
        return frozenset()
    fresh = (index for index in range(len(text.readings)) if index and is_dated(text, index, FRESH))
    return frozenset(range(next(fresh, len(text.readings))))
