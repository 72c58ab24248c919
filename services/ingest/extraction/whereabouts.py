"""Where people were taken, and by whom: the town, its region and the authority that a text names for the act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.contract import Claim, Place
from services.ingest.extraction.claims import claim
from services.ingest.extraction.dialect.patterns import NAME, masked
from services.ingest.extraction.gazetteer import AUTHORITY, PLACE, gazetteer
from services.ingest.extraction.kind import News
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.read_sentence import Reading


def where(text: ReadText, news: News) -> tuple[Place | None, str | None]:
    """The place and its region, or a region alone: by the sentence of the act, else the first that names one.

    Sentences that tell of before are asked last.
    """
    act = news.act
    order = () if act is None else (act, *range(act), *range(act + 1, len(text.readings)))
    for index in sorted(order, key=lambda index: index != act and index in news.background):
        place, region = _where(text.readings[index], text.lexicon)
        if place or region:
            return place, place.region if place else region
    return None, None


def _where(reading: Reading, lexicon: Lexicon) -> tuple[Place | None, str | None]:
    """The first town, else the capital, and the first region: "Hrodna region" is no town, nor is a person called like
    one."""
    plain = reading.sentence.plain
    regions = sorted((*match.span(), region) for match, region in gazetteer().regions.found(plain))
    people = [(naming.start, naming.end) for naming in namings(reading.sentence, lexicon.language)]
    townless = masked(plain, [*people, *((start, end) for start, end, _ in regions)], NAME)
    towns = [
        (match.span(), place)
        for pattern, place in gazetteer().places.likely(plain)
        for match in pattern.finditer(townless)
    ]
    passed_over = [
        each.span() for each in gazetteer().not_there.finditer(masked(townless, (span for span, _ in towns), PLACE))
    ]
    there = [(span[0], place) for span, place in towns if not _lies_in(span, passed_over)]
    if not towns and not regions and gazetteer().capital.search(plain):
        return _capital(), _capital().region
    place = min(there, key=lambda each: each[0])[1] if there else None
    return place, regions[0][2] if regions else None


def _capital() -> Place:
    return next(place for _, place in gazetteer().places)


def _lies_in(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)


def authority(text: ReadText, act: int | None) -> Iterator[Claim]:
    """The first authority that may have taken somebody, by the sentence of the act, else by one next to it."""
    for index in () if act is None else (act, act - 1, act + 1):
        if 0 <= index < len(text.readings) and (found := _takers(text.readings[index].sentence.plain)):
            match, name = found[0]
            yield claim("authority", name, text, index, match.span())
            return


def _takers(plain: str) -> list[tuple[re.Match[str], str]]:
    """The authorities that the sentence names as those who act, in the order in which they are asked."""
    found = list(gazetteer().authorities.found(plain))
    if not found:
        return []
    veiled = masked(plain, (match.span() for match, _ in found), AUTHORITY)
    passed_over = [each.span() for each in gazetteer().not_by.finditer(veiled)]
    return [(match, name) for match, name in found if not _lies_in(match.span(), passed_over)]
