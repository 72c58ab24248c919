"""The memory of what was sent: asked before every send, written after, by nobody else.

One hash an event and channel, one field a subscriber. A record is `state|attempt|until|note`:

    sending|2|1735398000000|k3x.0~      claimed for attempt 2; the claim holds until then (Unix ms)
    waiting|2|1735398300000|.1~1        attempt 2 ended in Retry; attempt 3 is due then; see `ledger_scripts`
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
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import structlog
from redis.asyncio import Redis

from services.notify import ledger_scripts as scripts
from services.runtime.connections import is_shortage, until_written
from services.runtime.dead_letters import DEAD_COUNTS, DEAD_STREAM, DeadLetter

log = structlog.get_logger(__name__)

KEPT_FOR: Final = 500 * 24 * 3600
"""Seconds: longer than the events stream keeps an entry, so re-reading that from its start sends nothing twice."""

Clock = Callable[[], float] | None
"""Unix seconds. None, outside of tests: the server's own."""


def milliseconds(clock: Clock) -> int | str:
    """As the scripts take it."""
    return "" if clock is None else int(clock() * 1000)


class State(StrEnum):
    SENDING = "sending"
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    UNSURE = "unsure"


_UNSURE: Final = ("replaced", "exhausted")
"""Reasons for giving up that say nothing about whether an earlier attempt went through."""


