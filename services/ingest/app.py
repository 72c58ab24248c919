"""Ingest's composition root: the one place where its parts are put together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.contract import ITEMS_STREAM
from services.egress import Egress, EgressPolicy
from services.ingest.alarms import Alarms
from services.ingest.audit import Audit
from services.ingest.desk.decisions import Desk
from services.ingest.desk.doors import DeskDoors, desk_routes
from services.ingest.desk.idempotency import Idempotency
from services.ingest.desk.overdue import KINDS as OVERDUE_KINDS
from services.ingest.desk.overdue import Patience, overdue
from services.ingest.doors import story_routes
from services.ingest.evidence import EvidenceStore
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.intake import Intake, ReportsDoor, report_routes
from services.ingest.pipeline import Reader
from services.ingest.publishing import Publisher
from services.ingest.reading import REPORT_OF, ReadingWorker
from services.ingest.release.rules import InvalidRules, Rules, load_rules
from services.ingest.settings import IngestSettings
from services.ingest.sources import load_mirrors
from services.ingest.store import Reports, Results, Stories
from services.ingest.stories import InvalidKnownActs, Story, load_known_acts
from services.ingest.told import ToldStories
from services.ingest.unread import KINDS as UNREAD_KINDS
from services.ingest.unread import unread
from services.ingest.watching.lookout import build_watcher, watch_forever
from services.ingest.watching.removals import Removals
from services.runtime.dead_letters import DeadLetters
from services.runtime.metrics import Metrics
from services.runtime.process import Service
from services.runtime.pulse import until_writes_are_refused
from services.runtime.settings import SettingsError
from services.runtime.streams import (
    Work,
    attach_reader,
    consumer_name,
    ensure_group,
    forget_consumers,
    oldest_pending_seconds,
    open_broker,
    open_redis,
    reclaim_forever,
    trim,
)
from services.runtime.web import common_routes, web_app

log = structlog.get_logger(__name__)

T = TypeVar("T")

GROUP: Final = "ingest"
_TIDY_EVERY = 3600.0  # seconds
_LOOK_EVERY = 60.0


def open_egress(settings: IngestSettings) -> Egress:
    return Egress(EgressPolicy(allow_http=settings.allow_http, allowed_networks=settings.allowed_networks))


async def build_ingest(
    settings: IngestSettings, redis_url: str, now: Callable[[], float] = time.time, report_of: str = REPORT_OF
) -> Service:
    """Connects what belongs together; nothing runs yet. Raises SettingsError. `report_of`: see `ReadingWorker`."""
    redis = open_redis(redis_url)
    acts = load_known_acts_file(settings.known_acts_file)
    metrics, results, stories, intake = Metrics(), Results(redis), Stories(redis, acts), Intake(redis)
    alarms = Alarms(redis, metrics, now)
    egress = open_egress(settings)
    rules = load_release_rules(settings.release_rules_file)
    mirrors = load_mirrors(settings.sources_file)
    evidence = EvidenceStore(redis, settings.keep_evidence_days)
    publisher, letters = Publisher(redis, now, acts), DeadLetters(redis)
    window = settings.story_window_days
    reading = ReadingWorker(settings.reading_deadline, report_of)
    reader = Reader(
        publisher, results, rules, metrics, mirrors, letters, evidence, now, alarms, reading.read, window
    )  # fmt: skip
    broker = open_broker(redis_url, metrics.registry)
    work = Work(
        ITEMS_STREAM,
        GROUP,
        consumer_name(),
        reader.on_item,
        reader.bury,
        idle=settings.reclaim_after,
    )
    attach_reader(broker, redis, work)
    watcher = build_watcher(settings, redis, egress, mirrors, metrics, alarms, now, consumer_name())
    token = settings.report_token.get_secret_value() if settings.report_token else None

    patience = Patience(settings.alarm_waiting_after, settings.alarm_official_silent_after)

    async def prepare() -> None:
        await asyncio.gather(reading.start(), asyncio.to_thread(gazetteer))
        await ensure_group(redis, ITEMS_STREAM, GROUP)

    async def close() -> None:
        await reading.close()
        await egress.close()
        await redis.aclose()

    web = web_app(
        [
            *common_routes(redis, metrics, broker, "Vestka ingest", partial(_measure, redis, metrics, stories, alarms)),
            *report_routes(ReportsDoor(intake, results, token, now)),
            *story_routes(ToldStories(redis), now),
            *desk_routes(_desk_doors(settings, redis, publisher, stories, metrics, now, acts)),
        ]
    )
    return Service(
        name="ingest",
        broker=broker,
        web=web,
        host=settings.ingest_host,
        port=settings.ingest_port,
        prepare=prepare,
        background=[
            partial(until_writes_are_refused, redis, "ingest"),
            reading.until_closed,
            partial(reclaim_forever, redis, work),
            partial(watch_forever, watcher, alarms),
            partial(_look_forever, stories, alarms, patience, letters),
            partial(_tidy_forever, redis, stories, settings.keep_items_days * 86_400.0),
        ],
        close=close,
    )


def _desk_doors(
    settings: IngestSettings,
    redis: Redis,
    publisher: Publisher,
    stories: Stories,
    metrics: Metrics,
    now: Callable[[], float],
    acts: tuple[Story, ...],
) -> DeskDoors:
    """With the publisher and the stories of the whole process: each of them keeps thousands of stories decoded."""
    return DeskDoors(
        desk=Desk(publisher, now, acts),
        stories=stories,
        reports=Reports(redis),
        removals=Removals(redis),
        evidence=EvidenceStore(redis),
        audit=Audit(redis),
        alarms=Alarms(redis, metrics, now),
        idempotency=Idempotency(redis),
        metrics=metrics,
        tokens={name: token.get_secret_value() for name, token in settings.operator_tokens.items()},
        now=now,
    )


async def _measure(redis: Redis, metrics: Metrics, stories: Stories, alarms: Alarms) -> None:
    metrics.stories_open.set(await stories.count_open())
    await alarms.measure()
    metrics.oldest_pending.labels(ITEMS_STREAM).set(
        await oldest_pending_seconds(redis, ITEMS_STREAM, GROUP, time.time())
    )


async def _look_forever(stories: Stories, alarms: Alarms, patience: Patience, letters: DeadLetters) -> None:
    """Sounds and clears the alarms about what waits too long, and about what could not be read."""
    while True:
        try:
            await alarms.settle(OVERDUE_KINDS, overdue(await stories.open(), patience, time.time()))
            await alarms.settle(UNREAD_KINDS, await unread(letters))
        except RedisError as error:
            log.warning("not_looked_for_what_waits", error=type(error).__name__)
        await asyncio.sleep(_LOOK_EVERY)


async def _tidy_forever(redis: Redis, stories: Stories, keep_items: float) -> None:
    while True:
        await asyncio.sleep(_TIDY_EVERY)
        try:
            await stories.close_old(time.time())
            await trim(redis, ITEMS_STREAM, keep_items, time.time())
            await forget_consumers(redis, ITEMS_STREAM, GROUP)
        except RedisError as error:
            log.warning("not_tidied", error=type(error).__name__)


def load_release_rules(path: Path) -> Rules:
    """Raises SettingsError."""
    return _load(path, load_rules)


def load_known_acts_file(path: Path) -> tuple[Story, ...]:
    """Raises SettingsError."""
    return _load(path, load_known_acts)


def _load(path: Path, read: Callable[[str], T]) -> T:
    try:
        return read(path.read_text())
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not text in UTF-8") from None
    except (InvalidRules, InvalidKnownActs) as error:
        raise SettingsError(f"{path}: {error}") from None
