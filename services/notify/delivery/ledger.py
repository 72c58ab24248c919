"""The memory of what was sent: asked before every send, written after, by nobody else.

One hash an event and channel, one field a subscriber; the records in it are `record`'s:

    sending|2|1735398000000|k3x.0~      claimed for attempt 2; the claim holds until then (Unix ms)
    waiting|2|1735398300000|.1~1        attempt 2 ended in Retry; attempt 3 is due then
    sent|1|0|42                         taken; the note is the far side's reference
    refused|10|0|exhausted              given up; the note is the reason
    unsure|2|0|timeout                  copies went out and nobody said what became of them; no more go out

Whoever claims gets the delivery alone, and with the claim the delivery is due again at the claim's end; closing takes
it out of what is due. So a process may die at any point: what it was sending is attempted once more, the same attempt
with the same id. That is the one duplicate we allow. Claiming and closing are one script each, so that no crash can
leave the ledger and the due-queue apart, and both go by the server's clock, so that ours may say what it likes. A
process that lives keeps its claims alive, and what has an end is written down however long Redis takes to hear it.

A holder whose claim ran out, and was granted to another, may still say that the message was taken; whatever else it
says comes too late and changes nothing.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from redis.asyncio import Redis

from services.notify.delivery import ledger_scripts as scripts
from services.notify.delivery.attempt import Attempt
from services.notify.delivery.due_queue import Due
from services.notify.delivery.record import DeliveryState, Record, decode_record
from services.notify.delivery.server_clock import Clock, milliseconds
from services.notify.fanout.events import Published
from services.runtime.connections import is_shortage, until_written
from services.runtime.dead_letters import DEAD_COUNTS, DEAD_STREAM, DeadLetter
from services.runtime.retention import Retention

log = structlog.get_logger(__name__)


def _new_holder() -> str:
    return secrets.token_hex(4)


class Ledger:
    """All of what was and is being sent on one channel."""

    def __init__(
        self,
        redis: Redis,
        channel: str,
        retries_key: str,
        clock: Clock = None,
        new_holder: Callable[[], str] = _new_holder,
    ) -> None:
        self._redis = redis
        self._channel = channel
        self._retries = retries_key
        self._clock = clock
        self._new_holder = new_holder
        self._claim = redis.register_script(scripts.CLAIM)
        self._extend = redis.register_script(scripts.EXTEND)
        self._close = redis.register_script(scripts.CLOSE)
        self._hasten = redis.register_script(scripts.HASTEN)
        self._forget = redis.register_script(scripts.FORGET)

    async def claim(
        self, published: Published, numbers: Iterable[int], hold: float, *, early: bool = False
    ) -> list[Attempt]:
        """Claims what may be attempted now, for `hold` seconds; leaves out what is closed, claimed or not yet due.

        `numbers`: the subscribers'. `early`: what waits is claimed before its time as well.
        """
        numbers = list(numbers)
        if not numbers:
            return []
        holder = self._new_holder()
        terms = [milliseconds(self._clock), int(hold * 1000), Retention.LEDGER, published.entry, holder, int(early)]
        granted = await self._claim(keys=[self._key(published.event.id), self._retries], args=[*terms, *numbers])
        return [
            Attempt(
                published.event,
                Due(published.entry, int(number)),
                int(ordinal),
                progress or None,
                int(copies),
                holder,
                bool(again),
                int(resume) or None,
            )
            for number, ordinal, progress, copies, again, resume in granted
        ]

    @asynccontextmanager
    async def kept_alive(self, attempt: Attempt, hold: float) -> AsyncIterator[None]:
        """Nobody else gets the delivery while the block lasts and this process lives, wherever it waits."""

        async def extend() -> None:
            while True:
                await asyncio.sleep(hold / 3)
                try:
                    await self.extend(attempt, hold)
                except Exception as error:
                    if not is_shortage(error):
                        raise
                    log.warning("claim_not_extended", channel=self._channel, error=type(error).__name__)

        task = asyncio.create_task(extend())
        try:
            yield
        finally:
            task.cancel()

    async def extend(self, attempt: Attempt, hold: float) -> bool:
        """For `hold` seconds from now; False: it is no longer ours."""
        args = [milliseconds(self._clock), int(hold * 1000), attempt.number, attempt.holder, attempt.due.member]
        return bool(await self._extend(keys=[self._key(attempt.event.id), self._retries], args=args))

    async def close_sent(self, attempt: Attempt, reference: str | None) -> None:
        await self._close_as(DeliveryState.SENT, attempt, reference or "")

    async def close_refused(self, attempt: Attempt, letter: DeadLetter) -> None:
        """Gives up, and leaves the dead letter in the same step."""
        await self._close_as(DeliveryState.REFUSED, attempt, letter.reason, letter=letter)

    async def close_unsure(self, attempt: Attempt, letter: DeadLetter) -> None:
        """Sends no more copies; counted under `unsure_key`, and the dead letter lists it."""
        await self._close_as(DeliveryState.UNSURE, attempt, letter.reason, letter=letter)

    async def close_skipped(self, attempt: Attempt, reason: str) -> None:
        """Not attempted, for a reason of our own (a stop that came in between): closed, with nothing to look after."""
        await self._close_as(DeliveryState.REFUSED, attempt, reason, attempted=False)

    async def close_waiting(
        self,
        attempt: Attempt,
        wait: float,
        progress: str | None,
        *,
        attempted: bool = True,
        copies: int | None = None,
    ) -> None:
        """To be attempted in `wait` seconds; where it was claimed early, not before it was due anyway.

        `attempted`: whether this attempt counts; `copies`: how many may have arrived by now.
        """
        copies = attempt.copies if copies is None else copies
        await self._close_as(
            DeliveryState.WAITING, attempt, progress or "", attempted=attempted, copies=copies, wait=wait
        )

    async def hasten(self, event_id: str, entry: str, numbers: Iterable[int]) -> int:
        """Makes due now what waits; how many that were."""
        args = [milliseconds(self._clock), entry, *numbers]
        return int(await self._hasten(keys=[self._key(event_id), self._retries], args=args))

    async def records(self, event_id: str, numbers: Iterable[int] | None = None) -> Mapping[int, Record]:
        """What is known of an event on this channel: of everybody, or of some."""
        if numbers is None:
            raw: Any = await self._redis.hgetall(self._key(event_id))
            return {int(number): decode_record(record) for number, record in raw.items()}
        wanted = list(numbers)
        if not wanted:
            return {}
        found: Any = await self._redis.hmget(self._key(event_id), [str(number) for number in wanted])
        return {
            number: decode_record(record) for number, record in zip(wanted, found, strict=True) if record is not None
        }

    async def forget(self, event_id: str, number: int, state: DeliveryState) -> bool:
        """As if never attempted, if it is still in that state. Only `replay` and `dead redrive` ask for this."""
        return bool(await self._forget(keys=[self._key(event_id)], args=[number, str(state)]))

    async def _close_as(
        self,
        state: DeliveryState,
        attempt: Attempt,
        note: str,
        *,
        attempted: bool = True,
        copies: int = 0,
        wait: float = 0.0,
        letter: DeadLetter | None = None,
    ) -> None:
        """Until it is written. Done twice it meets itself: the second time the claim is no longer held."""
        event_id, ordinal = attempt.event.id, attempt.ordinal if attempted else attempt.ordinal - 1
        kind, text = (letter.kind, letter.encode()) if letter else ("", "")
        keys = [self._key(event_id), self._retries, DEAD_STREAM, DEAD_COUNTS, unsure_key(self._channel)]
        claim: list[str | int] = [attempt.number, attempt.due.member, attempt.holder, Retention.LEDGER]
        record: list[str | int] = [str(state), ordinal, note, copies]
        later: list[str | int] = [int(wait * 1000), attempt.resume_at or 0]
        args = [milliseconds(self._clock), *claim, *record, *later, text, kind, event_id]
        await until_written(lambda: self._close(keys=keys, args=args))

    def _key(self, event_id: str) -> str:
        return _key(self._channel, event_id)


async def forget_everything(redis: Redis, channel: str, numbers: Iterable[int]) -> None:
    """That these subscribers ever got anything on a channel. Only who is erased is forgotten so."""
    fields = [str(number) for number in numbers]
    async for key in redis.scan_iter(_key(channel, "*"), count=1_000):
        await redis.hdel(key, *fields)


def _key(channel: str, event_id: str) -> str:
    return f"vestka:ledger:{channel}:{event_id}"


def unsure_key(channel: str) -> str:
    """A hash: an event's id, and how many deliveries of it ended unsure on this channel."""
    return f"vestka:unsure:{channel}"
