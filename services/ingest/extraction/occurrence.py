"""The day of the act, as far as the text tells it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Final

from services.contract import Kind
from services.ingest.extraction.dialect.patterns import masked
from services.ingest.extraction.kind import News
from services.ingest.extraction.people.namings import namings
from services.ingest.extraction.read_text import ReadText
from services.ingest.extraction.sentences.dates import Mention, resolve
from services.ingest.extraction.sentences.read_sentence import Reading
from services.ingest.extraction.signals import statement_of

_TIME_ZONES: Final = timedelta(days=1)

_LEAP_YEAR: Final = 2024
_DATELINE: Final = 60
"""Characters of "MINSK, 7 May (Agency)." at most."""
_WORD: Final = re.compile(r"(?<![^\W\d_])[^\W\d_A-ZА-ЯЁІЎ][^\W\d_]*")
_WORDS_OF_A_DATELINE: Final = 2
"""Words without a capital beside its day; more of them say something."""


def day_of(text: ReadText, news: News) -> date | None:
    """The first day that a sentence of the act names, else one beside it in its paragraph.

    A sentence elsewhere may date another act. A day after the text's own is one of something announced, not the act's.
    """
    order = [*news.acts, *_signed_before(text, news), *_beside(text, news)]
    days = (day for index in order for day in _days_in(text, index))
    return next((day for day in days if not (text.reference and day > text.reference + _TIME_ZONES)), None)


def _signed_before(text: ReadText, news: News) -> Iterator[int]:
    """The sentence just before a pardon that ends with its decree's number: "On 28 December … signed decree No. 502."
    One that goes on may be about taxes."""
    before = min(news.acts, default=0) - 1
    if before < 0 or news.kind is not Kind.PARDON or before in news.background:
        return
    decree, act = text.readings[before].sentence, text.readings[before + 1].sentence
    number = text.lexicon.statements["decree_number"].first(decree.plain)
    if number and decree.paragraph == act.paragraph and not decree.plain[number.end() :].strip(' .!»”"'):
        yield before


def _beside(text: ReadText, news: News) -> Iterator[int]:
    """A dateline before the act, and what follows a pardon; after an arrest, the day of a search may stand."""
    paragraphs = {text.readings[act].sentence.paragraph for act in news.acts}
    for index, reading in enumerate(text.readings):
        is_dateline = index < max(news.acts, default=0) and _is_dateline(reading, text)
        if index == 0 and is_dateline and reading.sentence.paragraph + 1 in paragraphs:
            yield index  # a line of its own above the text
        follows = index > min(news.acts, default=index) and news.kind is Kind.PARDON and index not in news.background
        if reading.sentence.paragraph in paragraphs and (is_dateline or follows):
            yield index


def _is_dateline(reading: Reading, text: ReadText) -> bool:
    """Does it give place, day and agency and say nothing, or tell of an act or of somebody? "Decree No. 12 on taxes was
    signed on 3 January" dates something else."""
    plain = reading.sentence.plain
    if len(plain) > _DATELINE:
        return False
    people = namings(reading.sentence, text.lexicon.language)
    if statement_of(reading.counted, text.lexicon, ("release", "arrest")) or any(
        not (one.known and one.known.ruler) for one in people
    ):
        return True
    undated = masked(plain, ((each.start, each.end) for each in reading.dates), " ")
    return len(_WORD.findall(undated)) <= _WORDS_OF_A_DATELINE


def vague_day_of(text: ReadText, news: News) -> str | None:
    """What an undated text still says of its day: "--08-16" for a day of some year, else "W5" for a Friday (ISO 8601
    counts Monday as 1). No date, and a help to tell acts apart."""
    if news.kind is Kind.OTHER:
        return None
    found = [one for index in [*news.acts, *_beside(text, news)] for one in _mentions_in(text, index)]
    days = (f"--{one.month:02}-{one.day:02}" for one in found if _is_of_some_year(one))
    weekdays = (f"W{one.weekday + 1}" for one in found if one.weekday is not None)
    return next(chain(days, weekdays), None)


def _is_of_some_year(mention: Mention) -> bool:
    if not mention.month or not mention.day or mention.year:
        return False
    return mention.day <= monthrange(_LEAP_YEAR, mention.month)[1]


def _days_in(text: ReadText, index: int) -> Iterator[date]:
    for mention in _mentions_in(text, index):
        if day := resolve(mention, text.reference):
            yield day


def _mentions_in(text: ReadText, index: int) -> Iterator[Mention]:
    """Without those that only border on the day meant: "ahead of 8 March", "since 3 July"."""
    reading = text.readings[index]
    bordering = [match.end() for match in text.lexicon.not_the_day.all(reading.counted)]
    yield from (mention for mention in reading.dates if mention.end not in bordering)
