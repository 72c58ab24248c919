"""How rarely a site says that it wants to be asked: by its feed (RSS 2.0, RSS 1.0 syndication) or by its headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from services.ingest.sources.written_dates import read_date

_PERIODS: Final = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_LONGEST: Final = 86_400.0
_HEAD: Final = 20_000
"""Characters: what a feed says of itself stands above its items."""
_TTL = re.compile(r"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(r"<(?:\w+:)?updatePeriod>\s*([a-z]+)\s*<", re.IGNORECASE)
_FREQUENCY = re.compile(r"<(?:\w+:)?updateFrequency>\s*(\d{1,5})\s*<", re.IGNORECASE)
_SKIPPED_HOURS = re.compile(r"<skipHours>(.{0,2000}?)</skipHours>", re.IGNORECASE | re.DOTALL)
_SKIPPED_DAYS = re.compile(r"<skipDays>(.{0,2000}?)</skipDays>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*([a-z]+)\s*</day>", re.IGNORECASE)
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def wait_of_feed(text: str, now: datetime) -> float | None:
    """Seconds until the feed wants to be asked again, at most a day: the longest that its hints ask for."""
    head = re.split(r"<(?:item|entry)[\s>]", text[:_HEAD], maxsplit=1)[0]
    hints = (_by_ttl(head), _by_period(head), _until_allowed(head, now))
    return max((min(hint, _LONGEST) for hint in hints if hint), default=None)


def wait_of_headers(headers: Mapping[str, str]) -> float | None:
    """Seconds for which the answer stays fresh (RFC 9111, section 4.2.1), less the age that it had already.

    `Expires` is heard where `max-age` is silent, and read on the site's own clock, its `Date`.
    """
    control = headers.get("cache-control", "")
    if re.search(r"no-cache|no-store|must-revalidate", control, re.IGNORECASE):
        return None
    found = _MAX_AGE.search(control)
    fresh = float(found[1]) if found else _until_expired(headers)
    age = headers.get("age", "").strip()
    left = fresh - (int(age) if re.fullmatch(r"[0-9]{1,9}", age) else 0)
    return min(left, _LONGEST) if left > 0 else None


def _until_expired(headers: Mapping[str, str]) -> float:
    """Zero where either date is missing or no date: `0` and `-1` mean "already" (RFC 9111, section 5.3)."""
    said, expires = read_date(headers.get("date")), read_date(headers.get("expires"))
    return (expires - said).total_seconds() if said and expires else 0.0


def _by_ttl(head: str) -> float | None:
    found = _TTL.search(head)
    return float(found[1]) * 60 if found else None


def _by_period(head: str) -> float | None:
    """`updatePeriod` divided by `updateFrequency`, which is 1 where it is not said."""
    period, frequency = _PERIOD.search(head), _FREQUENCY.search(head)
    seconds = _PERIODS.get(period[1].lower()) if period else None
    return seconds / max(int(frequency[1]) if frequency else 1, 1) if seconds else None


def _until_allowed(head: str, now: datetime) -> float | None:
    """Until the next hour that is skipped neither by its number (in GMT) nor by its day."""
    hours, days = _SKIPPED_HOURS.search(head), _SKIPPED_DAYS.search(head)
    skipped_hours = {int(hour) % 24 for hour in _HOUR.findall(hours[1])} if hours else set()
    skipped_days = {day.lower() for day in _DAY.findall(days[1])} if days else set()
    moment = now.astimezone(UTC)
    for _ in range(25):
        if moment.hour not in skipped_hours and _DAYS[moment.weekday()] not in skipped_days:
            return (moment - now).total_seconds() or None
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return _LONGEST
