"""What the lists behind a colon come to, as claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.contract import Claim, Kind
from services.ingest.extraction.claims import claim
from services.ingest.extraction.people.behind_colon import behind_colon
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.people.never_taken import without_officials
from services.ingest.extraction.read_text import ReadText


def listed_behind_colon(field: str, kind: Kind, text: ReadText, fresh: Sequence[int]) -> Iterator[Claim]:
    """The first list that counts its people, where nobody counts them before it."""
    for index in fresh:
        reading = text.readings[index]
        names = without_officials(reading.sentence.plain, namings(reading.sentence, text.lexicon.language))
        listed = behind_colon(reading, names, text.lexicon, kind)
        if listed and listed.value:
            yield claim(field, listed.value, text, index, (listed.start, listed.end))
            return
