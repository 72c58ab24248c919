"""Finds dates, weekdays and "yesterday" in a sentence; resolves them against the text's day, never today's clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.ingest.extraction.lexicon import Lexicon

_DIGIT: Final = re.compile(r"[0-9]")
_ISO: Final = re.compile(r"(?<![\w.-])(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?![\w-])")
_DOTTED: Final = re.compile(r"(?<![\w.])(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})(?!\w)")
_YEAR_ALONE: Final = re.compile(r"(?<![\w.,/:№$€#+^])(?:199|20[0-3])[0-9](?![\w%°^/]|[.,][0-9]|-[а-яіў]?[0-9])")
YEARS: Final = range(1990, 2100)
"""Years in which news of ours may lie; any other is a mistake of whoever wrote the date."""

_DAYS_TO_COME: Final = 45
"""A date without a year may lie this many days ahead of its text (a holiday); further ahead, it was last year's."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What a sentence says of a day. Exactly one of the readings below is set.

    `day` and `month`, with or without `year`; `year` alone; `weekday` (Monday is 0); `days_ago`.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    days_ago: int | None = None


def mentions(plain: str, lexicon: Lexicon) -> tuple[Mention, ...]:
    """In order of place. A month alone, or a year alone, is a date without a day, kept so that it is no number."""
    has_digits = _DIGIT.search(plain) is not None
    found = [mention for pattern in (_ISO, _DOTTED) for mention in _numeric(pattern, plain)] if has_digits else []
    in_words = lexicon.of_days.may_be_in(plain)
    found += _worded(plain, lexicon) if in_words else []
    found += _years(plain, lexicon, found) if has_digits else []
    if in_words:
        found += [Mention(*match.span(), weekday=day) for match, day in lexicon.weekdays.found(plain)]
        found += [Mention(*match.span(), days_ago=days) for match, days in lexicon.relative_days.found(plain)]
    return tuple(sorted(found, key=lambda mention: mention.start)) if found else ()


def resolve(mention: Mention, reference: date | None) -> date | None:
    """The day meant, or None where the text alone does not say it and there is no reference to tell."""
    if mention.day is not None and mention.month is not None:
        return _calendar_day(mention, mention.month, mention.day, reference)
    if reference is None:
        return None
    if mention.weekday is not None:
        return reference - timedelta(days=(reference.weekday() - mention.weekday) % 7)
    if mention.days_ago is not None:
        return reference - timedelta(days=mention.days_ago)
    return None


def _calendar_day(mention: Mention, month: int, day: int, reference: date | None) -> date | None:
    if mention.year is not None:
        return _date(mention.year, month, day)
    if reference is None:
        return None
    this_year = _date(reference.year, month, day)
    if this_year and this_year <= reference + timedelta(days=_DAYS_TO_COME):
        return this_year
    return _date(reference.year - 1, month, day)


def plausible(day: date | None) -> date | None:
    """The day, unless it lies in the year 1 or 9999 and the like: such a day says nothing."""
    return day if day is not None and day.year in YEARS else None


def _date(year: int, month: int, day: int) -> date | None:
    if year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numeric(pattern: re.Pattern[str], plain: str) -> list[Mention]:
    return [
        Mention(match.start(), match.end(), int(match["year"]), int(match["month"]), int(match["day"]))
        for match in pattern.finditer(plain)
    ]


def _worded(plain: str, lexicon: Lexicon) -> list[Mention]:
    """ "16 August 2024", "August 16", "16 жніўня", "in July 2024"."""
    return [_worded_mention(match, month) for match, month in lexicon.months.found(plain)]


def _worded_mention(match: re.Match[str], month: int) -> Mention:
    day, year = match["before"] or match["after"], match["year"]
    return Mention(match.start(), match.end(), int(year) if year else None, month, int(day) if day else None)


def _years(plain: str, lexicon: Lexicon, taken: Sequence[Mention]) -> list[Mention]:
    """ "Since the summer of 2024": a year, unless it counts people ("2024 people")."""
    return [
        Mention(match.start(), match.end(), year=int(match.group()))
        for match in _YEAR_ALONE.finditer(plain)
        if not any(mention.start < match.end() and match.start() < mention.end for mention in taken)
        and not (lexicon.people_follow.match(plain, match.end() + 1) and not _of_time(plain, match.start(), lexicon))
    ]


def _of_time(plain: str, start: int, lexicon: Lexicon) -> bool:
    """Does "in", "since" or the like stand before it?"""
    return lexicon.before_year.search(plain[max(0, start - 12) : start]) is not None
