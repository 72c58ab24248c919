"""How long an answer asks us to wait."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = 86_400.0
"""Seconds: a mistaken header must not silence anybody for longer than a day."""


def read_retry_after(value: str | None, now: float) -> float | None:
    """Seconds from `now` (Unix time), at most a day; None where nothing readable is asked for.

    Both forms of RFC 9110, section 10.2.3: a number of seconds, or a date.
    """
    if value is None:
        return None
    text = value.strip()
    if re.fullmatch(r"[0-9]{1,18}", text):
        return min(float(text), LONGEST)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max(aware.timestamp() - now, 0.0), LONGEST)
