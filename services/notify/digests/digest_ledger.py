"""Which digests were sent, on one channel: the ledger of deliveries over again, with a day in place of an event.

What a digest tells stands in the ledger of events as well, so that a correction follows it. Before it leaves, its
events are noted as told in this digest, and perhaps; once it was taken, as sent, and only then is the digest closed. So
a process may die at any step: what stood before the send is told again, by the same letter with the same id.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec
from redis.asyncio import Redis

from services.notify.delivery.attempt import Attempt
from services.notify.delivery.due_queue import retries_key
from services.notify.delivery.ending import Ending
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.record import DeliveryState
from services.notify.delivery.server_clock import Clock
from services.runtime.connections import until_written


def digest_channel(channel: str) -> str:
    """Under which name the ledger keeps a channel's digests."""
    return f"digest:{channel}"


class DigestLedger(Ledger):
    """`events`: the channel's own ledger."""

    def __init__(self, redis: Redis, channel: str, events: Ledger, clock: Clock = None) -> None:
        super().__init__(redis, digest_channel(channel), retries_key(digest_channel(channel)), clock)
        self._events = events
        self._told: dict[tuple[str, int], Sequence[str]] = {}
        self._partly: dict[tuple[str, int], tuple[str, ...]] = {}
        """Of which a part of a split text was taken: what the text told, as far as this process knows."""

    async def begin(self, attempt: Attempt, event_ids: Sequence[str]) -> bool:
        """To be awaited before it leaves: these are what it tells. False where one of them is told otherwise."""
        self._told[attempt.event.id, attempt.number] = event_ids
        return await self._events.tell(event_ids, attempt.number, DeliveryState.UNSURE, attempt.event.id)

    def resumed(self, attempt: Attempt, event_ids: Sequence[str]) -> Attempt:
        """It goes on where the one before broke off only if it tells the same: a repeat is better than a gap."""
        if attempt.progress is None:
            return attempt
        same = self._partly.setdefault((attempt.event.id, attempt.number), ()) == tuple(event_ids)
        return attempt if same else msgspec.structs.replace(attempt, progress=None)

    async def withdraw(self, attempt: Attempt) -> None:
        """It does not leave. What an earlier attempt may have told stays so."""
        told = self._told.pop((attempt.event.id, attempt.number), ())
        for event_id in () if attempt.repeats else told:
            await until_written(partial(self._events.forget, event_id, attempt.number, DeliveryState.UNSURE))

    async def close(self, endings: Sequence[Ending], rows: bytes = b"", rows_kept: int = 1) -> None:
        for ending in endings:
            which = (ending.event_id, ending.attempt.number)
            if _surely_nothing_arrived(ending) and which not in self._partly:
                await self.withdraw(ending.attempt)
            told = self._told.pop(which, ())
            if ending.state is not DeliveryState.WAITING:
                self._partly.pop(which, None)
            elif ending.note and told:
                self._partly[which] = tuple(told)
            if ending.state is DeliveryState.SENT:
                note = ending.note or ending.event_id
                await self._events.tell(told, ending.attempt.number, DeliveryState.SENT, note)
        await super().close(endings, rows, rows_kept)


def _surely_nothing_arrived(ending: Ending) -> bool:
    """Of this attempt: no copy whose end nobody knows, and no part of a split text."""
    partly = ending.attempt.progress or (ending.state is DeliveryState.WAITING and ending.note)
    failed = ending.state in (DeliveryState.WAITING, DeliveryState.REFUSED)
    return failed and not ending.copies and not partly
