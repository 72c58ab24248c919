"""The parts that do ingest's work: each opened once, and given to those that it serves. Nothing runs yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from redis.asyncio import Redis

from services.egress import Egress
from services.ingest.configured import load_known_acts_file, load_release_rules, open_egress
from services.ingest.evidence import EvidenceStore
from services.ingest.filling_up import CapacityCheck
from services.ingest.near_misses.near_miss_store import NearMisses
from services.ingest.pipeline import ItemProcessor
from services.ingest.publishing import Publisher
from services.ingest.reading.worker import ReadingWorker
from services.ingest.release.rules import Rules
from services.ingest.settings import IngestSettings
from services.ingest.sources.kinds import load_mirrors
from services.ingest.store import Results, Stories
from services.ingest.stories import Placement, Story
from services.operations.alarms import Alarms
from services.runtime.dead_letters import DeadLetters
from services.runtime.metrics import Metrics
from services.runtime.side_thread import SideThread
from services.runtime.steady_clock import SteadyClock
from services.runtime.streams import open_redis

_PLACING_DEADLINE = 30.0
"""Seconds for comparing a report with all that is open. What takes longer is tried again: it may be our load."""


@dataclass(frozen=True)
class IngestParts:
    """`now`: the steady clock, or one in its place. `acts`: those that are known from before."""

    settings: IngestSettings
    redis: Redis
    clock: SteadyClock
    now: Callable[[], float]
    metrics: Metrics
    alarms: Alarms
    egress: Egress
    acts: tuple[Story, ...]
    rules: Rules
    mirrors: Mapping[str, str]
    results: Results
    stories: Stories
    evidence: EvidenceStore
    near_misses: NearMisses
    dead_letters: DeadLetters
    capacity: CapacityCheck
    placing: SideThread
    publisher: Publisher
    reading: ReadingWorker

    def processor(self, place_report: Callable[..., Placement]) -> ItemProcessor:
        return ItemProcessor(
            publisher=self.publisher,
            results=self.results,
            rules=self.rules,
            metrics=self.metrics,
            mirrors=self.mirrors,
            dead_letters=self.dead_letters,
            evidence=self.evidence,
            now=self.now,
            alarms=self.alarms,
            reports_of=self.reading.read,
            near_misses=self.near_misses,
            window_days=self.settings.story_window_days,
            place=place_report,
            go_on=self.placing.go_on,
        )

    async def close(self) -> None:
        await self.reading.close()
        self.placing.close()
        await self.egress.close()
        await self.redis.aclose()


def open_parts(
    settings: IngestSettings, redis_url: str, now: Callable[[], float] | None, report_of: str
) -> IngestParts:
    """`now`, `report_of`: see `build_ingest`. Raises SettingsError."""
    redis, clock, metrics = open_redis(redis_url), SteadyClock(), Metrics()
    now = now or clock
    acts = load_known_acts_file(settings.known_acts_file)
    alarms, placing, retention = (
        Alarms(redis, metrics, now),
        SideThread("placing", _PLACING_DEADLINE),
        settings.retention,
    )
    return IngestParts(
        settings=settings,
        redis=redis,
        clock=clock,
        now=now,
        metrics=metrics,
        alarms=alarms,
        egress=open_egress(settings),
        acts=acts,
        rules=load_release_rules(settings.release_rules_file),
        mirrors=load_mirrors(settings.sources_file),
        results=Results(redis),
        stories=Stories(redis, acts),
        evidence=EvidenceStore(redis, retention),
        near_misses=NearMisses(redis, retention),
        dead_letters=DeadLetters(redis),
        capacity=CapacityCheck(redis, alarms, metrics, retention.dead_letters),
        placing=placing,
        publisher=Publisher(redis, now, acts, placing.run),
        reading=ReadingWorker(settings.reading_deadline, report_of, warm=settings.reading_warm),
    )
