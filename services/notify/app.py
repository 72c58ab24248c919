"""Notify's composition root: the one place where its parts are put together."""

from __future__ import annotations

import asyncio
from functools import partial

import structlog

from services.contract import EVENTS_STREAM, NOTIFY_GROUP
from services.notify.about_page import about_routes
from services.notify.assembly import ledger_of, open_notify_channels, renderer_of
from services.notify.bounces.bounce_desk import BounceDesk
from services.notify.bounces.bounce_tasks import taking_bounces
from services.notify.channels import CHANNELS
from services.notify.content.render_cache import RenderCache
from services.notify.delivery.audience import READERS_AN_ENTRY
from services.notify.delivery.channel_health import ChannelHealth
from services.notify.delivery.delivery_log import DeliveryLog
from services.notify.delivery.due_queue import DueQueue
from services.notify.delivery.kept_links import KeptLinks
from services.notify.delivery.outage import Outage
from services.notify.delivery.probes import Probes
from services.notify.delivery.revisions import Revisions
from services.notify.delivery.sender import ChannelSender
from services.notify.digests.digest_tasks import digest_tasks, every, open_digest_desk
from services.notify.event_types import event_type_routes
from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.notify.fanout.events import Events
from services.notify.fanout.gaps import Gaps, look_for_gaps_forever
from services.notify.letters.letter_request import LETTERS_STREAM
from services.notify.letters.office_opening import letters_consumers, open_post_office, putting_back
from services.notify.opened_vault import keyring_of, vault_of, warn_of_state_folder
from services.notify.pipeline import Notifier, attempt_due_forever, keep_leases_forever, probe_forever
from services.notify.preview import Previewer
from services.notify.preview_routes import PreviewDoor, preview_routes
from services.notify.references import References
from services.notify.repair.emptied import pause_if_emptied
from services.notify.repair.old_letters import seal_old_letters
from services.notify.settings import NotifySettings
from services.notify.stop_door import StopDoor, stop_routes
from services.notify.throttle.channel_hold import ChannelHold
from services.notify.topology import consumers, ensure_groups
from services.notify.upkeep import VANISH_LEASE, measure, tidy_forever, vanish_forever
from services.notify.watching import limits_of, open_watches
from services.notify.watching.clock_jumps import ClockWatch
from services.notify.watching.forever import watch_forever
from services.notify.watching.renderings import note_failures_forever
from services.operations.alarms import Alarms
from services.operations.telling.opening import open_tellers
from services.operations.telling.settings import relay_of
from services.runtime.backlog import Backlog
from services.runtime.clock import rfc3339
from services.runtime.consumers import attach_consumer, consumer_name, open_broker, reclaim_forever
from services.runtime.dead_letters import DeadLetters
from services.runtime.heartbeat import until_writes_are_refused
from services.runtime.http.web import common_routes, web_app
from services.runtime.lease import Lease
from services.runtime.metrics import Metrics
from services.runtime.process import Service
from services.runtime.steady_clock import SteadyClock, watch_clock_forever
from services.runtime.streams import ensure_group, open_redis
from services.subscribers.change_notices import ChangesHeard
from services.subscribers.keyring import take_into_use
from services.subscribers.stop_links import StopLinks
from services.subscribers.subscribers_file import load_file

log = structlog.get_logger(__name__)

_NAME_THE_KEY_BEFORE = "name the key before in VESTKA_LINK_KEYS_BEFORE; until then the links made with it are dead"


