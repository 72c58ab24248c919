"""The day that a skimmed sentence names: a number beside the name of a month, or a date in digits."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from services.ingest.extraction.skimming.words import Words

_IN_DIGITS: Final = re.compile(r"(?<![\w.])([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?!\w)", re.ASCII)
_DAY_BEFORE: Final = re.compile(r"([0-9]{1,2})(?:\.|º|er)?(?:\s+de)?\s+$", re.ASCII)
_YEAR_AFTER: Final = re.compile(r"^,?\s+(?:de\s+)?((?:19|20)[0-9]{2})(?!\w)", re.ASCII)
_AHEAD: Final = timedelta(days=1)


_ORDINAL_DOT: Final = re.compile(r"(?<=[0-9])\.(?=\s)", re.ASCII)


def without_ordinal_dots(text: str, words: Words) -> str:
    """The text with "16. September" as "16  September", so that no sentence ends there; as long as before."""

    def undotted(match: re.Match[str]) -> str:
        following = text[match.end() : match.end() + 40].lstrip()
        return " " if any(month.match(following) for month in words.months) else "."

    return _ORDINAL_DOT.sub(undotted, text)


def day_in(plain: str, words: Words, reference: date | None) -> date | None:
    """The first one; without a year the last such day up to `reference`, or None where there is none."""
    if match := _IN_DIGITS.search(plain):
        return _date(int(match[3]), int(match[2]), int(match[1]))
    for number, month in enumerate(words.months, 1):
        for match in month.finditer(plain):
            if day := _DAY_BEFORE.search(plain[: match.start()]):
                year = _YEAR_AFTER.search(plain[match.end() :])
                return _placed(int(day[1]), number, int(year[1]) if year else None, reference)
    return None


def _placed(day: int, month: int, year: int | None, reference: date | None) -> date | None:
    if year is not None:
        return _date(year, month, day)
    if reference is None:
        return None
    this_year = _date(reference.year, month, day)
    if this_year is not None and this_year <= reference + _AHEAD:
        return this_year
    return _date(reference.year - 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
