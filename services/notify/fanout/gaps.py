"""Which event never came by: notify remembers up to which sequence it routed every event, and asks for what is missing.

An event is missing when ingest published it, it stands neither unread nor unfinished on the stream, and it was not
routed. So an entry that was trimmed, deleted or lost with the stream's head is noticed, also when nothing comes after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from services.contract import EVENTS_STREAM, Event
from services.runtime.kept_events import ORDER, SEQUENCE, KeptEvents
from services.runtime.metrics import Metrics
from services.runtime.retention import Retention
from services.runtime.streams import Entry, entries_between

log = structlog.get_logger(__name__)

ROUTED: Final = "vestka:events:routed"
"""The ids of events that were routed beyond `ROUTED_TO`, sorted by sequence."""
ROUTED_TO: Final = "vestka:events:routed-to"
"""Up to this sequence every event was routed, or given up."""
ASKED: Final = "vestka:events:asked"
"""A hash: the id of an event that is missing, to "how often we asked for it|when last" (Unix milliseconds)."""
LOST: Final = "vestka:events:lost"
"""How many events did not come back."""
KIND: Final = "events_missing"
"""Of the alarm."""
NOTICED: Final = "vestka:events:gap-noticed"
"""How many were missing, for an hour after that was noticed last."""

_LOOK_EVERY: Final = 3.0  # seconds
_AT_ONCE: Final = 200
_ASK_AGAIN: Final = 20.0  # seconds
_MOST_ASKED: Final = 3

_SETTLE: Final = """
local newest = tonumber(redis.call('GET', KEYS[3]) or '0')
local settled = math.min(newest, math.max(tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or '0')))
redis.call('SET', KEYS[1], settled)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', settled)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '(' .. newest, '+inf')
"""
"""A sequence beyond the newest is none of ingest's: it stands for nothing."""


@dataclass(frozen=True, slots=True)
class StreamView:
    """What one look found, read in this order, so that what moves on meanwhile is found further on."""

    newest: int
    """The sequence of the newest event of ingest's."""
    settled: int
    """Up to here nothing is missing."""
    kept: Sequence[tuple[str, int]]
    """Ids and sequences beyond `settled`, the first first."""
    in_hand: Set[str]
    """The ids of what is unread or unfinished."""
    routed: Mapping[str, int]
    """Ids and sequences beyond `settled`."""


@dataclass(frozen=True, slots=True)
class GapsFound:
    settled: int
    missing: tuple[str, ...] = ()
    unkept: int = 0
    """How many are missing of which not even the id is known any more."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A condition as `alarms` takes it."""

    says: str
    kind: str = field(default=KIND, init=False)
    about: str = field(default=EVENTS_STREAM, init=False)


def find_gaps(seen: StreamView, given_up: Set[str] = frozenset()) -> GapsFound:
    """`given_up`: ids of what was asked for in vain."""
    known = sorted({**dict(seen.kept), **seen.routed}.items(), key=lambda one: (one[1], one[0] in seen.routed))
    settled, missing, unkept = seen.settled, list[str](), 0
    open_ = False
    for event_id, sequence in [*known, ("", seen.newest + 1)]:
        if sequence > seen.newest + 1:
            break
        if not open_:
            unkept += max(0, sequence - settled - 1)
            settled = max(settled, sequence - 1)
        if not event_id:
            break
        if event_id in seen.routed or event_id in given_up:
            settled = settled if open_ else max(settled, sequence)
            continue
        open_ = True
        if event_id not in seen.in_hand:
            missing.append(event_id)
    return GapsFound(settled, tuple(missing), unkept)


def gap(missing: int, lost: int) -> Gap | None:
    """What a person should know; None: every event came by. `missing`: lately noticed, and asked for again."""
    if lost:
        return Gap(
            f"{lost} event(s) were lost from {EVENTS_STREAM} and did not come back: see whether ingest runs, compare "
            "'vestka story list' with 'vestka event list', and send with 'vestka replay ID' what readers lack"
        )
    if missing:
        return Gap(
            f"{missing} event(s) were lost from {EVENTS_STREAM} and published again: look for who trims or deletes "
            "there (XTRIM, XDEL, a restore, a second Vestka on this Redis)"
        )
    return None


def mark_routed(pipe: Pipeline, event: Event) -> None:
    """Queues the write that belongs into the transaction by which the event is put on the deliveries streams."""
    pipe.zadd(ROUTED, {event.id: event.data.sequence})


async def mark_buried(redis: Redis, entry: Entry) -> None:
    """An event that was buried is not missing: its letter tells of it."""
    event_id = entry.fields.get("id", "")
    sequence = await redis.zscore(ORDER, event_id) if entry.stream == EVENTS_STREAM else None
    if sequence is not None:
        await redis.zadd(ROUTED, {event_id: sequence})


async def gap_state(redis: Redis) -> Gap | None:
    """What a person should know now."""
    return gap(int(await redis.get(NOTICED) or 0), int(await redis.get(LOST) or 0))


async def know_of_lost(redis: Redis, kind: str) -> None:
    """A person knows of what did not come back, once an alarm of this kind is cleared: the next loss sounds anew."""
    if kind == KIND:
        await redis.delete(LOST)


class Gaps:
    def __init__(self, redis: Redis, group: str, metrics: Metrics) -> None:
        self._redis = redis
        self._group = group
        self._metrics = metrics
        self._kept = KeptEvents(redis)
        self._settle = redis.register_script(_SETTLE)

    async def look(self, now: float) -> GapsFound | None:
        """Asks ingest for what is missing; None where there is too much unread to tell. `now`: Unix seconds."""
        seen = await self._see()
        if seen is None:
            return None
        asked = await self._asked()
        found = find_gaps(seen, {event_id for event_id, (times, _) in asked.items() if times > _MOST_ASKED})
        await self._ask(found, asked, now)
        await self._settle(keys=[ROUTED_TO, ROUTED, SEQUENCE], args=[found.settled])
        open_ = {event_id for event_id, sequence in seen.kept if sequence > found.settled}
        if done := asked.keys() - open_:
            await self._redis.hdel(ASKED, *done)
        return found

    async def _see(self) -> StreamView | None:
        newest = int(await self._redis.get(SEQUENCE) or 0)
        settled = min(await self._settled(newest), newest)
        if settled == newest:
            return StreamView(newest, settled, (), frozenset(), {})
        kept: Any = await self._redis.zrangebyscore(ORDER, f"({settled}", newest, 0, _AT_ONCE, withscores=True)
        if len(kept) == _AT_ONCE:
            newest = int(kept[-1][1])
        in_hand = await self._in_hand()
        if in_hand is None:
            return None
        routed: Any = await self._redis.zrangebyscore(ROUTED, f"({settled}", newest, withscores=True)
        return StreamView(newest, settled, _whole(kept), in_hand, dict(_whole(routed)))

    async def _settled(self, newest: int) -> int:
        """At the very first look: whatever ingest keeps must come by; of what is older nobody knows."""
        noted = await self._redis.get(ROUTED_TO)
        if noted is not None:
            return int(noted)
        first: Any = await self._redis.zrange(ORDER, 0, 0, withscores=True)
        return int(first[0][1]) - 1 if first else newest

    async def _in_hand(self) -> frozenset[str] | None:
        groups: Any = await self._redis.xinfo_groups(EVENTS_STREAM)
        last = next(one["last-delivered-id"] for one in groups if one["name"] == self._group)
        unread: Any = await self._redis.xrange(EVENTS_STREAM, f"({last}", "+", _AT_ONCE)
        pending: Any = await self._redis.xpending_range(EVENTS_STREAM, self._group, "-", "+", _AT_ONCE)
        if _AT_ONCE in (len(unread), len(pending)):
            return None
        ids = {fields.get("id", "") for _, fields in unread}
        for one in pending:
            there = await entries_between(self._redis, EVENTS_STREAM, one["message_id"], one["message_id"])
            ids.update(entry.fields.get("id", "") for entry in there)
        return frozenset(ids)

    async def _asked(self) -> dict[str, tuple[int, float]]:
        raw: Any = await self._redis.hgetall(ASKED)
        parted = {event_id: text.partition("|") for event_id, text in raw.items()}
        return {event_id: (int(times), int(at) / 1000) for event_id, (times, _, at) in parted.items()}

    async def _ask(self, found: GapsFound, asked: Mapping[str, tuple[int, float]], now: float) -> None:
        new = [event_id for event_id in found.missing if event_id not in asked]
        if new or found.unkept:
            log.error("events_missing", event_ids=new, beside_these=found.unkept)
            self._metrics.events_missing.inc(len(new) + found.unkept)
            await self._redis.set(NOTICED, len(new) + found.unkept, ex=Retention.GAP_NOTICED)
        lost = found.unkept
        for event_id in found.missing:
            times, at = asked.get(event_id, (0, 0.0))
            if now - at < _ASK_AGAIN and at <= now:
                continue
            await self._redis.hset(ASKED, event_id, f"{times + 1}|{int(now * 1000)}")
            lost += times == _MOST_ASKED
            if times < _MOST_ASKED:
                await self._kept.want([event_id], now)
        if lost:
            log.error("events_lost", count=lost)
            await self._redis.incrby(LOST, lost)


async def look_for_gaps_forever(gaps: Gaps, now: Callable[[], float]) -> None:
    """Until cancelled."""
    while True:
        try:
            await gaps.look(now())
        except RedisError as error:
            log.warning("gaps_not_looked_for", error=type(error).__name__)
        await asyncio.sleep(_LOOK_EVERY)


def _whole(scored: Sequence[tuple[str, float]]) -> list[tuple[str, int]]:
    return [(member, int(score)) for member, score in scored]
