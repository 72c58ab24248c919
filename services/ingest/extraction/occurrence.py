"""The day of the act, as far as the text tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from services.contract import Kind
from services.ingest.extraction.dates import resolve
from services.ingest.extraction.kind import News
from services.ingest.extraction.lexicon import Lexicon
from services.ingest.extraction.reading import Reading

_TIME_ZONES: Final = timedelta(days=1)

_DATELINE: Final = 60
"""Characters of "MINSK, 7 May (Agency)." at most."""


def day_of(readings: Sequence[Reading], news: News, lexicon: Lexicon, reference: date | None) -> date | None:
    """The first day that a sentence of the act names, else one beside it in its paragraph.

    A sentence elsewhere may date another act. A day after `reference` is one of something announced, not the act's.
    """
    days = (
        day for index in [*news.acts, *_beside(readings, news)] for day in _days_in(readings[index], lexicon, reference)
    )
    return next((day for day in days if not (reference and day > reference + _TIME_ZONES)), None)


def _beside(readings: Sequence[Reading], news: News) -> Iterator[int]:
    """A dateline before the act, and what follows a pardon; after an arrest, the day of a search may stand."""
    paragraphs = {readings[act].sentence.paragraph for act in news.acts}
    for index, reading in enumerate(readings):
        is_dateline = index < max(news.acts, default=0) and len(reading.sentence.plain) <= _DATELINE
        follows = index > min(news.acts, default=index) and news.kind is Kind.PARDON and index not in news.background
        if reading.sentence.paragraph in paragraphs and (is_dateline or follows):
            yield index


def _days_in(reading: Reading, lexicon: Lexicon, reference: date | None) -> Iterator[date]:
    """Without those that only border on the day meant: "ahead of 8 March", "since 3 July"."""
    bordering = [match.end() for match in lexicon.not_the_day.all(reading.counted)]
    for mention in reading.dates:
        if mention.end not in bordering and (day := resolve(mention, reference)):
            yield day
