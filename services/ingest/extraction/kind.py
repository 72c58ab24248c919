"""Decides what a text's own news is, and which of its sentences only tell what was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.contract import Kind
from services.ingest.extraction.background import FRESH, is_background, is_dated, is_old, of_another_day
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.sentences.reading import Reading
from services.ingest.extraction.signals import Signal, signal_of

_LEAD: Final = 8
"""Sentences in which news stands; what comes later is background to something else."""

_LONG_AGO: Final = timedelta(days=14)
"""A text whose act lies further back retells it, or is an old page."""

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

    @property
    def act(self) -> int | None:
        return self.acts[0] if self.acts else None


def news(readings: Sequence[Reading], lexicon: Lexicon, reference: date | None) -> News:
    signals = [signal_of(reading, lexicon) for reading in readings[:_LEAD]]
    background = frozenset(i for i, reading in enumerate(readings) if is_background(reading, lexicon, reference))
    home = _at_home(readings, lexicon)
    first = _first_act(readings, signals, background, reference) if home else None
    if first is None:
        lead = zip(readings, signals, strict=False)
        retold = any(signal in _KINDS and is_old(reading, lexicon, reference, _LONG_AGO) for reading, signal in lead)
        return News(Kind.OTHER, (), background, otherwise=Signal.ELSE in signals, retold=retold, home=home)
    background |= of_another_day(readings, lexicon, first)
    acts = tuple(i for i, signal in enumerate(signals) if signal is signals[first] and i not in background)
    return News(_KINDS[signals[first]], acts, background)


def _first_act(
    readings: Sequence[Reading], signals: Sequence[Signal], background: frozenset[int], reference: date | None
) -> int | None:
    """The first sentence of the lead that states a fresh act. After news of another kind an act must be dated anew."""
    needed: timedelta | None = None
    for index, signal in enumerate(signals):
        if signal is Signal.ELSE:
            needed = timedelta(0)
        elif signal is Signal.AMNESTY:
            needed = FRESH
        elif signal not in _KINDS or index in background:
            continue
        elif needed is None or is_dated(readings[index], reference, needed):
            return index
    return None


def _at_home(readings: Sequence[Reading], lexicon: Lexicon) -> bool:
    """Is the text about Belarus: does it name it, a place of it, or somebody known there?

    Failing that, does it speak as only our sources do ("political prisoners"), and name no other country?
    """
    if any(_names_home(reading, lexicon) for reading in readings):
        return True
    texts = [reading.sentence.plain for reading in readings]
    presumed, elsewhere = lexicon.signals.get("presumed_home"), lexicon.signals.get("elsewhere")
    if presumed is None or elsewhere is None or not any(presumed.first(plain) for plain in texts):
        return False
    return not any(elsewhere.first(plain) for plain in texts)


def _names_home(reading: Reading, lexicon: Lexicon) -> bool:
    return bool(
        lexicon.signals["home"].first(reading.sentence.plain)
        or gazetteer().places.any_in(reading.sentence.plain)
        or any(naming.known for naming in namings(reading.sentence, lexicon.language))
    )
