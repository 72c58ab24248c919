"""The wider count, which texts of every kind carry: released so far, still held, died in custody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.contract import Claim
from services.ingest.extraction.attribution import Speakers
from services.ingest.extraction.claims import counted
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.reading import Reading

TOTALS: Final = ("released_total", "still_held", "deaths_in_custody")
_SMALLEST: Final = {"released_total": 20, "still_held": 100}
"""A smaller number is a group within the count: "43 journalists are in prison"."""


def total_claims(
    readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, taken: Sequence[Claim]
) -> list[Claim]:
    """`taken` are the claims about the act: their numbers are no totals."""
    act = {each.value for each in taken if each.field in {"pardoned", "detained"}}
    return [
        each
        for index in range(len(readings))
        for field in TOTALS
        for each in counted(field, lexicon.counts[field], readings, index, speakers, "total")
        if each.value not in act and isinstance(each.value, int) and each.value >= _SMALLEST.get(field, 1)
    ]
