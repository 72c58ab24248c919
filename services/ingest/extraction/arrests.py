"""What a text says of an arrest: how many, where, by whom, under which articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.contract import Claim
from services.ingest.extraction.attribution import Speakers
from services.ingest.extraction.claims import claim, counted, without_repeats
from services.ingest.extraction.kind import News
from services.ingest.extraction.law_articles import cited
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.people.crowds import counted_last
from services.ingest.extraction.people.lists import veiled
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.people.persons import is_private
from services.ingest.extraction.people.rows import adds_to, rows
from services.ingest.extraction.people.together import taken_together
from services.ingest.extraction.sentences.earlier import earlier_numbers
from services.ingest.extraction.sentences.reading import Reading
from services.ingest.extraction.whereabouts import authority


def arrest_claims(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, news: News) -> tuple[Claim, ...]:
    fresh = [index for index in range(len(readings)) if index not in news.background]
    found = _detained(readings, lexicon, speakers, fresh)
    for index in fresh:
        found += _articles(readings, speakers, index)
        found += _nature(readings, lexicon, speakers, index)
        found += _charge(readings, lexicon, speakers, index)
    found += authority(readings, speakers, news.act)
    return without_repeats(found)


def _detained(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, fresh: Sequence[int]) -> list[Claim]:
    """How many. The first number is the act's; who repeats it says so too, and another number is another matter.

    Where no number is given, those are counted whom the text names one and all; where nobody is, one unnamed person.
    """
    found: list[Claim] = []
    for index in fresh:
        of_before = earlier_numbers(readings[index], lexicon)
        if not found and (sum_of := taken_together("detained", readings[index], index, lexicon, speakers)):
            found.append(sum_of)
        for each in counted("detained", lexicon.counts["detained"], readings, index, speakers, "act", of_before):
            if not found or each.value == found[0].value:
                found.append(each)
    if _is_uncounted(readings, lexicon, fresh):
        return found
    of_rows = _one_and_all(readings, lexicon, speakers, fresh)
    if found and of_rows and adds_to(of_rows[0], found[0]):
        return of_rows
    for told in (_one_and_all, _everybody, _one):
        found = found or told(readings, lexicon, speakers, fresh)
    return found


def _is_uncounted(readings: Sequence[Reading], lexicon: Lexicon, fresh: Sequence[int]) -> bool:
    """Were "dozens" taken, or "several": more than the text counts or names?"""
    uncounted = lexicon.rows.get("uncounted")
    return uncounted is not None and any(uncounted.first(readings[index].counted) for index in fresh)


def _one_and_all(
    readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, fresh: Sequence[int]
) -> list[Claim]:
    """The people of the rows that leave nobody out, over all sentences."""
    patterns = lexicon.rows.get("detained")
    if patterns is None:
        return []
    seen: set[str] = set()
    besides, first = 0, None
    for index in fresh:
        for match, names, more in rows(patterns, readings[index], lexicon):
            first = first or (index, match.span())
            seen |= names
            besides += more
    return [claim("detained", len(seen) + besides, readings[first[0]], first[1], first[0], speakers)] if first else []


def _everybody(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, fresh: Sequence[int]) -> list[Claim]:
    """ "They took them all": as many as the sentence counts, or the one before it."""
    for index in fresh:
        match = lexicon.arrest["everybody"].first(readings[index].sentence.plain)
        if match and (crowd := counted_last(readings[max(0, index - 1) : index + 1], lexicon)):
            return [
                claim(
                    "detained", crowd.value, readings[index], match.span(), index, speakers, precision=crowd.precision
                )
            ]
    return []


def _one(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, fresh: Sequence[int]) -> list[Claim]:
    """The words that say of one person that they were detained."""
    for index in fresh:
        plain = readings[index].sentence.plain
        named = namings(readings[index].sentence, lexicon.language)
        people = [naming for naming in named if not is_private(plain, naming, lexicon)]
        if match := lexicon.arrest["singular"].first(veiled(readings[index], people)):
            return [claim("detained", 1, readings[index], match.span(), index, speakers)]
    return []


def _articles(readings: Sequence[Reading], speakers: Speakers, index: int) -> Iterator[Claim]:
    """Articles of the Criminal Code; one of the administrative code only says that the case is of that kind."""
    reading = readings[index]
    for each in cited(reading.sentence.plain):
        span = (each.start, each.end)
        if not each.administrative:
            yield claim("criminal_articles", each.articles, reading, span, index, speakers)
        yield claim("administrative", each.administrative, reading, span, index, speakers)


def _nature(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, index: int) -> Iterator[Claim]:
    reading = readings[index]
    for name, administrative in (("administrative", True), ("criminal", False)):
        if match := lexicon.arrest[name].first(reading.counted):
            yield claim("administrative", administrative, reading, match.span(), index, speakers)
            return


def _charge(readings: Sequence[Reading], lexicon: Lexicon, speakers: Speakers, index: int) -> Iterator[Claim]:
    reading = readings[index]
    if match := lexicon.arrest["charge"].first(reading.sentence.plain):
        yield claim("charge", match["charge"].strip(), reading, match.span("charge"), index, speakers)
