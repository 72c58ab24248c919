"""Notify's composition root: the one place where its parts are put together."""

from __future__ import annotations

import asyncio
from functools import partial

from faststream.redis import RedisBroker
from starlette.applications import Starlette

from services.contract import EVENTS_STREAM, NOTIFY_GROUP
from services.notify.about_page import about_routes
from services.notify.beginning import prepare
from services.notify.bounces.bounce_desk import BounceDesk
from services.notify.bounces.bounce_tasks import taking_bounces
from services.notify.digests.digest_tasks import digest_tasks, every
from services.notify.event_types import event_type_routes
from services.notify.fanout.gaps import Gaps, look_for_gaps_forever
from services.notify.ground import Ground, open_ground
from services.notify.letters.office_opening import letters_consumers, putting_back
from services.notify.notify_parts import NotifyParts, open_parts
from services.notify.pipeline import attempt_due_forever, keep_leases_forever, probe_forever
from services.notify.preview import Previewer
from services.notify.preview_routes import PreviewDoor, preview_routes
from services.notify.settings import NotifySettings
from services.notify.stop_door import StopDoor, stop_routes
from services.notify.topology import consumers
from services.notify.upkeep import VANISH_LEASE, measure, tidy_forever, vanish_forever
from services.notify.watching import limits_of, open_watches
from services.notify.watching.clock_jumps import ClockWatch
from services.notify.watching.forever import watch_forever
from services.notify.watching.renderings import note_failures_forever
from services.operations.telling.opening import open_tellers
from services.operations.telling.settings import relay_of
from services.runtime.backlog import Backlog
from services.runtime.consumers import attach_consumer, consumer_name, open_broker, reclaim_forever
from services.runtime.heartbeat import until_writes_are_refused
from services.runtime.http.web import common_routes, web_app
from services.runtime.lease import Lease
from services.runtime.process import BackgroundTask, Service
from services.runtime.steady_clock import watch_clock_forever


async def build_notify(settings: NotifySettings, redis_url: str) -> Service:
    """Connects what belongs together; nothing runs yet. Raises StoreFault, RenderingFailed."""
    ground = await open_ground(settings, redis_url)
    parts = open_parts(ground)
    reading = consumers(parts.notifier, consumer_name(), settings.reclaim_after, settings.workers)
    broker = open_broker(redis_url, ground.metrics.registry, at_once=sum(one.workers for one in reading))
    reading += letters_consumers(parts.office, NOTIFY_GROUP, consumer_name(), settings.reclaim_after)
    for consumer in reading:
        attach_consumer(broker, ground.redis, consumer)
    return Service(
        name="notify",
        broker=broker,
        web=_web(ground, parts, broker),
        host=settings.notify_host,
        port=settings.notify_port,
        prepare=partial(prepare, ground, parts),
        background=[
            *(partial(reclaim_forever, ground.redis, consumer) for consumer in reading),
            *_delivering(parts),
            *_watching(ground, parts),
            *_keeping(ground, parts),
        ],
        close=partial(_close, ground, parts),
    )


def _web(ground: Ground, parts: NotifyParts, broker: RedisBroker) -> Starlette:
    settings, redis, renderer, shared = ground.settings, ground.redis, ground.renderer, parts.shared
    measured = partial(
        measure, redis, ground.metrics, parts.notifier.dead_letters, parts.queues, ground.alarms, ground.clock
    )
    ledgers = {name: sender.ledger for name, sender in parts.senders.items()}
    previewer = Previewer(
        ground.vault, ledgers, shared.revisions, renderer, settings.sample_stop_url, shared.matches.answers
    )
    preview_token = settings.preview_token.get_secret_value() if settings.preview_token else None
    backlog = Backlog(((EVENTS_STREAM, NOTIFY_GROUP),), settings.stuck_after)
    return web_app(
        [
            *common_routes(redis, ground.metrics, broker, "Vestka notify", measured, backlog),
            *stop_routes(StopDoor(ground.vault, ground.links, renderer)),
            *event_type_routes(),
            *about_routes(renderer),
            *preview_routes(PreviewDoor(previewer, preview_token)),
        ]
    )


def _delivering(parts: NotifyParts) -> list[BackgroundTask]:
    notifier, senders = parts.notifier, parts.senders
    return [
        *(partial(attempt_due_forever, notifier, senders[name], queue) for name, queue in parts.queues.items()),
        *(partial(keep_leases_forever, sender) for sender in every(senders, parts.digests)),
        *(partial(probe_forever, notifier, sender) for sender in senders.values() if not sender.channel.shared),
        *digest_tasks(parts.digests, consumer_name()),
        *putting_back(parts.office),
    ]


def _watching(ground: Ground, parts: NotifyParts) -> list[BackgroundTask]:
    """What sounds an alarm, and what tells operators of it."""
    settings, redis, alarms, clock = ground.settings, ground.redis, ground.alarms, ground.clock
    letters, limits, version = parts.notifier.dead_letters, limits_of(settings), ground.renderer.version
    watches = [
        *open_watches(redis, parts.senders, parts.queues, letters, limits, ground.vault, version),
        ClockWatch(clock),
    ]
    relay = relay_of(settings.channels.email)
    tellers = open_tellers(settings.operators, relay, ground.ways_out.endpoints, redis, alarms, consumer_name())
    return [
        partial(watch_forever, watches, alarms, Lease(redis, "watch", consumer_name()), clock),
        partial(note_failures_forever, redis, parts.shared.render_cache),
        partial(look_for_gaps_forever, Gaps(redis, NOTIFY_GROUP, ground.metrics), clock),
        *(teller.tell_forever for teller in tellers),
    ]


def _keeping(ground: Ground, parts: NotifyParts) -> list[BackgroundTask]:
    """What keeps the store and the clock right."""
    settings, redis, clock, vault = ground.settings, ground.redis, ground.clock, ground.vault
    bounces = BounceDesk(redis, vault, ground.references, ground.alarms, ground.metrics, clock)
    vanish = Lease(redis, "vanish", consumer_name(), VANISH_LEASE)
    return [
        partial(until_writes_are_refused, redis, "notify"),
        partial(watch_clock_forever, clock, redis),
        partial(vanish_forever, vault, parts.shared.matches, vanish, clock),
        partial(tidy_forever, redis, list(parts.senders), settings.retention, clock),
        *taking_bounces(settings.bounces, bounces),
    ]


async def _close(ground: Ground, parts: NotifyParts) -> None:
    # The readers have stopped by now, so nothing new begins. What has left comes to its end; what waits in line
    # does not leave any more.
    await parts.shared.changes.close()
    everybody = every(parts.senders, parts.digests)
    await asyncio.gather(*(sender.drain(sender.channel.deadline + 1.0) for sender in everybody))
    await ground.close()
