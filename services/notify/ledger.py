"""The memory of what was sent: asked before every send, written after, by nobody else.

One hash an event and channel, one field a subscriber. A record is `state|attempt|until|note`:

    sending|2|1735398000000|      claimed for attempt 2; the claim holds until then (Unix ms)
    waiting|2|1735398300000|1     attempt 2 ended in Retry; attempt 3 is due then; the note is how far it came
    sent|1|0|42                   taken; the note is the far side's reference
    refused|10|0|exhausted        given up; the note is the reason

Whoever claims gets the delivery alone, and with the claim the delivery is due again at the claim's end; closing takes
it out of what is due. So a process may die at any point: what it was sending is attempted once more, the same attempt
with the same id. That is the one duplicate we allow. Claiming and closing are one script each, so that no crash can
leave the ledger and the due-queue apart.

A holder whose claim ran out, and was granted to another, may still say that the message was taken; whatever else it
says comes too late and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from redis.asyncio import Redis

from services.runtime.dead_letters import DEAD_COUNTS, DEAD_STREAM, DeadLetter

KEPT_FOR: Final = 500 * 24 * 3600
"""Seconds: longer than the events stream keeps an entry, so re-reading that from its start sends nothing twice."""


class State(StrEnum):
    SENDING = "sending"
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


_UNSURE: Final = ("replaced", "exhausted")
"""Reasons for giving up that say nothing about whether an earlier attempt went through."""


@dataclass(frozen=True, slots=True)
class Record:
    state: State
    attempt: int
    until: float
    """Unix seconds: end of the claim (sending) or of the wait (waiting); 0 for what is closed."""
    note: str

    @property
    def closed(self) -> bool:
        return self.state in (State.SENT, State.REFUSED)

    @property
    def may_have_arrived(self) -> bool:
        """Taken, on its way, or tried with an unsure end: whoever may have it must also hear that it was wrong."""
        unsure = self.state is State.WAITING or (self.state is State.REFUSED and self.note in _UNSURE)
        return self.state in (State.SENT, State.SENDING) or (unsure and self.attempt > 0)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one attempt, until `until` (Unix ms)."""

    number: int
    attempt: int
    progress: str | None
    until: int = field(default=0, compare=False)


_CLAIM: Final = """
local granted = {}
local now, claimed_until = tonumber(ARGV[1]), ARGV[2]
for i = 5, #ARGV do
  local record = redis.call('HGET', KEYS[1], ARGV[i])
  local attempt, note, free = 1, '', true
  if record then
    local state, tried, held, said = string.match(record, '^(%a+)|(%d+)|(%d+)|(.*)$')
    free = (state == 'sending' or state == 'waiting') and tonumber(held) <= now
    attempt, note = tonumber(tried), said
    if state == 'waiting' then attempt = attempt + 1 end
  end
  if free then
    redis.call('HSET', KEYS[1], ARGV[i], 'sending|' .. attempt .. '|' .. claimed_until .. '|' .. note)
    redis.call('ZADD', KEYS[2], claimed_until, ARGV[4] .. '|' .. ARGV[i])
    table.insert(granted, {ARGV[i], attempt, note})
  end
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
return granted
"""

_CLOSE: Final = """
local record = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local sent = string.sub(ARGV[2], 1, 5) == 'sent|'
if string.sub(record, 1, 5) == 'sent|' then
  redis.call('ZREM', KEYS[2], ARGV[3])
  return 0
end
if not sent and string.sub(record, 1, #ARGV[7]) ~= ARGV[7] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[5])
if ARGV[4] == '' then redis.call('ZREM', KEYS[2], ARGV[3]) else redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3]) end
if ARGV[6] ~= '' then
  redis.call('XADD', KEYS[3], '*', 'letter', ARGV[6])
  redis.call('HINCRBY', KEYS[4], ARGV[8], 1)
end
return 1
"""


_FORGET: Final = """
local record = redis.call('HGET', KEYS[1], ARGV[1])
if record and string.sub(record, 1, #ARGV[2]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
"""


class Ledger:
    """All of what was and is being sent on one channel."""

    def __init__(self, redis: Redis, channel: str, retries_key: str) -> None:
        self._redis = redis
        self._channel = channel
        self._retries = retries_key
        self._claim = redis.register_script(_CLAIM)
        self._close = redis.register_script(_CLOSE)
        self._forget = redis.register_script(_FORGET)

    async def claim(self, event_id: str, entry: str, numbers: Iterable[int], now: float, hold: float) -> list[Claim]:
        """Claims what may be attempted now, for `hold` seconds; leaves out what is closed, claimed or not yet due.

        `entry` is the event's place in the stream, by which the due-queue finds it again.
        """
        numbers = list(numbers)
        if not numbers:
            return []
        times = [int(now * 1000), int((now + hold) * 1000), KEPT_FOR]
        granted = await self._claim(keys=[self._key(event_id), self._retries], args=[*times, entry, *numbers])
        return [Claim(int(number), int(attempt), note or None, times[1]) for number, attempt, note in granted]

    async def close_sent(self, event_id: str, claim: Claim, member: str, reference: str | None) -> None:
        await self._write(event_id, claim, f"sent|{claim.attempt}|0|{reference or ''}", member)

    async def close_refused(self, event_id: str, claim: Claim, member: str, letter: DeadLetter) -> None:
        """Gives up, and leaves the dead letter in the same step."""
        await self._write(event_id, claim, f"refused|{claim.attempt}|0|{letter.reason}", member, letter=letter)

    async def close_skipped(self, event_id: str, claim: Claim, member: str, reason: str) -> None:
        """Not attempted, for a reason of our own (a stop that came in between): closed, with nothing to look after."""
        await self._write(event_id, claim, f"refused|{claim.attempt - 1}|0|{reason}", member)

    async def close_waiting(
        self, event_id: str, claim: Claim, member: str, due: float, progress: str | None, attempted: bool = True
    ) -> None:
        """To be attempted at `due` (Unix seconds). `attempted`: whether this attempt was really made."""
        attempt = claim.attempt if attempted else claim.attempt - 1
        milliseconds = int(due * 1000)
        record = f"waiting|{attempt}|{milliseconds}|{progress or ''}"
        await self._write(event_id, claim, record, member, due=str(milliseconds))

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
        self, event_id: str, claim: Claim, record: str, member: str, due: str = "", letter: DeadLetter | None = None
    ) -> None:
        held = f"{State.SENDING}|{claim.attempt}|{claim.until}|"
        kind, text = (letter.kind, letter.encode()) if letter else ("", "")
        await self._close(
            keys=[self._key(event_id), self._retries, DEAD_STREAM, DEAD_COUNTS],
            args=[claim.number, record, member, due, KEPT_FOR, text, held, kind],
        )

    def _key(self, event_id: str) -> str:
        return f"vestka:ledger:{self._channel}:{event_id}"


def _read(raw: str) -> Record:
    state, attempt, until, note = raw.split("|", 3)
    return Record(State(state), int(attempt), int(until) / 1000, note)