async def build_notify(settings: NotifySettings, redis_url: str) -> Service:
    """Connects what belongs together; nothing runs yet."""
    redis, clock = open_redis(redis_url), SteadyClock()
    metrics, vault = Metrics(), vault_of(redis, settings)
    await vault.open()
    keyring = await keyring_of(redis, settings, move=True)
    channels, ways_out = open_notify_channels(settings, redis, clock)
    renderer = renderer_of(settings)
    links, references = StopLinks(keyring, settings.public_url, settings.discreet_url), References(keyring)
    render_cache, revisions, changes = RenderCache(renderer), Revisions(redis), ChangesHeard(redis)
    matches = DoubtfulMatches(redis, references)
    senders = {
        name: ChannelSender(
            channel=channel,
            ledger=ledger_of(redis, name),
            vault=vault,
            render_cache=render_cache,
            channel_hold=ChannelHold(redis, name),
            revisions=revisions,
            metrics=metrics,
            references=references,
            health=ChannelHealth(redis, channel, clock),
            now=clock,
            stop_url=KeptLinks(links.url).url,
            outage=Outage(redis, name),
            probes=Probes(redis, name),
            changes=changes,
            log=DeliveryLog(references, name, renderer.version, settings.retention.attempts),
            matches=matches,
        )
        for name, channel in channels.items()
    }
    notifier = Notifier(redis, Events(redis), senders, DeadLetters(redis), revisions, clock, READERS_AN_ENTRY)
    digests = open_digest_desk(redis, senders, renderer, settings.digest_hour, settings.retention.attempts, clock)
    queues = {name: DueQueue(redis, name) for name in senders}
    alarms, limits = Alarms(redis, metrics, clock), limits_of(settings)
    tellers = open_tellers(
        settings.operators, relay_of(settings.channels.email), ways_out.endpoints, redis, alarms, consumer_name()
    )
    watches = [
        *open_watches(redis, senders, queues, notifier.dead_letters, limits, vault, renderer.version),
        ClockWatch(clock),
    ]

    all_consumers = consumers(notifier, consumer_name(), settings.reclaim_after, settings.workers)
    broker = open_broker(redis_url, metrics.registry, at_once=sum(consumer.workers for consumer in all_consumers))
    office = open_post_office(redis, channels, vault, renderer, keyring, settings.letters_url, metrics, clock)
    all_consumers += letters_consumers(office, NOTIFY_GROUP, consumer_name(), settings.reclaim_after)
    for consumer in all_consumers:
        attach_consumer(broker, redis, consumer)

    async def prepare() -> None:
        await clock.look(redis)
        try:
            await pause_if_emptied(redis, settings.notify_state / "store", CHANNELS, rfc3339(clock()))
        except OSError as error:
            warn_of_state_folder(
                f"VESTKA_STATE_DIR cannot be used ({error.strerror}): a store that was emptied is not noticed"
            )
        if not await take_into_use(redis, keyring):
            log.warning("link_key_changed", todo=_NAME_THE_KEY_BEFORE)
        if sealed := await seal_old_letters(notifier.dead_letters, references):
            log.info("old_letters_sealed", count=sealed)
        if settings.subscribers_file is not None:
            count = await load_file(settings.subscribers_file, vault, channels, renderer.languages, rfc3339(clock()))
            log.info("subscribers_loaded", count=count)
        await changes.open()
        # They begin at 0, so nothing that came meanwhile is passed over.
        await ensure_groups(redis, list(senders))
        await ensure_group(redis, LETTERS_STREAM, NOTIFY_GROUP)

    async def close() -> None:
        # The readers have stopped by now, so nothing new begins. What has left comes to its end; what waits in line
        # does not leave any more.
        await changes.close()
        await asyncio.gather(*(sender.drain(sender.channel.deadline + 1.0) for sender in every(senders, digests)))
        for channel in channels.values():
            await channel.close()
        await ways_out.close()
        await redis.aclose()

    measured = partial(measure, redis, metrics, notifier.dead_letters, queues, alarms, clock)
    backlog = Backlog(((EVENTS_STREAM, NOTIFY_GROUP),), settings.stuck_after)
    ledgers = {name: sender.ledger for name, sender in senders.items()}
    preview_token = settings.preview_token.get_secret_value() if settings.preview_token else None
    previewer = Previewer(vault, ledgers, revisions, renderer, settings.sample_stop_url, matches.answers)
    web = web_app(
        [
            *common_routes(redis, metrics, broker, "Vestka notify", measured, backlog),
            *stop_routes(StopDoor(vault, links, renderer)),
            *event_type_routes(),
            *about_routes(renderer),
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
            *(partial(reclaim_forever, redis, consumer) for consumer in all_consumers),
            *(partial(attempt_due_forever, notifier, senders[name], queue) for name, queue in queues.items()),
            *(partial(keep_leases_forever, sender) for sender in every(senders, digests)),
            *digest_tasks(digests, consumer_name()),
            *(teller.tell_forever for teller in tellers),
            *putting_back(office),
            *taking_bounces(settings.bounces, BounceDesk(redis, vault, references, alarms, metrics, clock)),
            partial(vanish_forever, vault, matches, Lease(redis, "vanish", consumer_name(), VANISH_LEASE), clock),
            partial(watch_forever, watches, alarms, Lease(redis, "watch", consumer_name()), clock),
            partial(note_failures_forever, redis, render_cache),
            partial(watch_clock_forever, clock, redis),
            *(partial(probe_forever, notifier, sender) for sender in senders.values() if not sender.channel.shared),
            partial(look_for_gaps_forever, Gaps(redis, NOTIFY_GROUP, metrics), clock),
            partial(tidy_forever, redis, list(senders), settings.retention, clock),
        ],
        close=close,
    )
