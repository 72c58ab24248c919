"""When to look at which source, and what of it is new.

A source is asked by a task of its own, so that a slow or dead one delays no other. What it gave is remembered only
after everything was passed on: a crash in between offers again, and `offer` knows what it already has.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import structlog

from services.ingest.articles import UnreadableItem, to_article
from services.ingest.source_health import QUIET_AFTER, Condition, SourceMemory, SourceState, judge
from services.ingest.sources.base import Given, Item, Source, SourceTrouble

Offer = Callable[[Item], Awaitable[bool]]
"""Passes an item on; True: it was new. An exception means that we failed, and the item is offered again."""

_log = structlog.get_logger(__name__)

_LONGEST_BACK_OFF: Final = 3600.0
_JITTER: Final = 0.1
_FIRST_LOOKS_WITHIN: Final = 10.0
_AFTER_OUR_FAILURE: Final = 5.0
_ASK_DEADLINE: Final = 300.0
"""Seconds for one asking with all its pages, each of which has a deadline of its own."""
_SEEN_KEPT: Final = 500
_CLOCKS_DIFFER: Final = timedelta(hours=1)


class Result(StrEnum):
    """What became of one item, or of one asking: labels of `vestka_items_total`."""

    NEW = "new"
    EDITED = "edited"
    KNOWN = "known"
    UNREADABLE = "unreadable"
    VANISHED = "vanished"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Observers:
    """Who is told: the metrics, or nobody. `on_newest` gets Unix seconds."""

    on_result: Callable[[str, str], None] = lambda _source_id, _result: None
    on_newest: Callable[[str, float], None] = lambda _source_id, _timestamp: None


@dataclass(frozen=True, slots=True)
class Look:
    """One asking and its end. `retry_after`: seconds that the site asked us to wait."""

    state: SourceState
    retry_after: float | None = None


class Watcher:
    """`clock` gives aware times, `dice` numbers from 0 to 1. `mirrors`: see `articles.to_article`."""

    def __init__(
        self,
        sources: Sequence[Source],
        memory: SourceMemory,
        offer: Offer,
        *,
        clock: Callable[[], datetime],
        dice: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        mirrors: Mapping[str, str] | None = None,
        observers: Observers | None = None,
        quiet_after: timedelta = QUIET_AFTER,
    ) -> None:
        self._sources = tuple(sources)
        self._memory = memory
        self._offer = offer
        self._clock = clock
        self._dice = dice
        self._sleep = sleep
        self._mirrors = mirrors or {}
        self._tell = observers or Observers()
        self._quiet_after = quiet_after
        self._conditions: dict[str, Condition] = {}
        self._blocked: set[str] = set()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for source in self._sources:
                group.create_task(self._watch(source), name=f"watch {source.id}")

    async def look(self, source: Source) -> Look:
        """Asks once, passes on what is new, remembers. Raises what `offer` and the memory raise, and nothing else."""
        before = await self._memory.load(source.id)
        answer = await _ask(source, before)
        if isinstance(answer, Given):
            after = await self._take(source, before, answer)
        else:
            after = before.after_trouble(answer, self._clock())
            self._tell.on_result(source.id, Result.TROUBLE)
        await self._memory.save(source.id, after)
        self._report(source, before, after)
        return Look(after, None if isinstance(answer, Given) else answer.retry_after)

    async def _watch(self, source: Source) -> None:
        await self._sleep(self._dice() * min(source.every, _FIRST_LOOKS_WITHIN))
        while True:
            await self._sleep(await self._turn(source))

    async def _turn(self, source: Source) -> float:
        """One asking, unless the source is paused. Returns the seconds until the next one."""
        try:
            if await self._memory.is_paused(source.id):
                return source.every
            look = await self.look(source)
        except Exception as error:  # we failed, not the source: it is asked again, whatever it was
            if source.id not in self._blocked:
                self._blocked.add(source.id)
                _log.error("source.look_failed", source=source.id, error=type(error).__name__, exc_info=True)
            return _AFTER_OUR_FAILURE * (1 + _JITTER * self._dice())
        self._blocked.discard(source.id)
        return pause_after(source.every, look.state.failures, look.retry_after, self._dice())

    async def _take(self, source: Source, before: SourceState, given: Given) -> SourceState:
        now = self._clock()
        seen, newest, unreadable = dict(before.seen), before.newest_item, 0
        for item in sorted(given.items, key=lambda item: item.published or now):  # stories unfold in their order
            result = await self._pass_on(replace(item, received=item.received or now), seen)
            self._tell.on_result(source.id, result)
            unreadable += result is Result.UNREADABLE
            if item.published or result in (Result.NEW, Result.EDITED):
                newest = _later(newest, item.published, now)
        if given.items and unreadable == len(given.items):
            trouble = SourceTrouble("unreadable", "no item of the answer holds a text; look at the site")
            return before.after_trouble(trouble, now)
        kept = max(_SEEN_KEPT, 2 * len(given.items))
        return before.after_success(given, now, dict(list(seen.items())[-kept:]), newest)

    async def _pass_on(self, item: Item, seen: dict[str, str]) -> Result:
        try:
            article = to_article(item, self._mirrors)
        except UnreadableItem:
            return Result.UNREADABLE
        place = _place(article.url or article.seen_key)
        before = seen.get(place)
        is_new = before != article.seen_key and await self._offer(item)
        seen.pop(place, None)
        seen[place] = article.seen_key
        if not is_new:
            return Result.KNOWN
        return Result.EDITED if before else Result.NEW

    def _report(self, source: Source, before: SourceState, after: SourceState) -> None:
        for url, mark in after.pages.items():
            if mark.gone and url in before.pages and not before.pages[url].gone:
                self._tell.on_result(source.id, Result.VANISHED)
        if after.newest_item:
            self._tell.on_newest(source.id, after.newest_item.timestamp())
        health = judge(after, self._clock(), self._quiet_after)
        if health.condition is not self._conditions.get(source.id, Condition.OK):
            log = _log.info if health.condition is Condition.OK else _log.warning
            log(f"source.{health.condition}", source=source.id, since=str(health.since), reason=health.reason)
        self._conditions[source.id] = health.condition


def pause_after(every: float, failures: int, retry_after: float | None, dice: float) -> float:
    """Seconds to the next asking: doubled with every trouble in a row, never sooner than the site asks for, at most an
    hour (or `every`, if that is more); jitter only adds, up to a tenth."""
    doubled = every * 2.0 ** min(max(failures - 1, 0), 16)
    wanted = min(max(doubled, retry_after or 0.0), max(_LONGEST_BACK_OFF, every))
    return wanted * (1 + _JITTER * dice)


async def _ask(source: Source, state: SourceState) -> Given | SourceTrouble:
    try:
        async with asyncio.timeout(_ASK_DEADLINE):
            return await source.ask(state.visit)
    except SourceTrouble as trouble:
        return trouble
    except TimeoutError:
        return SourceTrouble(
            "timeout", f"not done within {_ASK_DEADLINE:.0f} s; the site is too slow, or asked for much"
        )
    except Exception as error:  # a page that trips our own reader is a fault of one source, and stops no other
        _log.error("source.reader_failed", source=source.id, error=type(error).__name__, exc_info=True)
        return SourceTrouble("reader", f"our reader failed ({type(error).__name__}); report it with the page's text")


def _later(newest: datetime | None, published: datetime | None, now: datetime) -> datetime:
    """A date in the future is somebody's mistake, and must not make a source look alive until then."""
    date = published if published and published <= now + _CLOCKS_DIFFER else now
    return max(newest, date) if newest else date.astimezone(UTC)


def _place(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]
