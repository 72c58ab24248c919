"""What a text says of a pardon: how many, who they are in numbers, how it came about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from services.contract import Claim, Party, Precision
from services.fact_table import Measure, counting
from services.ingest.extraction.attribution import Speakers
from services.ingest.extraction.claims import claim, counted, official_party, places, without_repeats
from services.ingest.extraction.kind import News
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.crowds import counted_last
from services.ingest.extraction.people.rows import adds_to, rows
from services.ingest.extraction.people.together import taken_together
from services.ingest.extraction.sentences.earlier import earlier_numbers
from services.ingest.extraction.sentences.reading import Reading

_PARTS: Final = counting(Measure.CONVICTION, Measure.TRAIT)
"""In the order in which a sentence is asked for them."""

_ROUNDED: Final = (0.95, 1.25)
"""How an exact number may relate to the rounded one that a headline gives for it."""

_SOON: Final = 5
"""Sentences within which a text says who announced the act."""

_STATEMENTS: Final = {
    "names_undisclosed": ("names_disclosed", False),
    "repented": ("repented", True),
    "petitioned": ("petitioned", True),
}


def pardon_claims(
    readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, news: News
) -> tuple[tuple[Claim, ...], Speakers]:
    """The claims about the act, and the speakers with its announcer known: who announced it answers for its details."""
    fresh = [index for index in range(len(readings)) if index not in news.background]
    heads = _heads(readings, lexicon, speakers, fresh)
    speakers = replace(speakers, announcer=official_party(heads, "pardoned") or _official_after(speakers, news))
    heads = [_announced(each, speakers) for each in heads]
    size = heads[0].value if heads else None
    found = [*heads, *_ordinal(readings, lexicon, speakers)]
    for index in fresh:
        found += _parts(readings, lexicon, speakers, index, size if isinstance(size, int) else None)
        found += _statements(readings, lexicon, speakers, index)
        found += _decree(readings, lexicon, speakers, index)
    return without_repeats(found), speakers


def _official_after(speakers: Speakers, news: News) -> Party | None:
    """The official party that speaks soon after the act: "Указ подписан 2 июля, сообщает сайт президента"."""
    return None if news.act is None else speakers.official_after(news.act, _SOON)


def _announced(head: Claim, speakers: Speakers) -> Claim:
    """What nobody nearer says, the announcer does."""
    unspoken = head.said_by == speakers.outlet and speakers.announcer is not None
    return msgspec.structs.replace(head, said_by=speakers.announcer) if unspoken else head


def _heads(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, fresh: Sequence[int]) -> list[Claim]:
    """How many were pardoned. A number other than the first is a part, or another act: which, a person must say.

    A number that reads as a total ("207 released in all") is the act's only where no other number is. Where none is
    given, those are counted whom the text names one and all.
    """
    of_rows = _in_rows(readings, lexicon, speakers, fresh)
    for but_totals in (True, False):
        numbers = [
            each for index in fresh for each in _numbers(readings, lexicon, speakers, index, but_totals=but_totals)
        ]
        if numbers:
            head = _sharper(numbers)
            longer = [each for each in of_rows if adds_to(each, head)]
            return longer or [each for each in numbers if each.value == head.value]
    named = [] if _names_only_some(readings, lexicon, fresh) else of_rows
    return named or _them(readings, lexicon, speakers, fresh)


def _names_only_some(readings: Sequence[Reading], lexicon: Lexicon, fresh: Sequence[int]) -> bool:
    """Does the text speak of others, whom it does not name?"""
    others = lexicon.rows.get("others")
    return others is not None and any(others.first(readings[index].counted) for index in fresh)


def _numbers(
    readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, index: int, *, but_totals: bool
) -> Iterator[Claim]:
    if sum_of := taken_together("pardoned", readings[index], index, lexicon, speakers):
        yield sum_of
    if not readings[index].has_numbers:
        return
    totals = places(lexicon.counts["released_total"], readings[index]) if but_totals else frozenset()
    passed_over = totals | earlier_numbers(readings[index], lexicon)
    yield from counted("pardoned", lexicon.counts["pardoned"], readings, index, speakers, "act", passed_over)


def _sharper(numbers: Sequence[Claim]) -> Claim:
    """The first number; or, where that is rounded ("over 40 freed"), the exact one near it that a later one gives."""
    head = numbers[0]
    if head.precision is Precision.EXACT:
        return head
    exact = (each for each in numbers if each.precision is Precision.EXACT)
    return next((each for each in exact if _ROUNDED[0] <= _size(each) / _size(head) <= _ROUNDED[1]), head)


def _size(each: Claim) -> int:
    return each.value if isinstance(each.value, int) else 0


def _in_rows(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, fresh: Sequence[int]) -> list[Claim]:
    """ "X and 51 more": 52; and "X and Y were freed": two."""
    patterns = lexicon.rows.get("pardoned")
    found = ((index, row) for index in fresh if patterns for row in rows(patterns, readings[index], lexicon))
    for index, (match, names, besides) in found:
        return [claim("pardoned", len(names) + besides, readings[index], match.span(), index, speakers)]
    return []


def _them(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, fresh: Sequence[int]) -> list[Claim]:
    """ "Thirty people left Minsk. They were pardoned": as many as this sentence counts, or the one before it."""
    patterns = lexicon.rows.get("them")
    for index in fresh:
        match = patterns.first(readings[index].counted) if patterns else None
        if match and (meant := counted_last(readings[max(0, index - 1) : index + 1], lexicon)):
            span, precision = match.span(), meant.precision
            return [claim("pardoned", meant.value, readings[index], span, index, speakers, precision=precision)]
    return []


def _parts(
    readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, index: int, size: int | None
) -> Iterator[Claim]:
    of_before = earlier_numbers(readings[index], lexicon)
    for field in _PARTS if readings[index].has_numbers else ():
        for each in counted(field, lexicon.counts[field], readings, index, speakers, "act", of_before):
            if size is None or (isinstance(each.value, int) and each.value <= size):
                yield each
    if size is not None:
        yield from _everyone(readings, lexicon, speakers, index, size)


def _ordinal(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers) -> list[Claim]:
    """Which pardon this is; read in every sentence, since the one that counts the acts tells of the earlier ones.

    Of several ("the second this year, the eighth since the summer") the widest count.
    """
    found = [
        each
        for index, reading in enumerate(readings)
        if reading.has_numbers
        for each in counted("nth_pardon", lexicon.counts["nth_pardon"], readings, index, speakers, "act")
    ]
    return sorted(found, key=_size, reverse=True)[:1]


def _everyone(
    readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, index: int, size: int
) -> Iterator[Claim]:
    """ "All had been convicted of…": as many as the act covers."""
    for field, patterns in lexicon.everyone.items():
        if match := patterns.first(readings[index].counted):
            yield claim(field, size, readings[index], match.span(), index, speakers)


def _decree(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, index: int) -> Iterator[Claim]:
    reading = readings[index]
    if match := lexicon.statements["decree_number"].first(reading.sentence.plain):
        yield claim("decree_number", match["value"], reading, match.span(), index, speakers)


def _statements(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, index: int) -> Iterator[Claim]:
    for name, (field, value) in _STATEMENTS.items():
        if match := lexicon.statements[name].first(readings[index].counted):
            yield claim(field, value, readings[index], match.span(), index, speakers)
