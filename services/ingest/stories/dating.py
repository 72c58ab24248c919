"""When it happened, as far as a text shows, and how far apart two accounts stand in time."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

import msgspec

from services.ingest.news_time import day_in_minsk
from services.ingest.stories.signs import Sign


class DayBasis(StrEnum):
    """What a date rests on, the firmest first."""

    TEXT = "text"  # the text says when it happened
    PUBLISHED = "published"  # the page, or the person who handed it in, says when it came out
    RECEIVED = "received"  # a source we watch gave it on that day
    HANDED_IN = "handed_in"  # a person gave it to us: it happened on that day or any time before


class Dated(msgspec.Struct, frozen=True):
    day: str
    """ISO 8601, in Minsk."""
    basis: DayBasis


class Datable(Protocol):
    @property
    def occurred_on(self) -> str | None: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def as_of(self) -> date | None: ...
    @property
    def received(self) -> datetime: ...
    @property
    def solicited(self) -> bool: ...
    @property
    def doubts(self) -> tuple[str, ...]: ...


_SKIMMED: Final = "skimmed"
"""The text is in a language we hardly read: when it came out is firmer than a day found in it."""


def date_of(report: Datable) -> Dated:
    occurred_on = read_day(report.occurred_on)
    if occurred_on and not (report.published and _SKIMMED in report.doubts):
        return Dated(occurred_on.isoformat(), DayBasis.TEXT)
    if report.published:
        return Dated(day_in_minsk(report.published).isoformat(), DayBasis.PUBLISHED)
    if report.as_of:
        return Dated(report.as_of.isoformat(), DayBasis.PUBLISHED)
    basis = DayBasis.HANDED_IN if report.solicited else DayBasis.RECEIVED
    return Dated(day_in_minsk(report.received).isoformat(), basis)


def read_day(text: str | None) -> date | None:
    """None for anything that is not a whole ISO date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


_CLOSE: Final = ((1, "1"), (3, "3"))
_LATE: Final = (45, "45")
_FAR: Final = "far"


def distance(a: Dated, b: Dated, window_days: int) -> Sign | None:
    """Names how two dates stand: "same_day" and "apart_…" for two dates of happening, "seen_…" where one or both are
    the day of the news, "before" where the news is older than the happening; None where nothing follows.

    The number is the largest gap in days: 1, 3, "in_time" for the window, 45, or "far".
    """
    gap = (date.fromisoformat(b.day) - date.fromisoformat(a.day)).days
    if a.basis is DayBasis.TEXT and b.basis is DayBasis.TEXT:
        return Sign.SAME_DAY if gap == 0 else Sign(f"apart_{_bucket(abs(gap), window_days)}")
    if _before(a, b, gap) or _before(b, a, -gap):
        return Sign.BEFORE
    if DayBasis.HANDED_IN in (a.basis, b.basis):
        return None
    found = Sign(f"seen_{_bucket(abs(gap), window_days)}")
    # An undated page may have lain there long before we came by: only closeness says anything.
    return None if DayBasis.RECEIVED in (a.basis, b.basis) and abs(gap) > 3 else found


def _before(happened: Dated, news: Dated, gap: int) -> bool:
    """A day's grace, for midnight and for datelines."""
    upper_bound = news.basis is DayBasis.HANDED_IN and happened.basis is not DayBasis.HANDED_IN
    return gap < -1 and (upper_bound or (happened.basis is DayBasis.TEXT and news.basis is not DayBasis.TEXT))


def _bucket(days: int, window_days: int) -> str:
    return next((name for most, name in (*_CLOSE, (window_days, "in_time"), _LATE) if days <= most), _FAR)
