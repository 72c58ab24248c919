"""Ingest's composition root: the one place where its parts are put together."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from redis.asyncio import Redis

from services.contract import INGEST_GROUP, ITEMS_STREAM
from services.ingest.announced import AnnouncedStories
from services.ingest.configured import load_known_acts_file, load_release_rules, open_egress
from services.ingest.desk import routes as operators
from services.ingest.desk.decisions import Desk
from services.ingest.desk.near_miss_desk import NearMissDesk
from services.ingest.desk.near_miss_routes import NearMissHandlers, near_miss_routes
from services.ingest.desk.overdue import Patience
from services.ingest.evidence import EvidenceStore
from services.ingest.expiry import Expiry
from services.ingest.extraction.gazetteer import gazetteer
from services.ingest.filling_up import CapacityCheck
from services.ingest.intake import Intake
from services.ingest.known_parties import KnownParties
from services.ingest.near_misses.near_miss_store import NearMisses
from services.ingest.partners import routes as partners
from services.ingest.pipeline import ItemProcessor
from services.ingest.publishing import Publisher
from services.ingest.reading.worker import REPORT_OF, ReadingWorker
from services.ingest.republishing import republish_forever
from services.ingest.routes import story_routes
from services.ingest.settings import IngestSettings
from services.ingest.sources.kinds import load_mirrors, load_names
from services.ingest.store import Reports, Results, Stories
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
from services.runtime.dead_letters import DeadLetters
from services.runtime.deadline import within
from services.runtime.heartbeat import until_writes_are_refused
from services.runtime.http.bearer import Gatehouse
from services.runtime.http.idempotency import Idempotency
from services.runtime.http.rate_limit import RateLimit
from services.runtime.http.web import common_routes, web_app
from services.runtime.metrics import Metrics
from services.runtime.process import Service
from services.runtime.settings import load_settings
from services.runtime.side_thread import SideThread
from services.runtime.steady_clock import SteadyClock, watch_clock_forever
from services.runtime.streams import ensure_group, oldest_pending_seconds, open_redis

T = TypeVar("T")

_OPENED_BY: Final = "VESTKA_ALLOWED_NETWORKS_SOURCES or VESTKA_ALLOWED_NETWORKS"
_ITEM_DEADLINE: Final = 60.0
"""Seconds for what becomes of an item, beside reading it."""
_PLACING_DEADLINE: Final = 30.0
"""Seconds for comparing a report with all that is open. What takes longer is tried again: it may be our load."""


async def build_ingest(
    settings: IngestSettings,
    redis_url: str,
    now: Callable[[], float] | None = None,
    report_of: str = REPORT_OF,
    place_report: Callable[..., Placement] = place,
) -> Service:
    """Connects what belongs together; nothing runs yet. Raises SettingsError. `report_of`: see `ReadingWorker`;
    `place_report`: see `stories.place`; `now`: a clock in place of the steady one."""
    redis = open_redis(redis_url)
    clock = SteadyClock()
    now = now or clock
    acts = load_known_acts_file(settings.known_acts_file)
    metrics, results, stories = Metrics(), Results(redis), Stories(redis, acts)
    gates = Gatehouse(metrics, time.monotonic, secrets.token_bytes(32))
    alarms = Alarms(redis, metrics, now)
    egress = open_egress(settings)
    relay = load_settings(MailSettings).channels.email if settings.operators.email else None
    tellers = open_tellers(settings.operators, relay, egress, redis, alarms, consumer_name())
    capacity = CapacityCheck(redis, alarms, metrics, settings.retention.dead_letters)
    rules = load_release_rules(settings.release_rules_file)
    mirrors = load_mirrors(settings.sources_file)
    retention = settings.retention
    evidence = EvidenceStore(redis, retention)
    placing = SideThread("placing", _PLACING_DEADLINE)
    publisher, letters = Publisher(redis, now, acts, placing.run), DeadLetters(redis)
    window = settings.story_window_days
    reading = ReadingWorker(settings.reading_deadline, report_of, warm=settings.reading_warm)
    near_misses = NearMisses(redis, retention)
    processor = ItemProcessor(
        publisher, results, rules, metrics, mirrors, letters, evidence, now, alarms, reading.read, near_misses, window,
        place_report, placing.go_on,
    )  # fmt: skip
    broker = open_broker(redis_url, metrics.registry)
    work = StreamConsumer(
        ITEMS_STREAM,
        INGEST_GROUP,
        consumer_name(),
        within(_ITEM_DEADLINE + settings.reading_deadline, processor.on_item),
        processor.bury,
        idle=settings.reclaim_after,
    )
    attach_consumer(broker, redis, work)
    scheduler = build_scheduler(settings, redis, egress, mirrors, metrics, alarms, now, consumer_name())
    patience = Patience(settings.alarm_waiting_after, settings.alarm_official_silent_after)

    async def prepare() -> None:
        await clock.look(redis)
        await asyncio.gather(reading.start(), asyncio.to_thread(gazetteer))
        await ensure_group(redis, ITEMS_STREAM, INGEST_GROUP)

    async def close() -> None:
        await reading.close()
        placing.close()
        await egress.close()
        await redis.aclose()

    measure = partial(_measure, redis, metrics, stories, alarms, now)
    backlog = Backlog(((ITEMS_STREAM, INGEST_GROUP),), settings.stuck_after)
    near_miss_desk = NearMissDesk(publisher, near_misses, rules, now, window)
    desk = Desk(publisher, now, acts, rules.limits)
    handlers = _desk_handlers(settings, redis, desk, stories, metrics, gates, now)
    web = web_app(
        [
            *common_routes(redis, metrics, broker, "Vestka ingest", measure, backlog),
            *partners.report_routes(_report_handlers(settings, redis, results, gates, capacity, now)),
            *story_routes(AnnouncedStories(redis), now),
            *near_miss_routes(NearMissHandlers(near_miss_desk, handlers)),
            *operators.desk_routes(handlers),
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
            *(teller.tell_forever for teller in tellers),
            partial(reclaim_forever, redis, work),
            partial(republish_forever, redis),
            partial(watch_clock_forever, clock, redis),
            partial(tell_of_clock_forever, clock, alarms),
            partial(watch_forever, scheduler, alarms),
            partial(look_forever, stories, alarms, patience, capacity, letters, now),
            partial(tidy_forever, redis, stories, Expiry(redis, retention, evidence), retention, now),
        ],
        close=close,
    )


def _report_handlers(
    settings: IngestSettings,
    redis: Redis,
    results: Results,
    gates: Gatehouse,
    capacity: CapacityCheck,
    now: Callable[[], float],
) -> partners.ReportHandlers:
    limits = (
        RateLimit(settings.reports_per_minute, settings.reports_burst),
        RateLimit(settings.reports_per_day / (24 * 60), settings.reports_per_day),
    )
    return partners.ReportHandlers(
        intake=Intake(redis),
        results=results,
        keeper=gates.keeper(partners.KIND, settings.partners, partners.HINT),
        turnstile=partners.Turnstile(limits, gates.refusals, gates.clock),
        known=KnownParties(load_names(settings.sources_file)),
        is_full=lambda: capacity.full,
        now=now,
    )


def _desk_handlers(
    settings: IngestSettings,
    redis: Redis,
    desk: Desk,
    stories: Stories,
    metrics: Metrics,
    gates: Gatehouse,
    now: Callable[[], float],
) -> operators.DeskHandlers:
    """With the desk and the stories of the whole process: each of them keeps thousands of stories decoded."""
    return operators.DeskHandlers(
        desk=desk,
        stories=stories,
        reports=Reports(redis),
        removals=Removals(redis),
        evidence=EvidenceStore(redis),
        audit=Audit(redis),
        alarms=Alarms(redis, metrics, now),
        idempotency=Idempotency(redis),
        metrics=metrics,
        keeper=gates.keeper(
            operators.KIND,
            {name: token.get_secret_value() for name, token in settings.operator_tokens.items()},
            operators.HINT,
        ),
        now=now,
    )


async def _measure(redis: Redis, metrics: Metrics, stories: Stories, alarms: Alarms, now: Callable[[], float]) -> None:
    metrics.stories_open.set(await stories.count_open())
    await alarms.measure()
    metrics.oldest_pending.labels(ITEMS_STREAM).set(
        await oldest_pending_seconds(redis, ITEMS_STREAM, INGEST_GROUP, now())
    )
