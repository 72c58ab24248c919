"""Notify's composition root: the one place where its parts are put together."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.contract import EVENTS_STREAM, deliveries_stream
from services.notify.channels import open_channels
from services.notify.channels.base import Channel
from services.notify.desk import Desk
from services.notify.doors import StopDoor, routes
from services.notify.events import Events
from services.notify.gates import ChannelGate
from services.notify.keyring import open_keyring, take_into_use
from services.notify.ledger import Ledger
from services.notify.old_letters import seal_old_letters
from services.notify.pipeline import Notifier, attempt_due_forever
from services.notify.preview import Previewer
from services.notify.preview_door import PreviewDoor, preview_routes
from services.notify.references import References
from services.notify.rendering import Renderer
from services.notify.renderings import Renderings
from services.notify.retries import DueQueue, retries_key
from services.notify.revisions import Revisions
from services.notify.settings import NotifySettings
from services.notify.stop_links import StopLinks
from services.notify.subscribers_file import load_file
from services.notify.topology import GROUP, ensure_groups, works
from services.notify.vault import Vault
from services.notify.ways_out import WaysOut, open_ways_out
from services.runtime.clock import rfc3339
from services.runtime.dead_letters import DeadLetters
from services.runtime.metrics import Metrics
from services.runtime.process import Service
from services.runtime.pulse import until_writes_are_refused
from services.runtime.streams import (
    attach_reader,
    consumer_name,
    forget_consumers,
    oldest_pending_seconds,
    open_broker,
    open_redis,
    reclaim_forever,
    trim,
)
from services.runtime.web import common_routes, web_app

log = structlog.get_logger(__name__)

_NAME_THE_KEY_BEFORE = "name the key before in VESTKA_LINK_KEYS_BEFORE; until then the links made with it are dead"
_TIDY_EVERY = 3600.0  # seconds
_DELIVERIES_KEPT = 24 * 3600.0
"""Seconds a finished entry of a deliveries stream stays for whoever looks into it."""


def open_notify_channels(settings: NotifySettings) -> tuple[dict[str, Channel], WaysOut]:
    """The channels that are on, and what is to be closed after them."""
    ways_out = open_ways_out(settings)
    return open_channels(settings.channels, ways_out.endpoints, ways_out.bot_api), ways_out


def ledger_of(redis: Redis, channel: str) -> Ledger:
    return Ledger(redis, channel, retries_key(channel))


async def build_notify(settings: NotifySettings, redis_url: str) -> Service:
    """Connects what belongs together; nothing runs yet."""
    redis = open_redis(redis_url)
    keyring = await open_keyring(redis, settings.link_key, settings.link_keys_before)
    metrics, vault = Metrics(), Vault(redis, keyring)
    channels, egress = open_notify_channels(settings)
    renderer = Renderer(settings.templates)
    links, references = StopLinks(keyring, settings.public_url), References(keyring)
    renderings, revisions = Renderings(renderer), Revisions(redis)
    desks = {
        name: Desk(
            channel=channel,
            ledger=ledger_of(redis, name),
            vault=vault,
            renderings=renderings,
            gate=ChannelGate(redis, name),
            revisions=revisions,
            metrics=metrics,
            references=references,
            stop_url=links.url,
        )
        for name, channel in channels.items()
    }
    notifier = Notifier(redis, Events(redis), desks, DeadLetters(redis), revisions)
    queues = {name: DueQueue(redis, name) for name in desks}

    broker = open_broker(redis_url, metrics.registry)
    all_work = works(notifier, consumer_name(), settings.reclaim_after, settings.workers)
    for work in all_work:
        attach_reader(broker, redis, work)

    async def prepare() -> None:
        if not await take_into_use(redis, keyring):
            log.warning("link_key_changed", todo=_NAME_THE_KEY_BEFORE)
        if sealed := await seal_old_letters(notifier.dead_letters, references):
            log.info("old_letters_sealed", count=sealed)
        if found := await vault.index_addresses():
            log.info("subscribers_joined", count=found)
        if settings.subscribers_file is not None:
            count = await load_file(
                settings.subscribers_file, vault, channels, renderer.languages, rfc3339(time.time())
            )
            log.info("subscribers_loaded", count=count)
        await ensure_groups(redis, list(desks))  # they begin at 0, so nothing that came meanwhile is passed over

    async def close() -> None:
        # The readers have stopped by now, so nothing new begins while what is under way comes to its end.
        await asyncio.gather(*(desk.crew.finish(desk.channel.deadline + 1.0) for desk in desks.values()))
        for channel in channels.values():
            await channel.close()
        await egress.close()
        await redis.aclose()

    measure = partial(_measure, redis, metrics, notifier.dead_letters, queues)
    ledgers = {name: desk.ledger for name, desk in desks.items()}
    preview_token = settings.preview_token.get_secret_value() if settings.preview_token else None
    previewer = Previewer(vault, ledgers, revisions, renderer, settings.public_url)
    web = web_app(
        [
            *common_routes(redis, metrics, broker, "Vestka notify", measure),
            *routes(StopDoor(vault, links, renderer)),
            *preview_routes(PreviewDoor(previewer, preview_token)),
        ]
    )
    return Service(
        name="notify",
        broker=broker,
        web=web,
        host=settings.notify_host,
        port=settings.notify_port,
        prepare=prepare,
        background=[
            partial(until_writes_are_refused, redis, "notify"),
            *(partial(reclaim_forever, redis, work) for work in all_work),
            *(partial(attempt_due_forever, notifier, desks[name], queue) for name, queue in queues.items()),
            partial(_tidy_forever, redis, list(desks), settings.keep_events_days * 86_400.0),
        ],
        close=close,
    )


async def _measure(redis: Redis, metrics: Metrics, dead: DeadLetters, queues: dict[str, DueQueue]) -> None:
    for kind, count in (await dead.counts()).items():
        metrics.dead_letters.labels(kind).set(count)
    for name, queue in queues.items():
        metrics.retries_pending.labels(name).set(await queue.length())
    for stream in (EVENTS_STREAM, *(deliveries_stream(name) for name in queues)):
        age = await oldest_pending_seconds(redis, stream, GROUP, time.time())
        metrics.oldest_pending.labels(stream).set(age)


async def _tidy_forever(redis: Redis, channels: list[str], keep_events: float) -> None:
    """Trims the streams by age, and never past what a group has not finished with."""
    limits = {EVENTS_STREAM: keep_events, **{deliveries_stream(name): _DELIVERIES_KEPT for name in channels}}
    while True:
        await asyncio.sleep(_TIDY_EVERY)
        for stream, age in limits.items():
            try:
                await trim(redis, stream, age, time.time())
                await forget_consumers(redis, stream, GROUP)
            except RedisError as error:
                log.warning("stream_not_tidied", stream=stream, error=type(error).__name__)
