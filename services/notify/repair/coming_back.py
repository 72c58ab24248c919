"""When a far side is back, or an operator says so, whatever waits for it goes at once."""

from __future__ import annotations

from collections import defaultdict

import structlog

from services.contract import Undecodable
from services.notify.delivery.due_queue import DueQueue
from services.notify.delivery.ledger import Ledger
from services.notify.fanout.events import Events

log = structlog.get_logger(__name__)


async def hasten(events: Events, ledger: Ledger, queue: DueQueue, number: int | None = None) -> int:
    """Makes due now what waits on a channel, or of it what waits for one subscriber; how many deliveries that were."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for due in await queue.everything():
        if number in (None, due.number):
            waiting[due.entry].append(due.number)
    hastened = 0
    for entry, numbers in waiting.items():
        try:
            published = await events.at(entry)
        except Undecodable:
            continue
        if published is not None:
            hastened += await ledger.hasten(published.event.id, entry, numbers)
    return hastened
