"""Tells who was detained for an ordinary crime: a dealer or a thief, in a text that has no word of politics."""

from __future__ import annotations

from typing import Final

from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.wide_stems import stems

_BEHIND: Final = 4
"""Sentences behind the act in which a text says what for."""


def is_of_crime(text: ReadText, act: int, lead: int) -> bool:
    """`lead`: in so many sentences a word of politics counts, wherever it stands."""
    if any(stems().political.search(reading.sentence.plain) for reading in text.readings[:lead]):
        return False
    crime = text.lexicon.signals["ordinary_crime"]
    return any(crime.first(reading.counted) for reading in text.readings[act : act + _BEHIND])
