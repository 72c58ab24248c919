"""READ ME FIRST: an item's road to an event.

    item ─▶ article ─▶ extraction ─▶ report ─▶ story ─▶ release ─▶ published, or held for an operator
                                └─▶ near miss ─▶ waits for an operator, who makes it a report or dismisses it

Every station but the last is pure. Reading an item twice meets itself: the report's id comes from its text, and a story
that has counted a report knows it. An article that tells two acts makes two reports, each of which finds its story.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import msgspec
import structlog

from services.contract import Event
from services.ingest.articles import Article, UnreadableItem, to_article
from services.ingest.evidence import EvidenceStore
from services.ingest.extraction.near_miss import NearMiss
from services.ingest.intake import UndecodableItem, decode_entry
from services.ingest.near_misses.near_miss_store import NearMisses
from services.ingest.news_time import day_in_minsk
from services.ingest.publishing import Publisher
from services.ingest.reading.stopped import ReadingStopped
from services.ingest.received import not_later_than
from services.ingest.release.rules import OLD_NEWS, Rules, Ruling, rule
from services.ingest.reports import Report
from services.ingest.ruled_step import step_of
from services.ingest.store import ReadResult, Results
from services.ingest.stories import (
    WINDOW_DAYS,
    Placement,
    ReportOutcome,
    Step,
    Story,
    place,
    without_later_acts,
)
from services.ingest.unread import KINDS as UNREAD
from services.ingest.unread import unread
from services.operations.alarms import Alarms
from services.runtime.clock import rfc3339
from services.runtime.dead_letters import DeadLetter, DeadLetters
from services.runtime.metrics import Metrics
from services.runtime.streams import Entry

log = structlog.get_logger(__name__)

_BURIED: Final = "it was buried as poison: the fault is ours, and an operator sees it with 'vestka dead list'"


@dataclass(frozen=True, slots=True)
class ItemProcessor:
    """Takes one item along the road, with what the road needs."""

    publisher: Publisher
    results: Results
    rules: Rules
    metrics: Metrics
    mirrors: Mapping[str, str]
    dead_letters: DeadLetters
    evidence: EvidenceStore
    now: Callable[[], float]
    alarms: Alarms
    reports_of: Callable[[Article], Awaitable[tuple[Report, ...] | NearMiss]]
    """In a worker process: see `reading`."""
    near_misses: NearMisses
    window_days: int = WINDOW_DAYS
    """See `stories.identity`."""
    place: Callable[..., Placement] = place
    go_on: Callable[[], None] = lambda: None
    """Called while a report is placed, which may end it: see `SideThread`."""

    async def on_item(self, entry: Entry) -> None:
        """Reads one accepted item through and records what became of it. What cannot even be decoded is buried."""
        try:
            item_id, item = decode_entry(entry)
        except UndecodableItem as error:
            log.warning("item_undecodable", entry=entry.id, why=str(error))
            await self.bury(entry, 1, reason="undecodable")
            return
        try:
            article = to_article(not_later_than(item, self.now()), self.mirrors)
        except UnreadableItem as error:
            result = ReadResult(state="read", outcome="unreadable", reason=str(error))
        else:
            try:
                result = await self._read(article)
            except ReadingStopped as stopped:
                await self._give_up(entry, item.source_id, stopped.reason)
                return
        keep = self.results.put_first if result.outcome == ReportOutcome.REPEATED else self.results.put
        await keep(item_id, result)
        self.metrics.items.labels(item.source_id, result.outcome).inc()
        _log_read(item_id, item.source_id, result)

    async def bury(self, entry: Entry, deliveries: int, reason: str = "failed_repeatedly") -> None:
        """Takes an item that cannot be read off the road. It stays in its stream; the letter says where, and whoever
        handed it in learns of it."""
        letter = DeadLetter(
            kind="poison", reason=reason, at=rfc3339(self.now()), stream=entry.stream, entry=entry.id,
            attempts=deliveries,
        )  # fmt: skip
        await self.dead_letters.bury(letter)
        if "id" in entry.fields:
            await self.results.put(entry.fields["id"], ReadResult(state="read", outcome="unreadable", reason=_BURIED))
        log.error("entry_buried", stream=entry.stream, entry=entry.id, deliveries=deliveries, reason=reason)

    async def _give_up(self, entry: Entry, source_id: str, reason: str) -> None:
        """Buries what would hold up the road, at once, and tells the operators."""
        await self.bury(entry, 1, reason)
        self.metrics.items.labels(source_id, reason).inc()
        await self.alarms.settle(UNREAD, await unread(self.dead_letters))

    async def _read(self, article: Article) -> ReadResult:
        reports = await self.reports_of(article)
        if isinstance(reports, NearMiss):
            return await self._let_wait(article, reports)
        if not reports:
            if article.evidence is not None:
                await self.evidence.release(article.evidence)
            return ReadResult(state="read", outcome="nothing")
        if article.evidence is not None:
            await self.evidence.keep(article.evidence)
        first, *others = [await self._placed(article, report) for report in reports]
        return msgspec.structs.replace(first, further=tuple(others)) if others else first

    async def _placed(self, article: Article, report: Report) -> ReadResult:
        reading_day = article.as_of or day_in_minsk(article.received)
        made: list[tuple[Placement, Ruling]] = []

        def decide(stories: list[Story]) -> Step:
            joinable = without_later_acts(stories, reading_day)
            placement = self.place(report, joinable, article.received, self.window_days, self.go_on)
            ruling = rule(placement, report, self.rules)
            made[:] = [(placement, ruling)]  # deciding again forgets what was decided on an older snapshot
            return replace(step_of(placement, ruling, datetime.fromtimestamp(self.now(), UTC)), report=report)

        event = await self.publisher.commit(decide)
        return _result(*made[0], event, self.metrics)

    async def _let_wait(self, article: Article, seen: NearMiss) -> ReadResult:
        """No story hears of it; what it was read from is kept as long as it waits."""
        fresh = await self.near_misses.keep(article, seen, self.now())
        if article.evidence is not None:
            await self.evidence.keep_for(article.evidence, self.near_misses.kept)
        return ReadResult(state="read", outcome="near_miss", reason=seen.vetoes[0], near_miss=fresh)


def _log_read(item_id: str, source_id: str, result: ReadResult) -> None:
    became = {name: value for name, value in msgspec.to_builtins(result).items() if name != "event"}
    log.info("item_read", id=item_id, source=source_id, event_id=result.event, **became)  # `event` is structlog's own


def _result(placement: Placement, ruling: Ruling, event: Event | None, metrics: Metrics) -> ReadResult:
    if event is not None:
        metrics.events.labels(event.type).inc()
    return ReadResult(
        state="read",
        outcome="old" if ruling.action == "nothing" and ruling.reason in OLD_NEWS else placement.outcome,
        action=ruling.action,
        reason=ruling.reason,
        story=placement.story.id,
        event=event.id if event else None,
    )
