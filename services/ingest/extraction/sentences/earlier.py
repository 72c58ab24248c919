"""The clauses of a sentence that tell of an earlier act: "less than a week after 52 others were let go"."""

from __future__ import annotations

from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.sentences.read_sentence import Reading


def earlier_clauses(reading: Reading, lexicon: Lexicon) -> tuple[tuple[int, int], ...]:
    """Offsets in the sentence; what stands there is neither the act's number nor one of its people."""
    return tuple(match.span() for match in lexicon.earlier.all(reading.counted))


def earlier_numbers(reading: Reading, lexicon: Lexicon) -> frozenset[int]:
    """Where the numbers in those clauses start."""
    clauses = earlier_clauses(reading, lexicon) if reading.quantities else ()
    starts = (each.number_start for each in reading.quantities)
    return frozenset(at for at in starts if any(start <= at < end for start, end in clauses))
