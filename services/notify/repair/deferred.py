"""What waits by a reader's own choice, for the end of their quiet hours or for their digest, or came in one. Pure."""

from __future__ import annotations

from datetime import time

from services.contract import Event
from services.notify.delivery.record import DIGEST, DeliveryState, Record
from services.notify.digests.period import day_of_digest, next_due
from services.notify.fanout.digest_rule import asking_frequencies, is_owed_on, owed_frequencies
from services.notify.fanout.quiet_hours import quiet_until
from services.notify.fanout.routing import NotSent
from services.runtime.clock import rfc3339
from services.subscribers.address import Address
from services.subscribers.digest_topics import zone_of_reader
from services.subscribers.subscriber import Subscriber


def by_own_choice(
    event: Event, subscriber: Subscriber, verdict: Address | NotSent, record: Record | None, hour: time, now: float
) -> tuple[str, str] | None:
    """The answer and why, as `explaining.answered` gives them; None where no choice of theirs decided. `hour`: at which
    digests are due; `now`: Unix seconds."""
    if record is not None and (told := _told_in(record)):
        return told
    if verdict is NotSent.IN_DIGEST and (record is None or record.note == NotSent.IN_DIGEST):
        due = next_due(asking_frequencies(event, subscriber), zone_of_reader(subscriber), hour, now)
        return "will get it", f"they asked for it daily or weekly: deferred until {rfc3339(due)}, in their digest"
    if isinstance(verdict, Address) and record is None and _is_owed(event, subscriber, verdict.channel):
        due = next_due(frozenset({"daily"}), zone_of_reader(subscriber), hour, now)
        return (
            "will get it",
            f"it waited when they chose to hear sooner: deferred until {rfc3339(due)}, in their digest",
        )
    until = quiet_until(event, subscriber, now)
    if not isinstance(verdict, NotSent) and until is not None and _not_attempted(record):
        return "will get it", f"deferred until {rfc3339(until)}, when their quiet hours end"
    return None


def _told_in(record: Record) -> tuple[str, str] | None:
    if not record.note.startswith(DIGEST):
        return None
    day = day_of_digest(record.note).isoformat()
    if record.state is DeliveryState.SENT:
        return "got it", f"in the digest of {day}"
    return "may have got it", f"in the digest of {day}, of which it is not known yet whether it arrived"


def _is_owed(event: Event, subscriber: Subscriber, channel: str) -> bool:
    return is_owed_on(subscriber, channel) and bool(owed_frequencies(event, subscriber))


def _not_attempted(record: Record | None) -> bool:
    return record is None or (record.state is DeliveryState.WAITING and record.attempt == 0)
