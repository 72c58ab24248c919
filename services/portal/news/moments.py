"""Days and moments in words, in Minsk: what a page says of when."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

from babel.dates import format_date

from services.notify.content.languages import Language

_MINSK: Final = timezone(timedelta(hours=3))


def day_in_minsk(moment: float) -> date:
    """`moment`: Unix seconds."""
    return datetime.fromtimestamp(moment, _MINSK).date()


def month_text(language: Language, first: date) -> str:
    """ "December 2024"."""
    return str(format_date(first, "LLLL y", locale=language.locale))


def month_letter(language: Language, first: date) -> str:
    """The shortest name of a month, for a place beside eleven others: "D"."""
    return str(format_date(first, "LLLLL", locale=language.locale))


def moment_text(language: Language, told: str) -> str:
    """ "28 December 2024, 16:05 in Minsk". `told`: RFC 3339."""
    clock = datetime.fromisoformat(told).astimezone(_MINSK).strftime("%H:%M")
    return language.phrase("door.news.moment", date=language.date(told) or "", time=clock)
