"""When an item came in, as far as it may be believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from services.ingest.sources.base import Item

_SLACK: Final = timedelta(minutes=1)
"""That two clocks may differ."""


def not_later_than(item: Item, now: float) -> Item:
    """Nothing came in later than now: whoever stamped it so had a clock that was wrong, and nothing is judged by that.
    `now`: Unix seconds."""
    latest = datetime.fromtimestamp(now, UTC)
    return replace(item, received=latest) if item.received is not None and item.received > latest + _SLACK else item