@dataclass(frozen=True, slots=True)
class Record:
    state: State
    attempt: int
    until: float
    """Unix seconds: end of the claim (sending) or of the wait (waiting); 0 for what is closed."""
    note: str
    copies: int = 0
    """How many went out whose end nobody knows."""

    @property
    def closed(self) -> bool:
        return self.state not in (State.SENDING, State.WAITING)

    @property
    def may_have_arrived(self) -> bool:
        """Taken, on its way, or tried with an unsure end: whoever may have it must also hear that it was wrong."""
        unsure = self.state is State.WAITING or (self.state is State.REFUSED and self.note in _UNSURE)
        sure = self.state in (State.SENT, State.SENDING, State.UNSURE)
        partly = self.state is State.WAITING and self.note != ""  # some of a split text was taken
        return sure or partly or self.copies > 0 or (unsure and self.attempt > 0)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one attempt; whoever else wants it must wait until it ends."""

    number: int
    attempt: int
    progress: str | None
    copies: int = 0
    """How many went out before whose end nobody knows."""
    holder: str = field(default="", compare=False)
    taken_over: bool = field(default=False, compare=False)
    """Another held it and never said how it ended."""
    resume_at: int | None = field(default=None, compare=False)
    """Unix ms: claimed before its time, and due then if this comes to nothing."""

    @property
    def repeats(self) -> bool:
        """Whether the far side may have it already."""
        return self.taken_over or self.copies > 0


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
        self, event_id: str, entry: str, numbers: Iterable[int], hold: float, *, early: bool = False
    ) -> list[Claim]:
        """Claims what may be attempted now, for `hold` seconds; leaves out what is closed, claimed or not yet due.

        `entry` is the event's place in the stream, by which the due-queue finds it again. `early`: what waits is
        claimed before its time as well.
        """
        numbers = list(numbers)
        if not numbers:
            return []
        holder = self._new_holder()
        terms = [milliseconds(self._clock), int(hold * 1000), KEPT_FOR, entry, holder, int(early)]
        granted = await self._claim(keys=[self._key(event_id), self._retries], args=[*terms, *numbers])
        return [
            Claim(int(number), int(attempt), note or None, int(copies), holder, bool(again), int(resume) or None)
            for number, attempt, note, copies, again, resume in granted
        ]

    @asynccontextmanager
    async def kept_alive(self, event_id: str, claim: Claim, member: str, hold: float) -> AsyncIterator[None]:
        """Nobody else gets the delivery while the block lasts and this process lives, wherever it waits."""

        async def extend() -> None:
            while True:
                await asyncio.sleep(hold / 3)
                try:
                    await self.extend(event_id, claim, member, hold)
                except Exception as error:
                    if not is_shortage(error):
                        raise
                    log.warning("claim_not_extended", channel=self._channel, error=type(error).__name__)

        task = asyncio.create_task(extend())
        try:
            yield
        finally:
            task.cancel()

    async def extend(self, event_id: str, claim: Claim, member: str, hold: float) -> bool:
        """For `hold` seconds from now; False: it is no longer ours."""
        args = [milliseconds(self._clock), int(hold * 1000), claim.number, claim.holder, member]
        return bool(await self._extend(keys=[self._key(event_id), self._retries], args=args))

    async def close_sent(self, event_id: str, claim: Claim, member: str, reference: str | None) -> None:
        await self._write(event_id, claim, member, State.SENT, claim.attempt, reference or "")

    async def close_refused(self, event_id: str, claim: Claim, member: str, letter: DeadLetter) -> None:
        """Gives up, and leaves the dead letter in the same step."""
        await self._write(event_id, claim, member, State.REFUSED, claim.attempt, letter.reason, letter=letter)

    async def close_unsure(self, event_id: str, claim: Claim, member: str, letter: DeadLetter) -> None:
        """Sends no more copies; counted under `unsure_key`, and the dead letter lists it."""
        await self._write(event_id, claim, member, State.UNSURE, claim.attempt, letter.reason, letter=letter)

    async def close_skipped(self, event_id: str, claim: Claim, member: str, reason: str) -> None:
        """Not attempted, for a reason of our own (a stop that came in between): closed, with nothing to look after."""
        await self._write(event_id, claim, member, State.REFUSED, claim.attempt - 1, reason)

    async def close_waiting(
        self,
        event_id: str,
        claim: Claim,
        member: str,
        wait: float,
        progress: str | None,
        *,
        attempted: bool = True,
        copies: int | None = None,
    ) -> None:
        """To be attempted in `wait` seconds; where it was claimed early, not before it was due anyway.

        `attempted`: whether this attempt counts; `copies`: how many may have arrived by now.
        """
        attempt = claim.attempt if attempted else claim.attempt - 1
        note = f".{claim.copies if copies is None else copies}~{progress or ''}"
        await self._write(event_id, claim, member, State.WAITING, attempt, note, wait=str(int(wait * 1000)))

    async def hasten(self, event_id: str, entry: str, numbers: Iterable[int]) -> int:
        """Makes due now what waits; how many that were."""
        args = [milliseconds(self._clock), entry, *numbers]
        return int(await self._hasten(keys=[self._key(event_id), self._retries], args=args))

    async def records(self, event_id: str, numbers: Iterable[int] | None = None) -> Mapping[int, Record]:
        """What is known of an event on this channel: of everybody, or of some."""
        if numbers is None:
            raw: Any = await self._redis.hgetall(self._key(event_id))
            return {int(number): _read(record) for number, record in raw.items()}
        wanted = list(numbers)
        if not wanted:
            return {}
        found: Any = await self._redis.hmget(self._key(event_id), [str(number) for number in wanted])
        return {number: _read(record) for number, record in zip(wanted, found, strict=True) if record is not None}

    async def forget(self, event_id: str, number: int, state: State) -> bool:
        """As if never attempted, if it is still in that state. Only `replay` and `dead redrive` ask for this."""
        return bool(await self._forget(keys=[self._key(event_id)], args=[number, f"{state}|"]))

    async def _write(
        self,
        event_id: str,
        claim: Claim,
        member: str,
        state: State,
        attempt: int,
        note: str,
        *,
        wait: str = "",
        letter: DeadLetter | None = None,
    ) -> None:
        """Until it is written. Done twice it meets itself: the second time the claim is no longer held."""
        kind, text = (letter.kind, letter.encode()) if letter else ("", "")
        keys = [self._key(event_id), self._retries, DEAD_STREAM, DEAD_COUNTS, unsure_key(self._channel)]
        record: list[str | int] = [str(state), attempt, wait, claim.resume_at or 0, note, text, kind, event_id]
        args = [milliseconds(self._clock), claim.number, member, claim.holder, KEPT_FOR, *record]
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


_OPEN_NOTE: Final = re.compile(r"[0-9A-Za-z]*\.([0-9]+)~(.*)", re.DOTALL)


def _read(raw: str) -> Record:
    state, attempt, until, note = raw.split("|", 3)
    open_note = _OPEN_NOTE.fullmatch(note) if state in (State.SENDING, State.WAITING) else None
    copies, said = (int(open_note[1]), open_note[2]) if open_note else (0, note)
    return Record(State(state), int(attempt), int(until) / 1000, said, copies)
