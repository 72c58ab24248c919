"""Days as Minsk has them: whatever moment a text names, readers are told of the day there."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

MINSK: Final = timezone(timedelta(hours=3))
"""Belarus keeps UTC+3 all year since 2011."""


def minsk_day(text: str | None) -> str | None:
    """An RFC 3339 date or time as the day in Minsk, ISO 8601; None for what is no such date."""
    day = day_of(text)
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> date | None:
    """The day in Minsk of an RFC 3339 date or time; None for what is no such date."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text or "")
        return (moment.astimezone(MINSK) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        return None
