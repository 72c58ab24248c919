"""The people whom a text counted last, and means by "them all"."""

from __future__ import annotations

from collections.abc import Sequence

from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.sentences.numbers import Quantity
from services.ingest.extraction.sentences.reading import Reading


def counted_last(readings: Sequence[Reading], lexicon: Lexicon) -> Quantity | None:
    """The first count of people in the last of these sentences that has one."""
    people = (
        quantity
        for reading in reversed(readings)
        for quantity in reading.quantities
        if lexicon.people_follow.match(reading.sentence.plain, quantity.end + 1)
    )
    return next(people, None)
