"""The memory of what was sent: asked before every send, written after, by nobody else.

Of an event on a channel there are two hashes. The marks (`marks`) are two bits a subscriber: nothing, under way, sent,
or noted. The notes are for whatever two bits cannot hold, one field a subscriber; they are `record`'s:

    waiting|2|1735398300000|.1~1        attempt 2 ended in Retry; attempt 3 is due then (Unix ms)
    sent|1|0|42                         taken; the note is the far side's reference
    refused|10|0|exhausted              given up; the note is the reason
    unsure|2|0|timeout                  copies went out and nobody said what became of them; no more go out

Whoever claims gets the deliveries alone, under one lease with an end; when that has passed they are anybody's to claim
(`expired`). So a process may die at any point: what it was sending is attempted once more, the same attempt with the
same id. That is the one duplicate we allow. Claiming and closing are one script each, for as many deliveries of one
event as there are, so that no crash can leave the ledger, the leases and the due-queue apart; and all go by the
server's clock, so that ours may say what it likes. A process that lives keeps its leases alive (`extend`), and what has
an end is written down however long Redis takes to hear it.

A holder whose lease ran out, and was granted to another, may still say that the message was taken; whatever else it
says comes too late and changes nothing.
"""

from __future__ import annotations

import secrets
import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis
from redis.client import NEVER_DECODE

from services.notify.delivery import ledger_scripts as scripts
from services.notify.delivery.attempt import Attempt
from services.notify.delivery.due_queue import Due, deferred_key
from services.notify.delivery.ending import Ending
from services.notify.delivery.marks import Mark, marks_in, page_of
from services.notify.delivery.record import DeliveryState, Record, decode_record
from services.notify.delivery.server_clock import Clock, milliseconds
from services.notify.fanout.events import Published
from services.runtime.connections import until_written
from services.runtime.dead_letters import DEAD_COUNTS, DEAD_STREAM
from services.runtime.retention import Retention

_RAW: Final = {NEVER_DECODE: True}
_MARKS: Final = ":pages"  # ":marks" held them packed otherwise, and is left to end by itself


def _new_holder() -> str:
    return secrets.token_hex(6)


