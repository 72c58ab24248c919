"""READ ME FIRST: an item's road to an event.

    item ─▶ article ─▶ extraction ─▶ report ─▶ story ─▶ release ─▶ published, or held for an operator

Every station but the last is pure. Reading an item twice meets itself: the report's id comes from its text, and a story
that has counted a report knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import structlog

from services.contract import Event, Party
from services.ingest.articles import Article, UnreadableItem, to_article
from services.ingest.extraction import extract
from services.ingest.intake import decode_item
from services.ingest.publishing import Publisher, Step
from services.ingest.release import Rules, Ruling, rule
from services.ingest.reports import Report, compose_report
from services.ingest.store import ReadResult, Results
from services.ingest.stories import Placement, Story, hold, place
from services.runtime.metrics import Metrics
from services.runtime.streams import Entry

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """What the road needs."""

    publisher: Publisher
    results: Results
    rules: Rules
    metrics: Metrics
    mirrors: Mapping[str, str]
    now: Callable[[], float]

    async def on_item(self, entry: Entry) -> None:
        """Reads one accepted item through and records what became of it. Raises what `bury` should see."""
        item = decode_item(entry.fields["item"])
        try:
            article = to_article(item, self.mirrors)
        except UnreadableItem as error:
            result = ReadResult(state="read", outcome="unreadable", reason=str(error))
        else:
            result = await self._read(article)
        await self.results.put(entry.fields["id"], result)
        self.metrics.items.labels(item.source_id, result.outcome).inc()
        log.info("item_read", id=entry.fields["id"], source=item.source_id, **msgspec.to_builtins(result))

    async def _read(self, article: Article) -> ReadResult:
        report = report_of(article)
        if report is None:
            return ReadResult(state="read", outcome="nothing")
        made: list[tuple[Placement, Ruling]] = []

        def decide(stories: list[Story]) -> Step:
            placement = place(report, stories, article.received)
            ruling = rule(placement, report, self.rules)
            made[:] = [(placement, ruling)]  # deciding again forgets what was decided on an older snapshot
            return _step(placement, ruling, datetime.fromtimestamp(self.now(), UTC))

        event = await self.publisher.commit(decide)
        return _result(*made[0], event, self.metrics)


def report_of(article: Article) -> Report | None:
    """The pure part of the road: None where the article tells nothing of ours."""
    outlet = Party(id=article.source_id, name=article.source_name, party_class=article.source_class)
    extraction = extract(
        article.text,
        title=article.title,
        language=article.language,
        as_of=article.as_of,
        published=article.published.date() if article.published else None,
        outlet=outlet,
    )
    return compose_report(article, extraction)


def _step(placement: Placement, ruling: Ruling, now: datetime) -> Step:
    match ruling.action:
        case "publish" | "publish_unconfirmed":
            return Step(placement.story, publish=True, changes=placement.changes)
        case "hold":
            return Step(hold(placement.story, ruling.reason, now))
        case _:
            return Step(placement.story, write=placement.outcome != "known")


def _result(placement: Placement, ruling: Ruling, event: Event | None, metrics: Metrics) -> ReadResult:
    if event is not None:
        metrics.events.labels(event.type).inc()
    return ReadResult(
        state="read",
        outcome=placement.outcome,
        action=ruling.action,
        reason=ruling.reason,
        story=placement.story.id,
        event=event.id if event else None,
    )
