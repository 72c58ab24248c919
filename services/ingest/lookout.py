"""The watcher put together: the sources of the file, one polite way out, and everybody who wants to know."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from redis.asyncio import Redis

from services.egress import Egress
from services.ingest.alarms import Alarms
from services.ingest.intake import Intake
from services.ingest.looking import Observers
from services.ingest.removals import Removal, Removals
from services.ingest.settings import IngestSettings
from services.ingest.source_health import Condition, Health
from services.ingest.source_memory import SourceStates
from services.ingest.sources import Turns, load_sources
from services.ingest.sources.base import Item
from services.ingest.watching import Watcher
from services.runtime.clock import rfc3339
from services.runtime.metrics import Metrics

ALARM = "source"


def open_turns(egress: Egress) -> Turns:
    return Turns(egress, clock=time.monotonic, unix=time.time)


def build_watcher(
    settings: IngestSettings,
    redis: Redis,
    egress: Egress,
    mirrors: Mapping[str, str],
    metrics: Metrics,
    alarms: Alarms,
    now: Callable[[], float],
) -> Watcher:
    """Nothing is asked yet. Raises SourcesError."""
    intake, removals = Intake(redis), Removals(redis)

    async def offer(item: Item) -> bool:
        return not (await intake.accept(item)).duplicate

    async def on_removed(source_id: str, url: str) -> None:
        await removals.note(Removal(url=url, source=source_id, at=rfc3339(now())))

    async def on_returned(_source_id: str, url: str) -> None:
        await removals.withdraw(url)

    async def on_health(source_id: str, health: Health) -> None:
        await sound_or_clear(alarms, source_id, health)

    sources = load_sources(settings.sources_file, open_turns(egress))
    return Watcher(
        sources if settings.watch_sources else (),
        SourceStates(redis),
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


async def sound_or_clear(alarms: Alarms, source_id: str, health: Health) -> None:
    """One alarm for as long as it lasts. A trouble that may pass by itself neither sounds nor clears it."""
    if health.needs_a_person:
        await alarms.sound(ALARM, source_id, health.reason or health.condition)
    elif health.condition is Condition.OK:
        await alarms.clear(ALARM, source_id)
