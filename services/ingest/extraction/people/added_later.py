"""People taken later than the first ("another two were taken in the evening"): they are added to the number before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from services.contract import Claim, Precision
from services.ingest.extraction.people.beside import stands_for_more
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.read_text import ReadText

_NEAR: Final = 80
"""Characters before the end of a number's own words in which it is looked for with whom they were."""
_TOGETHER_WITH: Final = re.compile(
    r"(?:(?:together|along) with|вместе с|разам з)(?: another| еще| яшчэ)? $", re.IGNORECASE
)


def are_added(each: Claim, text: ReadText, index: int) -> bool:
    """Does the sentence say of this number that they come on top of those before?"""
    reading = text.readings[index]
    at = each.span[0] - reading.sentence.start, each.span[1] - reading.sentence.start
    number = next((one for one in reading.quantities if at[0] <= one.number_start < at[1]), None)
    return number is not None and stands_for_more(reading.sentence.plain[: number.start], text.lexicon.language)


def with_the_one_named(claims: Iterable[Claim], text: ReadText, index: int) -> Iterator[Claim]:
    """ "Ivan Ivanov was detained together with 10 others": eleven. Where several are named before, nobody knows who of
    them is meant, and the number is none."""
    reading = text.readings[index]
    for each in claims:
        start = each.span[0] - reading.sentence.start
        if not _TOGETHER_WITH.search(reading.sentence.plain, max(0, start - _NEAR), _number_start(each, text, index)):
            yield each
            continue
        named = namings(reading.sentence, text.lexicon.language)
        before = [one for one in named if one.end <= _number_start(each, text, index)]
        if len(before) == 1 and isinstance(each.value, int):
            yield msgspec.structs.replace(each, value=each.value + 1)
        elif not before:
            yield each


def _number_start(each: Claim, text: ReadText, index: int) -> int:
    reading = text.readings[index]
    at = each.span[0] - reading.sentence.start, each.span[1] - reading.sentence.start
    return next((one.start for one in reading.quantities if at[0] <= one.number_start < at[1]), at[0])


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
