"""The people whom a text counted last, and means by "them all"."""

from __future__ import annotations

from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.numbers import Quantity


def counted_last(text: ReadText, index: int) -> Quantity | None:
    """The first count of people in the sentence, else in the one before it."""
    people = (
        quantity
        for reading in reversed(text.readings[max(0, index - 1) : index + 1])
        for quantity in reading.quantities
        if text.lexicon.people_follow.match(reading.sentence.plain, quantity.end + 1)
    )
    return next(people, None)
