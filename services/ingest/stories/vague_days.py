"""What "on 16 August" or "on Friday" in an undated text says for and against a day that another text gives."""

from __future__ import annotations

from datetime import date
from typing import Final

from services.ingest.stories.dating import Dated, DayBasis
from services.ingest.stories.signs import Sign

_LEAP_YEAR: Final = 2024
_DAYS_LATE: Final = 3
"""News that gives no day itself comes out up to so many days after the act."""
_DATES: Final = frozenset({DayBasis.TEXT, DayBasis.PUBLISHED})


def vague_likeness(a: Dated, a_vague: str | None, b: Dated, b_vague: str | None) -> Sign | None:
    """Names how a vague day stands to the other account's day, or two vague days to each other: "day_of_year_…" or
    "weekday_…", with "same" or "differs"; None where nothing follows."""
    if a_vague and b_vague:
        return _named(a_vague, a_vague == b_vague) if a_vague[0] == b_vague[0] else None
    if a_vague and b.basis in _DATES and a.basis not in _DATES:
        return _beside(a_vague, b)
    if b_vague and a.basis in _DATES and b.basis not in _DATES:
        return _beside(b_vague, a)
    return None


def _beside(vague: str, dated: Dated) -> Sign | None:
    day = date.fromisoformat(dated.day)
    late = _days_after(vague, day)
    if late == 0:
        return _named(vague, True)
    if late > _DAYS_LATE:
        return _named(vague, False)
    # A weekday is often that of the announcement.
    return _named(vague, True) if dated.basis is DayBasis.PUBLISHED and not vague.startswith("W") else None


def _days_after(vague: str, day: date) -> int:
    """Days from the last such day to this one."""
    if vague.startswith("W"):
        return (day.isoweekday() - int(vague[1:])) % 7
    of_year = date.fromisoformat(f"{_LEAP_YEAR}{vague[1:]}")
    return (date(_LEAP_YEAR, day.month, day.day) - of_year).days % 366


def _named(vague: str, same: bool) -> Sign:
    return Sign(f"{'weekday' if vague.startswith('W') else 'day_of_year'}_{'same' if same else 'differs'}")
