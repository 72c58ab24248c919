"""Ingest's composition root: the one place where its parts are put together."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from faststream.redis import RedisBroker
from starlette.applications import Starlette

from services.contract import INGEST_GROUP, ITEMS_STREAM
from services.ingest.announced import AnnouncedStories
from services.ingest.desk import routes as operators
from services.ingest.desk.decisions import Desk
from services.ingest.desk.near_miss_desk import NearMissDesk
from services.ingest.desk.near_miss_routes import NearMissHandlers, near_miss_routes
from services.ingest.desk.overdue import Patience
from services.ingest.evidence import EvidenceStore
from services.ingest.expiry import Expiry
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.ingest_parts import IngestParts, open_parts
from services.ingest.intake import Intake
from services.ingest.known_parties import KnownParties
from services.ingest.partners import routes as partners
from services.ingest.reading.worker import REPORT_OF
from services.ingest.republishing import republish_forever
from services.ingest.routes import story_routes
from services.ingest.settings import IngestSettings
from services.ingest.sources.kinds import load_names
from services.ingest.store import Reports
from services.ingest.stories import Placement, place
from services.ingest.upkeep import look_forever, tell_of_clock_forever, tidy_forever
from services.ingest.watching.build import build_scheduler, watch_forever
from services.ingest.watching.removals import Removals
from services.operations.alarms import Alarms
from services.operations.audit import Audit
from services.operations.telling.opening import open_tellers
from services.operations.telling.settings import MailSettings
from services.runtime.backlog import Backlog
from services.runtime.consumers import StreamConsumer, attach_consumer, consumer_name, open_broker, reclaim_forever
from services.runtime.deadline import within
from services.runtime.heartbeat import until_writes_are_refused
from services.runtime.http.bearer import Gatehouse
from services.runtime.http.idempotency import Idempotency
from services.runtime.http.rate_limit import RateLimit
from services.runtime.http.web import common_routes, web_app
from services.runtime.process import BackgroundTask, Service
from services.runtime.settings import load_settings
from services.runtime.steady_clock import watch_clock_forever
from services.runtime.streams import ensure_group, oldest_pending_seconds

_ITEM_DEADLINE: Final = 60.0
"""Seconds for what becomes of an item, beside reading it."""


async def build_ingest(
    settings: IngestSettings,
    redis_url: str,
    now: Callable[[], float] | None = None,
    report_of: str = REPORT_OF,
    place_report: Callable[..., Placement] = place,
) -> Service:
    """Connects what belongs together; nothing runs yet. Raises SettingsError. `report_of`: see `ReadingWorker`;
    `place_report`: see `stories.place`; `now`: a clock in place of the steady one."""
    parts = open_parts(settings, redis_url, now, report_of)
    work = _work(parts, place_report)
    broker = open_broker(redis_url, parts.metrics.registry)
    attach_consumer(broker, parts.redis, work)
    return Service(
        name="ingest",
        broker=broker,
        web=_web(parts, broker),
        host=settings.ingest_host,
        port=settings.ingest_port,
        prepare=partial(_prepare, parts),
        background=[partial(reclaim_forever, parts.redis, work), *_watching(parts), *_keeping(parts)],
        close=parts.close,
    )


def _work(parts: IngestParts, place_report: Callable[..., Placement]) -> StreamConsumer:
    processor, settings = parts.processor(place_report), parts.settings
    on_item = within(_ITEM_DEADLINE + settings.reading_deadline, processor.on_item)
    return StreamConsumer(
        ITEMS_STREAM, INGEST_GROUP, consumer_name(), on_item, processor.bury, idle=settings.reclaim_after
    )


async def _prepare(parts: IngestParts) -> None:
    await parts.clock.look(parts.redis)
    await asyncio.gather(parts.reading.start(), asyncio.to_thread(gazetteer))
    await ensure_group(parts.redis, ITEMS_STREAM, INGEST_GROUP)


def _web(parts: IngestParts, broker: RedisBroker) -> Starlette:
    redis, now = parts.redis, parts.now
    gates = Gatehouse(parts.metrics, time.monotonic, secrets.token_bytes(32))
    backlog = Backlog(((ITEMS_STREAM, INGEST_GROUP),), parts.settings.stuck_after)
    near_miss_desk = NearMissDesk(
        parts.publisher, parts.near_misses, parts.rules, now, parts.settings.story_window_days
    )
    handlers = _desk_handlers(parts, gates)
    return web_app(
        [
            *common_routes(redis, parts.metrics, broker, "Vestka ingest", partial(_measure, parts), backlog),
            *partners.report_routes(_report_handlers(parts, gates)),
            *story_routes(AnnouncedStories(redis), now),
            *near_miss_routes(NearMissHandlers(near_miss_desk, handlers)),
            *operators.desk_routes(handlers),
        ]
    )


def _watching(parts: IngestParts) -> list[BackgroundTask]:
    """What asks the sources, and what sounds an alarm and tells operators of it."""
    settings, redis, alarms, now = parts.settings, parts.redis, parts.alarms, parts.now
    scheduler = build_scheduler(
        settings, redis, parts.egress, parts.mirrors, parts.metrics, alarms, now, consumer_name()
    )
    patience = Patience(settings.alarm_waiting_after, settings.alarm_official_silent_after)
    relay = load_settings(MailSettings).channels.email if settings.operators.email else None
    tellers = open_tellers(settings.operators, relay, parts.egress, redis, alarms, consumer_name())
    return [
        partial(watch_forever, scheduler, alarms),
        partial(look_forever, parts.stories, alarms, patience, parts.capacity, parts.dead_letters, now),
        partial(tell_of_clock_forever, parts.clock, alarms),
        *(teller.tell_forever for teller in tellers),
    ]


def _keeping(parts: IngestParts) -> list[BackgroundTask]:
    """What keeps the store, the clock and the process that reads right."""
    redis, retention = parts.redis, parts.settings.retention
    return [
        partial(until_writes_are_refused, redis, "ingest"),
        parts.reading.until_closed,
        partial(republish_forever, redis),
        partial(watch_clock_forever, parts.clock, redis),
        partial(tidy_forever, redis, parts.stories, Expiry(redis, retention, parts.evidence), retention, parts.now),
    ]


def _report_handlers(parts: IngestParts, gates: Gatehouse) -> partners.ReportHandlers:
    settings = parts.settings
    limits = (
        RateLimit(settings.reports_per_minute, settings.reports_burst),
        RateLimit(settings.reports_per_day / (24 * 60), settings.reports_per_day),
    )
    return partners.ReportHandlers(
        intake=Intake(parts.redis),
        results=parts.results,
        keeper=gates.keeper(partners.KIND, settings.partners, partners.HINT),
        turnstile=partners.Turnstile(limits, gates.refusals, gates.clock),
        known=KnownParties(load_names(settings.sources_file)),
        is_full=lambda: parts.capacity.full,
        now=parts.now,
    )


def _desk_handlers(parts: IngestParts, gates: Gatehouse) -> operators.DeskHandlers:
    """With the desk and the stories of the whole process: each of them keeps thousands of stories decoded."""
    redis = parts.redis
    tokens = {name: token.get_secret_value() for name, token in parts.settings.operator_tokens.items()}
    return operators.DeskHandlers(
        desk=Desk(parts.publisher, parts.now, parts.acts, parts.rules.limits),
        stories=parts.stories,
        reports=Reports(redis),
        removals=Removals(redis),
        evidence=EvidenceStore(redis),
        audit=Audit(redis),
        alarms=Alarms(redis, parts.metrics, parts.now),
        idempotency=Idempotency(redis),
        metrics=parts.metrics,
        keeper=gates.keeper(operators.KIND, tokens, operators.HINT),
        now=parts.now,
    )


async def _measure(parts: IngestParts) -> None:
    parts.metrics.stories_open.set(await parts.stories.count_open())
    await parts.alarms.measure()
    parts.metrics.oldest_pending.labels(ITEMS_STREAM).set(
        await oldest_pending_seconds(parts.redis, ITEMS_STREAM, INGEST_GROUP, parts.now())
    )
