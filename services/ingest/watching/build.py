"""The scheduler put together: the sources of the file, one polite way out, and everybody who wants to know."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.egress import Egress
from services.ingest.intake import Intake
from services.ingest.settings import IngestSettings
from services.ingest.sources.base import Item
from services.ingest.sources.kinds import HostThrottle, PoliteFetch, load_sources
from services.ingest.watching.health import SourceCondition, SourceHealth
from services.ingest.watching.poll import Observers
from services.ingest.watching.poll_memory import SourceStates
from services.ingest.watching.removals import Removal, Removals
from services.ingest.watching.scheduler import Scheduler
from services.operations.alarms import Alarms
from services.runtime.clock import rfc3339
from services.runtime.metrics import Metrics

log = structlog.get_logger(__name__)

ALARM: Final = "source"


def open_polite_way(egress: Egress) -> PoliteFetch:
    """Takes turns at each host, and asks for nothing that its robots.txt forbids."""
    return PoliteFetch(HostThrottle(egress, clock=time.monotonic, unix=time.time), clock=time.monotonic)


def build_scheduler(
    settings: IngestSettings,
    redis: Redis,
    egress: Egress,
    mirrors: Mapping[str, str],
    metrics: Metrics,
    alarms: Alarms,
    now: Callable[[], float],
    holder: str,
) -> Scheduler:
    """Nothing is asked yet. `holder`: a name that no other process has. Raises SourcesError."""
    intake, removals = Intake(redis), Removals(redis)

    async def offer(item: Item) -> bool:
        return not (await intake.accept(item)).duplicate

    async def on_removed(source_id: str, url: str) -> None:
        await removals.note(Removal(url=url, source=source_id, at=rfc3339(now())))

    async def on_returned(_source_id: str, url: str) -> None:
        await removals.withdraw(url)

    async def on_health(source_id: str, health: SourceHealth) -> None:
        await sound_or_clear(alarms, source_id, health)

    sources = load_sources(settings.sources_file, open_polite_way(egress))
    return Scheduler(
        sources if settings.watch_sources else (),
        SourceStates(redis, holder),
        offer,
        clock=lambda: datetime.fromtimestamp(now(), UTC),
        dice=random.random,
        mirrors=mirrors,
        observers=Observers(
            on_result=lambda source, result: metrics.items.labels(source, result).inc(),
            on_newest=lambda source, moment: metrics.source_newest.labels(source).set(moment),
            on_removed=on_removed,
            on_returned=on_returned,
        ),
        on_health=on_health,
    )


async def watch_forever(scheduler: Scheduler, alarms: Alarms) -> None:
    try:
        await clear_strangers(alarms, scheduler.source_ids)
    except RedisError as error:
        log.warning("old_alarms_not_cleared", error=type(error).__name__)
    await scheduler.run()
    await asyncio.Event().wait()  # no source is enabled: what is handed in is read all the same


async def clear_strangers(alarms: Alarms, source_ids: Collection[str]) -> None:
    """Nobody would ever clear the alarm of a source that is no longer watched."""
    for alarm in await alarms.all():
        if alarm.kind == ALARM and alarm.about not in source_ids:
            await alarms.clear(ALARM, alarm.about)


async def sound_or_clear(alarms: Alarms, source_id: str, health: SourceHealth) -> None:
    """One alarm for as long as it lasts. A trouble that may pass by itself neither sounds nor clears it; whoever paused
    the source knows of its trouble."""
    if health.needs_a_person:
        await alarms.sound(ALARM, source_id, health.reason or health.condition)
    elif health.condition in (SourceCondition.OK, SourceCondition.PAUSED):
        await alarms.clear(ALARM, source_id)