@dataclass(frozen=True, slots=True)
class ExpiredLease:
    """Of a process that is no more, or that stood still for too long."""

    holder: str
    entry: str
    """Of the events stream."""
    numbers: tuple[int, ...]
    """Whose deliveries; most may have ended long ago."""


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
        self._leases, self._ends, self._open = lease_keys(channel)
        self._claim = redis.register_script(scripts.CLAIM)
        self._extend = redis.register_script(scripts.EXTEND)
        self._expired = redis.register_script(scripts.EXPIRED)
        self._close = redis.register_script(scripts.CLOSE)
        self._hasten = redis.register_script(scripts.HASTEN)
        self._forget = redis.register_script(scripts.FORGET)
        self._tell = redis.register_script(scripts.TELL)

    async def claim(
        self, published: Published, numbers: Iterable[int], hold: float, *, early: bool = False
    ) -> list[Attempt]:
        """Claims what may be attempted now, for `hold` seconds and under one lease, in that order; leaves out what is
        closed, held by another, or not yet due.

        `numbers`: the subscribers'. `early`: what waits is claimed before its time as well.
        """
        wanted = list(dict.fromkeys(numbers))
        if not wanted:
            return []
        event, entry, holder = published.event, published.entry, self._new_holder()
        terms = [milliseconds(self._clock), int(hold * 1000), Retention.LEDGER, entry, event.id, holder, int(early)]
        denied, odd = await self._claim(keys=self._keys(event.id), args=[*terms, _packed(wanted)])
        refused = {int(number) for number in denied}
        known = {
            int(number): Attempt(
                event,
                Due(entry, int(number)),
                int(ordinal),
                progress or None,
                int(copies),
                holder,
                bool(again),
                int(resume) or None,
            )
            for number, ordinal, progress, copies, again, resume in odd
        }
        return [
            known.get(number) or Attempt(event, Due(entry, number), 1, holder=holder)
            for number in wanted
            if number not in refused
        ]

    async def extend(self, holders: Iterable[str], hold: float) -> int:
        """Their leases end `hold` seconds from now; how many there still are."""
        args = [milliseconds(self._clock), int(hold * 1000), *holders]
        return int(await self._extend(keys=[self._ends], args=args))

    async def expired(self, most: int) -> list[ExpiredLease]:
        """The leases that ran out, the oldest first."""
        found: Any = await self._expired(keys=[self._leases, self._ends], args=[milliseconds(self._clock), most])
        return [ExpiredLease(holder, entry, tuple(map(int, numbers))) for holder, entry, _, numbers in found]

    async def drop_lease(self, holder: str) -> None:
        """Once whatever it held has been claimed anew or had ended."""
        async with self._redis.pipeline() as pipe:
            pipe.hdel(self._leases, holder)
            pipe.hdel(self._open, holder)
            pipe.zrem(self._ends, holder)
            await pipe.execute()

    async def under_way(self) -> int:
        """How many deliveries are being attempted just now, by whomever."""
        counts: Any = await self._redis.hvals(self._open)
        return sum(map(int, counts))

    async def close(self, endings: Sequence[Ending], rows: bytes = b"", rows_kept: int = 1) -> None:
        """Writes down how attempts at one event ended, until it is written. Done twice it meets itself: the second time
        nothing is under way any more. `rows`: for the log of deliveries, kept for so many seconds."""
        if not endings:
            return
        event_id = endings[0].event_id
        simple: defaultdict[str, list[int]] = defaultdict(list)
        args: list[Any] = []
        for ending in endings:
            if ending.simply_sent:
                simple[ending.attempt.holder].append(ending.attempt.number)
            else:
                args += _told(ending)
        count = sum(len(numbers) for numbers in simple.values())
        head: list[Any] = [milliseconds(self._clock), Retention.LEDGER, event_id, len(simple)]
        for holder, numbers in simple.items():
            head += [holder, _packed(numbers)]
        keys = [
            *self._keys(event_id),
            DEAD_STREAM,
            DEAD_COUNTS,
            unsure_key(self._channel),
            log_key(self._channel, event_id),
        ]
        every = [*head, len(endings) - count, *args, rows, rows_kept]
        await until_written(lambda: self._close(keys=keys, args=every))

    async def note_deferred(self, ends: Mapping[int, int]) -> None:
        """How many deliveries wait by their reader's choice until which minute, see `DueQueue.troubled`."""
        async with self._redis.pipeline() as pipe:
            for minute, count in ends.items():
                pipe.hincrby(deferred_key(self._retries), str(minute), count)
            pipe.expire(deferred_key(self._retries), Retention.DEFERRED)
            await pipe.execute()

    async def hasten(self, event_id: str, entry: str, numbers: Iterable[int]) -> int:
        """Makes due now what waits; how many that were."""
        args = [milliseconds(self._clock), entry, *numbers]
        return int(await self._hasten(keys=[self._key(event_id), self._retries], args=args))

    async def records(self, event_id: str, numbers: Iterable[int] | None = None) -> Mapping[int, Record]:
        """What is known of an event on this channel: of everybody, or of some."""
        wanted = None if numbers is None else list(numbers)
        if wanted is not None and not wanted:
            return {}
        notes, marks = await self._read(self._key(event_id), wanted)
        found = {number: decode_record(note) for number, note in notes.items()}
        only = None if wanted is None else set(wanted)
        for number, mark in marks_in(marks):
            if (only is None or number in only) and mark is not Mark.NOTED:
                found[number] = _marked(mark, found.get(number))
        return found

    async def forget(self, event_id: str, number: int, state: DeliveryState) -> bool:
        """As if never attempted, if it is still in that state. Only `replay` and `dead redrive` ask for this."""
        key = self._key(event_id)
        return bool(await self._forget(keys=[key, key + _MARKS], args=[number, str(state)]))

    async def tell(self, event_ids: Sequence[str], number: int, state: DeliveryState, note: str) -> bool:
        """Events that somebody is told of in another message, all in one step; `note`: as a record's. False where one
        of them is told them otherwise, or was."""

        async def write() -> bool:
            async with self._redis.pipeline() as pipe:
                for key in map(self._key, event_ids):
                    args: list[str | int] = [Retention.LEDGER, number, str(state), note]
                    await self._tell(keys=[key, key + _MARKS], args=args, client=pipe)
                return all(await pipe.execute())

        return await until_written(write)

    async def _read(self, key: str, numbers: list[int] | None) -> tuple[dict[int, str], dict[str, bytes]]:
        async with self._redis.pipeline(transaction=False) as pipe:
            if numbers is None:
                pipe.hgetall(key)
                pipe.execute_command("HGETALL", key + _MARKS, **_RAW)
                notes, marks = await pipe.execute()
                return {int(one): note for one, note in notes.items()}, {
                    one.decode(): raw for one, raw in marks.items()
                }
            pages = sorted({page_of(number) for number in numbers})
            pipe.hmget(key, [str(number) for number in numbers])
            pipe.execute_command("HMGET", key + _MARKS, *pages, **_RAW)
            notes, marks = await pipe.execute()
        there = {number: note for number, note in zip(numbers, notes, strict=True) if note is not None}
        return there, {page: raw for page, raw in zip(pages, marks, strict=True) if raw is not None}

    def _keys(self, event_id: str) -> list[str]:
        key = self._key(event_id)
        return [key, key + _MARKS, self._retries, self._leases, self._ends, self._open]

    def _key(self, event_id: str) -> str:
        return _key(self._channel, event_id)


