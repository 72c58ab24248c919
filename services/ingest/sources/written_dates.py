"""Reading the dates that news sites write: RFC 822, ISO 8601, and month names in English, Russian and Belarusian.

A time without a zone is Minsk time (+03:00 all year since 2011), since that is what these sites mean by it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Final

from services.ingest.news_time import MINSK, known_date
from services.ingest.sources.clocks import in_plain_hours

_MONTHS: Final = (
    ("jan", "янв", "студз"),
    ("feb", "фев", "лют"),
    ("mar", "март", "сакав"),
    ("apr", "апр", "крас"),
    ("may", "май", "мая", "тра"),
    ("jun", "июн", "чэрв"),
    ("jul", "июл", "ліп"),
    ("aug", "авг", "жнів", "жні"),
    ("sep", "сен", "верас"),
    ("oct", "окт", "кастр"),
    ("nov", "ноя", "ліст"),
    ("dec", "дек", "снеж"),
)
"""The beginnings of the months' names in any case and grammatical case; no beginning is part of another month's."""

_ISO = re.compile(
    r"(?P<y>\d{4})(?P<sep>[-/.])(?P<mo>\d{2})(?P=sep)(?P<d>\d{2})"
    r"(?:(?:T|,? )(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_WITHOUT_SIGNS = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})?(?=Z|[+-]|$)")
"""The basic format of ISO 8601."""
_NUMERIC = re.compile(r"\b(?P<d>\d{1,2})\.(?P<mo>\d{1,2})\.(?P<y>\d{4})\b")
_DAY_MONTH_YEAR = re.compile(r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?P<month>[^\W\d_]{3,})\.?,?\s+(?P<y>\d{4})\b")
_MONTH_DAY_YEAR = re.compile(r"\b(?P<month>[^\W\d_]{3,})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})\b")
_WORDED: Final = (_NUMERIC, _DAY_MONTH_YEAR, _MONTH_DAY_YEAR)
_CLOCK = re.compile(r"\b(?P<h>[01]?\d|2[0-3])[:.](?P<mi>[0-5]\d)(?::(?P<s>[0-5]\d))?\b(?!\.)")
_MIDNIGHT_OF_NEXT_DAY = re.compile(r"(?<![\d:])24:00")
_ZONE = re.compile(r"(?<!\d)(?P<zone>[+-]\d{2}:?\d{2}|Z|UTC|GMT)\s*$")


def read_date(text: str | None) -> datetime | None:
    """An aware time, or None for what is no date, or none that news could have."""
    if not text or len(text) > 200:
        return None
    clean = in_plain_hours(_WITHOUT_SIGNS.sub(_signed, " ".join(text.split())))
    if clean is None:
        return None
    try:
        found = _iso(clean) or _rfc822(clean) or _worded(clean)
    except (ValueError, OverflowError):
        return None
    return known_date(found)


def _signed(basic: re.Match[str]) -> str:
    year, month, day, hour, minute, second = basic.groups("00")
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}"


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day = (int(match[name]) for name in ("y", "mo", "d"))
    hour, minute, second = (int(match[name] or 0) for name in ("h", "mi", "s"))
    return datetime(year, month, day, hour, minute, second, tzinfo=_zone(match["zone"]))


def _rfc822(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(_MIDNIGHT_OF_NEXT_DAY.sub("00:00", text))
    except (ValueError, TypeError, IndexError):
        return None
    # "-0000" says that the zone is not known (RFC 5322, section 3.3), and comes back naive like no zone at all.
    found += timedelta(days=_MIDNIGHT_OF_NEXT_DAY.search(text) is not None)
    return found if found.tzinfo else found.replace(tzinfo=MINSK)


def _worded(text: str) -> datetime | None:
    for pattern in _WORDED:
        match = pattern.search(text)
        month = _month(match) if match else None
        if match and month:
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            return _at_clock(datetime(int(match["y"]), month, int(match["d"]), tzinfo=MINSK), rest)
    return None


def _month(match: re.Match[str]) -> int | None:
    found = match.groupdict()
    if "mo" in found:
        return int(match["mo"])
    name = match["month"].lower()
    return next((number for number, starts in enumerate(_MONTHS, 1) if name.startswith(starts)), None)


def _at_clock(day: datetime, rest: str) -> datetime:
    clock = _CLOCK.search(rest)
    if clock is None:
        return day
    zone = _ZONE.search(rest)
    return day.replace(
        hour=int(clock["h"]),
        minute=int(clock["mi"]),
        second=int(clock["s"] or 0),
        tzinfo=_zone(zone["zone"]) if zone else MINSK,
    )


def _zone(text: str | None) -> timezone:
    if not text:
        return MINSK
    if text[0] not in "+-":
        return timezone.utc  # noqa: UP017 - one type for all zones here
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
