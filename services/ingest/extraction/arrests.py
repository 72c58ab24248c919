"""What a text says of an arrest: how many, where, by whom, under which articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.contract import Claim, Place
from services.ingest.extraction.attribution import Speakers
from services.ingest.extraction.claims import claim, counted, without_repeats
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.extraction.kind import News
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.patterns import NAME, any_match, masked
from services.ingest.extraction.persons import namings
from services.ingest.extraction.reading import Reading


def arrest_claims(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, news: News) -> tuple[Claim, ...]:
    fresh = [index for index in range(len(readings)) if index not in news.background]
    found = _detained(readings, lexicon, speakers, fresh)
    for index in fresh:
        found += _articles(readings, lexicon, speakers, index)
        found += _nature(readings, lexicon, speakers, index)
        found += _charge(readings, lexicon, speakers, index)
    found += _authority(readings, speakers, news.act)
    return without_repeats(found)


def _detained(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, fresh: Sequence[int]) -> list[Claim]:
    for index in fresh:
        if claims := list(counted("detained", lexicon.counts["detained"], readings, index, speakers, "act")):
            return claims[:1]
        if one := _one(readings[index], lexicon):
            return [claim("detained", 1, readings[index], one.span(), index, speakers)]
    return []


def _one(reading: Reading, lexicon: Lexicon) -> re.Match[str] | None:
    """The words that say of one named person that they were detained."""
    plain = reading.sentence.plain
    names = ((naming.start, naming.end) for naming in namings(plain, lexicon))
    return any_match(lexicon.arrest["singular"], masked(plain, names, NAME))


def _articles(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, index: int) -> Iterator[Claim]:
    """Articles of the Criminal Code: three digits, and a further one behind a hyphen (361-1)."""
    reading = readings[index]
    for pattern in lexicon.arrest["criminal_articles"]:
        for match in pattern.finditer(reading.sentence.plain):
            articles = tuple(re.findall(r"[0-9]{3}(?:-[0-9])?", match["articles"]))
            yield claim("criminal_articles", articles, reading, match.span(), index, speakers)


def _nature(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, index: int) -> Iterator[Claim]:
    reading = readings[index]
    for name, administrative in (("administrative", True), ("criminal", False)):
        if match := any_match(lexicon.arrest[name], reading.counted):
            yield claim("administrative", administrative, reading, match.span(), index, speakers)
            return


def _charge(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, index: int) -> Iterator[Claim]:
    reading = readings[index]
    if match := any_match(lexicon.arrest["charge"], reading.sentence.plain):
        yield claim("charge", match["charge"].strip(), reading, match.span("charge"), index, speakers)


def _authority(readings: Sequence[Reading], speakers: Speakers, act: int | None) -> Iterator[Claim]:
    """The first authority that the sentence of the act names, or a sentence next to it."""
    for index in () if act is None else (act, act - 1, act + 1):
        if not 0 <= index < len(readings):
            continue
        for pattern, name in gazetteer().authorities:
            if match := pattern.search(readings[index].sentence.plain):
                yield claim("authority", name, readings[index], match.span(), index, speakers)
                return


def place_of(readings: Sequence[Reading], act: int | None) -> Place | None:
    """Where: the place that the sentence of the act names, else the first before it, else the first after it."""
    order = () if act is None else (act, *range(act), *range(act + 1, len(readings)))
    for index in order:
        plain = readings[index].sentence.plain
        found = [(match.start(), place) for pattern, place in gazetteer().places if (match := pattern.search(plain))]
        if found:
            return min(found, key=lambda each: each[0])[1]
    return None


def region_of(readings: Sequence[Reading], act: int | None) -> str | None:
    """A region that the sentence of the act names without naming a town."""
    if act is None:
        return None
    plain = readings[act].sentence.plain
    return next((region for pattern, region in gazetteer().regions if pattern.search(plain)), None)
