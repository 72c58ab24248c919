"""People taken later than the first ("another two were taken in the evening"): they are added to the number before."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from services.contract import Claim, Precision
from services.ingest.extraction.people.beside import stands_for_more
from services.ingest.extraction.read_text import ReadText


def are_added(each: Claim, text: ReadText, index: int) -> bool:
    """Does the sentence say of this number that they come on top of those before?"""
    reading = text.readings[index]
    at = each.span[0] - reading.sentence.start, each.span[1] - reading.sentence.start
    number = next((one for one in reading.quantities if at[0] <= one.number_start < at[1]), None)
    return number is not None and stands_for_more(reading.sentence.plain[: number.start], text.lexicon.language)


def with_those_added(found: list[Claim], added: Sequence[Claim]) -> list[Claim]:
    """The first number and those added to it as one; as it stands where it is their sum already, or one of them is
    rough, or several are added, who may be told twice."""
    if not found or len({each.value for each in added}) != 1:
        return found
    first, more = found[0], added[0]
    exact = first.precision is Precision.EXACT and more.precision is Precision.EXACT
    if not (exact and isinstance(first.value, int) and isinstance(more.value, int)) or first.value <= more.value:
        return found
    return [msgspec.structs.replace(more, value=first.value + more.value)]
