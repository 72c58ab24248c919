"""The day of the act, as far as the text tells it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from services.ingest.extraction.dates import resolve
from services.ingest.extraction.reading import Reading

_TIME_ZONES: Final = timedelta(days=1)


def day_of(readings: Sequence[Reading], acts: Sequence[int], reference: date | None) -> date | None:
    """The first day that a sentence of the act names; another sentence's date may be another act's.

    A day after `reference` is a day of something announced, and not the act's.
    """
    days = (resolve(mention, reference) for act in acts for mention in readings[act].dates)
    return next((day for day in days if day and not (reference and day > reference + _TIME_ZONES)), None)
