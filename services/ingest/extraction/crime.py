"""Tells who was detained for an ordinary crime: a dealer or a thief, in a text that has no word of politics."""

from __future__ import annotations

from typing import Final

from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.wide_stems import stems

_BEHIND: Final = 4
"""Sentences behind the act in which a text says what for."""

_PRETEXTS: Final = (
    *("smuggl", "tax", "corrupt", "mercenar", "military", "wagner", "brib", "embezzl", "fraud"),
    *("контрабанд", "взят", "злоупотреб", "растрат", "мошенн", "ущерб", "кантрабанд", "хабар", "махляр"),
)
"""Charges by which people are taken for politics as well: such a text is read on."""


def is_of_crime(text: ReadText, act: int, lead: int) -> bool:
    """`lead`: in so many sentences a word of politics counts, wherever it stands."""
    if any(stems().political.search(reading.sentence.plain) for reading in text.readings[:lead]):
        return False
    crime = text.lexicon.signals["ordinary_crime"]
    told = (crime.first(reading.counted) for reading in text.readings[act : act + _BEHIND])
    return any(match and not match.group().lower().startswith(_PRETEXTS) for match in told)
