"""The wider count, which texts of every kind carry: released so far, still held, died in custody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.contract import Claim
from services.fact_table import WHOLES
from services.ingest.extraction.claims import counted, places
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.signals import statement_of

TOTALS: Final = ("released_total", "deaths_in_custody", "still_held")
"""In the order in which a number is asked for."""

_LAST_OF_THE_FREED: Final = "released_total"
"""After it those of this act are asked for, whom nobody still holds."""

_SMALLEST: Final = {"released_total": 20, "still_held": 100}
"""A smaller number is a group within the count: "43 journalists are in prison"."""


def total_claims(text: ReadText, taken: Sequence[Claim]) -> list[Claim]:
    """`taken` are the claims about the act: their numbers are no totals. One number is one total at most."""
    act = {each.value for each in taken if each.field in WHOLES}
    size = max((value for value in act if isinstance(value, int)), default=0)
    found: list[Claim] = []
    for index, reading in enumerate(text.readings):
        if not reading.has_numbers:
            continue
        used = _counted_by(text, index, taken)
        for field in TOTALS:
            if field == _LAST_OF_THE_FREED and _tells_of_arrests_alone(text, index):
                continue
            claims = list(counted(field, text, index, "total", used))
            if claims:
                found += claims
                used |= places(text.lexicon.counts[field], reading)
            if field == _LAST_OF_THE_FREED:
                used |= places(text.lexicon.counts["pardoned"], reading)
    return [
        each
        for each in found
        if each.value not in act and isinstance(each.value, int) and each.value >= _SMALLEST.get(each.field, 1)
        if not (each.field == _LAST_OF_THE_FREED and each.value < size)  # who is out already, and of this act
    ]


def _counted_by(text: ReadText, index: int, taken: Sequence[Claim]) -> frozenset[int]:
    """Where the numbers start that a claim of the act adds up: "NAME, NAME and over 120 political prisoners"."""
    reading = text.readings[index]
    at = reading.sentence.start
    spans = [each.span for each in taken if each.field in WHOLES]
    starts = (each.number_start for each in reading.quantities)
    return frozenset(one for one in starts if any(start <= at + one < end for start, end in spans))


def _tells_of_arrests_alone(text: ReadText, index: int) -> bool:
    """ "Ten more were detained, bringing the total to 45": a total of nobody freed."""
    counted_words, lexicon = text.readings[index].counted, text.lexicon
    if statement_of(counted_words, lexicon, ("arrest",)) is None:
        return False
    return statement_of(counted_words, lexicon, ("pardon", "release")) is None
