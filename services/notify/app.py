"""Notify's composition root: the one place where its parts are put together."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import structlog
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM
from services.notify.channel_health import ChannelHealth
from services.notify.channels import CHANNELS, open_channels
from services.notify.channels.base import Channel
from services.notify.desk import Desk
from services.notify.doors import StopDoor, routes
from services.notify.emptied import pause_if_emptied
from services.notify.erasing import eraser_of
from services.notify.events import Events
from services.notify.gaps import Gaps, look_for_gaps_forever
from services.notify.gates import ChannelGate
from services.notify.ledger import Ledger
from services.notify.old_letters import seal_old_letters
from services.notify.outage import Outage
from services.notify.pipeline import Notifier, attempt_due_forever, probe_forever
from services.notify.preview import Previewer
from services.notify.preview_door import PreviewDoor, preview_routes
from services.notify.probes import Probes
from services.notify.references import References
from services.notify.rendering import Renderer
from services.notify.renderings import Renderings
from services.notify.retries import DueQueue, retries_key
from services.notify.revisions import Revisions
from services.notify.settings import NotifySettings
from services.notify.topology import GROUP, ensure_groups, works
from services.notify.upkeep import measure, tidy_forever
from services.notify.watching import limits_of, open_watches
from services.notify.watching.forever import watch_forever
from services.notify.ways_out import WaysOut, open_ways_out
from services.operations.alarms import Alarms
from services.operations.telling.opening import open_tellers
from services.operations.telling.settings import relay_of
from services.runtime.backlog import Backlog
from services.runtime.clock import rfc3339
from services.runtime.dead_letters import DeadLetters
from services.runtime.lease import Lease
from services.runtime.metrics import Metrics
from services.runtime.process import Service
from services.runtime.pulse import until_writes_are_refused
from services.runtime.steady_clock import server_time
from services.runtime.streams import (
    attach_reader,
    consumer_name,
    open_broker,
    open_redis,
    reclaim_forever,
)
from services.runtime.web import common_routes, web_app
from services.subscribers.key_files import KeyFolder
from services.subscribers.keyring import Keyring, open_keyring, take_into_use
from services.subscribers.remembered import Remembered
from services.subscribers.stop_links import StopLinks
from services.subscribers.stops import open_stops
from services.subscribers.subscribers_file import load_file
from services.subscribers.vault import Vault

log = structlog.get_logger(__name__)

_NAME_THE_KEY_BEFORE = "name the key before in VESTKA_LINK_KEYS_BEFORE; until then the links made with it are dead"


def open_notify_channels(settings: NotifySettings, redis: Redis | None = None) -> tuple[dict[str, Channel], WaysOut]:
    """The channels that are on, and what is to be closed after them. `redis`: see `open_channels`."""
    ways_out = open_ways_out(settings)
    return open_channels(settings.channels, ways_out.endpoints, redis, ways_out.bot_api), ways_out


def ledger_of(redis: Redis, channel: str) -> Ledger:
    return Ledger(redis, channel, retries_key(channel))


def vault_of(redis: Redis, settings: NotifySettings) -> Vault:
    """The vault, with what it keeps outside Redis where there is a folder for it."""
    remembered = Remembered(open_stops(settings.notify_state, settings.secret_keys, settings.keys_folder, _warn))

    async def references() -> References:
        return References(await keyring_of(redis, settings))

    return Vault(
        redis,
        KeyFolder(settings.keys_folder),
        remembered=remembered,
        shards=settings.shards,
        erasers=[eraser_of(redis, references)],
    )


async def keyring_of(redis: Redis, settings: NotifySettings, *, move: bool = False) -> Keyring:
    """See `open_keyring`."""
    return await open_keyring(
        redis, settings.link_key, settings.link_keys_before, folder=settings.keys_folder, move=move
    )


def _warn(text: str) -> None:
    log.warning("state_folder_unusable", todo=text)


async def build_notify(settings: NotifySettings, redis_url: str) -> Service:
    """Connects what belongs together; nothing runs yet."""
    redis = open_redis(redis_url)
    metrics, vault = Metrics(), vault_of(redis, settings)
    await vault.open()
    keyring = await keyring_of(redis, settings, move=True)
    channels, ways_out = open_notify_channels(settings, redis)
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
            health=ChannelHealth(redis, channel, time.time),
            stop_url=links.url,
            outage=Outage(redis, name),
            probes=Probes(redis, name),
        )
        for name, channel in channels.items()
    }
    notifier = Notifier(redis, Events(redis), desks, DeadLetters(redis), revisions)
    queues = {name: DueQueue(redis, name) for name in desks}
    alarms, limits = Alarms(redis, metrics, time.time), limits_of(settings)
    relay = relay_of(settings.channels.email)
    tellers = open_tellers(settings.operators, relay, ways_out.endpoints, redis, alarms, consumer_name())
    watches = open_watches(redis, desks, queues, notifier.dead_letters, limits, vault)

    all_work = works(notifier, consumer_name(), settings.reclaim_after, settings.workers)
    broker = open_broker(redis_url, metrics.registry, at_once=sum(work.workers for work in all_work))
    for work in all_work:
        attach_reader(broker, redis, work)

    async def prepare() -> None:
        try:
            await pause_if_emptied(redis, settings.notify_state / "store", CHANNELS, rfc3339(time.time()))
        except OSError as error:
            _warn(f"VESTKA_STATE_DIR cannot be used ({error.strerror}): a store that was emptied is not noticed")
        if not await take_into_use(redis, keyring):
            log.warning("link_key_changed", todo=_NAME_THE_KEY_BEFORE)
        if sealed := await seal_old_letters(notifier.dead_letters, references):
            log.info("old_letters_sealed", count=sealed)
        if settings.subscribers_file is not None:
            count = await load_file(
                settings.subscribers_file, vault, channels, renderer.languages, rfc3339(await server_time(redis))
            )
            log.info("subscribers_loaded", count=count)
        await ensure_groups(redis, list(desks))  # they begin at 0, so nothing that came meanwhile is passed over

    async def close() -> None:
        # The readers have stopped by now, so nothing new begins while what is under way comes to its end.
        await asyncio.gather(*(desk.crew.finish(desk.channel.deadline + 1.0) for desk in desks.values()))
        for channel in channels.values():
            await channel.close()
        await ways_out.close()
        await redis.aclose()

    measured = partial(measure, redis, metrics, notifier.dead_letters, queues, alarms)
    backlog = Backlog(((EVENTS_STREAM, GROUP),), settings.stuck_after)
    ledgers = {name: desk.ledger for name, desk in desks.items()}
    preview_token = settings.preview_token.get_secret_value() if settings.preview_token else None
    previewer = Previewer(vault, ledgers, revisions, renderer, settings.public_url)
    web = web_app(
        [
            *common_routes(redis, metrics, broker, "Vestka notify", measured, backlog),
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
            *(teller.tell_forever for teller in tellers),
            partial(watch_forever, watches, alarms, Lease(redis, "watch", consumer_name()), time.time),
            *(partial(probe_forever, notifier, desk) for desk in desks.values() if not desk.channel.shared),
            partial(look_for_gaps_forever, Gaps(redis, GROUP, metrics)),
            partial(tidy_forever, redis, list(desks), settings.keep_events_days * 86_400.0),
        ],
        close=close,
    )
