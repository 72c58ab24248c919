"""Times as they are written: RFC 3339 in UTC with a fixed number of digits, so that they also compare as text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_AGO = re.compile(r"^(\d+)([smhd])$")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def rfc3339(unix: float) -> str:
    """`2024-12-28T09:14:03.120Z`."""
    return datetime.fromtimestamp(unix, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def unix_of(text: str) -> float:
    """Unix seconds of an RFC 3339 time. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def moment_or_ago(text: str, now: float) -> float:
    """Unix seconds: of an RFC 3339 time or date, or of so long ago ("24h", "30m", "7d"). Raises ValueError."""
    ago = _AGO.match(text)
    if ago:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])}).total_seconds()
    return unix_of(text)