def _marked(mark: Mark, before: Record | None) -> Record:
    """What stands in no note, or is being attempted since the note was written."""
    if mark is Mark.SENT:
        return Record(DeliveryState.SENT, 1, 0.0, "")
    if before is None:
        return Record(DeliveryState.SENDING, 1, 0.0, "")
    return Record(DeliveryState.SENDING, before.attempt + 1, 0.0, before.note, before.copies)


def _told(ending: Ending) -> list[str | int]:
    """As the script takes one that was not simply sent."""
    attempt, letter = ending.attempt, ending.letter
    ordinal = attempt.ordinal if ending.attempted else attempt.ordinal - 1
    later = (int(ending.wait * 1000), attempt.resume_at or 0)
    left = (letter.encode(), letter.kind) if letter else ("", "")
    place = (attempt.number, attempt.due.member, attempt.holder)
    return [*place, str(ending.state), ordinal, ending.note, ending.copies, *later, *left]


def _packed(numbers: Sequence[int]) -> bytes:
    return struct.pack(f">{len(numbers)}Q", *numbers)


async def forget_everything(redis: Redis, channel: str, numbers: Iterable[int]) -> None:
    """That these subscribers ever got anything on a channel. Only who is erased is forgotten so."""
    forget = redis.register_script(scripts.FORGET)
    whose = list(numbers)
    async for key in redis.scan_iter(_key(channel, "*"), count=1_000):
        if not key.endswith(_MARKS):
            continue
        for number in whose:
            await forget(keys=[key.removesuffix(_MARKS), key], args=[number, ""])
    async for key in redis.scan_iter(_key(channel, "*"), count=1_000):
        if not key.endswith(_MARKS):
            await redis.hdel(key, *map(str, whose))


def lease_keys(channel: str) -> tuple[str, str, str]:
    """The leases, when each of them ends, and how many deliveries of each are still open."""
    key = f"vestka:leases:{channel}"
    return key, f"{key}:ends", f"{key}:open"


def log_key(channel: str, event_id: str) -> str:
    """What became of every attempt at an event, see `delivery_log`."""
    return f"vestka:attempts:{channel}:{event_id}"


def _key(channel: str, event_id: str) -> str:
    return f"vestka:ledger:{channel}:{event_id}"


def unsure_key(channel: str) -> str:
    """A hash: an event's id, and how many deliveries of it ended unsure on this channel."""
    return f"vestka:unsure:{channel}"
