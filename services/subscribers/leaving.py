"""When nothing is kept of a subscriber any more: a day after they stopped, a month after their last address ended.

A stop can be taken back for a day, on the very page that confirmed it. An address that ended may be mended for a month,
by whoever has it or by an operator. Afterwards only keyed hashes stay, so that no file brings them back. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.runtime.clock import unix_of
from services.runtime.retention import Retention
from services.subscribers.kinship import is_elsewhere
from services.subscribers.subscriber import Subscriber


def leaves_at(subscriber: Subscriber) -> float | None:
    """Unix seconds; None for one who stays. Who was stopped or ended before we noted when stays as well."""
    if subscriber.stopped is not None and not subscriber.active:
        return unix_of(subscriber.stopped) + Retention.STOPPED
    own = [one for one in subscriber.addresses if not is_elsewhere(one)]
    ended = [one.ended_at for one in own if one.ended is not None]
    if not own or len(ended) < len(own) or None in ended:
        return None
    return max(unix_of(at) for at in ended if at is not None) + Retention.ENDED_ADDRESSES


def all_leave(kin: Iterable[Subscriber], now: float) -> bool:
    """Is the time of each over? What leads to one of them leads to all. `now`: Unix seconds."""
    times = [leaves_at(one) for one in kin if not _leads_on(one)]
    return bool(times) and all(at is not None and at <= now for at in times)


def _leads_on(one: Subscriber) -> bool:
    """It is kept only for what leads from it to its kin."""
    return bool(one.addresses) and all(map(is_elsewhere, one.addresses)) and one.stopped is None
