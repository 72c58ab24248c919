"""Times that news can have: Minsk's zone, and the years beyond which a date is a mistake and not a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, TypeVar

MINSK: Final = timezone(timedelta(hours=3), "Europe/Minsk")
"""All year since 2011, so no time zone data is needed."""

FIRST_YEAR: Final = 1991
LAST_YEAR: Final = 2099
"""Whatever lies outside is a machine's word for "unset" (year 1, 1970, 9999) or a slip, and breaks sums of dates."""

D = TypeVar("D", bound=date)


def known_date(given: D | None) -> D | None:
    """The date or time itself; None where no news can have it."""
    return given if given is not None and FIRST_YEAR <= given.year <= LAST_YEAR else None


def day_in_minsk(moment: datetime) -> date:
    """A naive time counts as UTC. At either end of the calendar, where no zone can be added, the day as written."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return aware.astimezone(MINSK).date()
    except OverflowError:
        return moment.date()
