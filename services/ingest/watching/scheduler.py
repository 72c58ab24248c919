"""When to look at which source.

A source is asked by a task of its own, so that a slow or dead one delays no other. What it gave is remembered only
after everything was passed on: a crash in between offers again, and `offer` knows what it already has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.ingest.sources.base import FetchResult, WatchedSource
from services.ingest.watching.health import SourceCondition, SourceHealth, SourceMemory, SourceState, judge
from services.ingest.watching.pauses import interval, pause_after
from services.ingest.watching.poll import Observers, Offer, Poller, Result, ask
from services.runtime.clock import rfc3339

OnHealth = Callable[[str, SourceHealth], Awaitable[None]]
"""Told after every look how the source is doing; alarms hang on it."""

_log = structlog.get_logger(__name__)

_FIRST_LOOKS_WITHIN: Final = 10.0
_AFTER_OUR_FAILURE: Final = 5.0
_LISTENS_EVERY: Final = 20.0
"""Seconds after which a long pause is looked at again: an operator may have found that the source is well."""


async def _nobody_listens(_source_id: str, _health: SourceHealth) -> None:
    return None


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """One asking and its end. `pause`: seconds until the next."""

    state: SourceState
    pause: float


class Scheduler:
    """`clock` gives aware times, `dice` numbers from 0 to 1. `mirrors`: see `articles.to_article`."""

    def __init__(
        self,
        sources: Sequence[WatchedSource],
        memory: SourceMemory,
        offer: Offer,
        *,
        clock: Callable[[], datetime],
        dice: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        mirrors: Mapping[str, str] | None = None,
        observers: Observers | None = None,
        on_health: OnHealth = _nobody_listens,
    ) -> None:
        self._sources = tuple(sources)
        self._memory = memory
        self._clock = clock
        self._dice = dice
        self._sleep = sleep
        self._tell = observers or Observers()
        self._poller = Poller(offer, mirrors or {}, clock, self._tell)
        self._on_health = on_health
        self._conditions: dict[str, SourceCondition] = {}
        self._blocked: set[str] = set()

    @property
    def source_ids(self) -> frozenset[str]:
        return frozenset(source.id for source in self._sources)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                for source in self._sources:
                    group.create_task(self._watch(source), name=f"watch {source.id}")
        finally:
            with suppress(Exception):  # else they are free in a minute
                await self._memory.let_go(self.source_ids)

    async def poll(self, source: WatchedSource) -> PollOutcome:
        """Asks once, passes on what is new, remembers. Raises what `offer`, the observers and the memory raise, and
        nothing else."""
        before = (await self._memory.load(source.id)).asked_whole_once_a_day(self._clock())
        answer = await ask(source, before)
        now = self._clock()
        if isinstance(answer, FetchResult):
            after = await self._poller.take(source, before, answer)
            hint, retry_after = answer.wait, None
            if answer.flaw and not after.failures:
                after = after.with_flaw(answer.flaw, before, now)
                self._tell.on_result(source.id, Result.TROUBLE)
        else:
            after, hint, retry_after = before.after_trouble(answer, now), None, answer.retry_after
            self._tell.on_result(source.id, Result.TROUBLE)
        every = interval(source.every, hint, source.slowest)
        pause = pause_after(every, after.failures, retry_after, self._dice())
        if after.failures:
            after = after.left_alone_until(now + timedelta(seconds=pause))
        await self._memory.save(source.id, after)
        await self._report(source, after)
        return PollOutcome(after, pause)

    async def _watch(self, source: WatchedSource) -> None:
        await self._rest(source, await self._first_pause(source))
        while True:
            await self._rest(source, await self._turn(source))

    async def _first_pause(self, source: WatchedSource) -> float:
        """Spread, and a back-off outlives a restart: one that crashes in a circle must not ask in a circle."""
        pause = self._dice() * min(source.every, _FIRST_LOOKS_WITHIN)
        try:
            alone_until = (await self._memory.load(source.id)).alone_until
        except Exception:  # the turn itself will say so
            return pause
        left = (alone_until - self._clock()).total_seconds() if alone_until else 0.0
        return max(pause, left)

    async def _turn(self, source: WatchedSource) -> float:
        """One asking, unless the source is paused or another process asks it; the seconds until the next one."""
        try:
            if not await self._memory.hold(source.id):
                return _LISTENS_EVERY
            if await self._memory.is_paused(source.id):
                await self._on_health(source.id, SourceHealth(SourceCondition.PAUSED))
                return source.every
            poll = await self.poll(source)
        except Exception as error:  # we failed, not the source: it is asked again, whatever it was
            if source.id not in self._blocked:
                self._blocked.add(source.id)
                _log.error("source.look_failed", source=source.id, error=type(error).__name__, exc_info=True)
            return _AFTER_OUR_FAILURE * (1 + 0.1 * self._dice())
        self._blocked.discard(source.id)
        return poll.pause

    async def _rest(self, source: WatchedSource, seconds: float) -> None:
        """Sleeps; a long pause ends early when somebody requests a look, and the source stays ours meanwhile."""
        while seconds > _LISTENS_EVERY:
            await self._sleep(_LISTENS_EVERY)
            seconds -= _LISTENS_EVERY
            if await self._is_look_requested(source):
                return
        await self._sleep(seconds)

    async def _is_look_requested(self, source: WatchedSource) -> bool:
        try:
            return await self._memory.hold(source.id) and await self._memory.take_look_request(source.id)
        except Exception:  # the store is away: the request stays there
            return False

    async def _report(self, source: WatchedSource, state: SourceState) -> None:
        if state.newest_item:
            self._tell.on_newest(source.id, state.newest_item.timestamp())
        health = judge(state, self._clock(), timedelta(seconds=source.quiet_after))
        if health.condition is not self._conditions.get(source.id, SourceCondition.OK):
            log = _log.info if health.condition is SourceCondition.OK else _log.warning
            log(
                f"source.{health.condition}",
                source=source.id,
                since=health.since and rfc3339(health.since.timestamp()),
                reason=health.reason,
            )
        self._conditions[source.id] = health.condition
        await self._on_health(source.id, health)
