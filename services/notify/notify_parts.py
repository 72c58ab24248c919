"""The parts that do notify's work: each opened once, and given to those that it serves."""

from __future__ import annotations

from dataclasses import dataclass

from services.notify.assembly import ledger_of
from services.notify.channels.base import Channel
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
from services.notify.digests.digest_desk import DigestDesk
from services.notify.digests.digest_tasks import open_digest_desk
from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.notify.fanout.events import Events
from services.notify.ground import Ground
from services.notify.letters.office_opening import open_post_office
from services.notify.letters.post_office import PostOffice
from services.notify.pipeline import Notifier
from services.notify.throttle.channel_hold import ChannelHold
from services.runtime.dead_letters import DeadLetters
from services.subscribers.change_notices import ChangesHeard


@dataclass(frozen=True)
class Shared:
    """What the senders of all channels share."""

    render_cache: RenderCache
    revisions: Revisions
    changes: ChangesHeard
    matches: DoubtfulMatches


@dataclass(frozen=True)
class NotifyParts:
    shared: Shared
    senders: dict[str, ChannelSender]
    notifier: Notifier
    queues: dict[str, DueQueue]
    digests: DigestDesk
    office: PostOffice | None


def open_parts(ground: Ground) -> NotifyParts:
    redis, clock, settings = ground.redis, ground.clock, ground.settings
    shared = Shared(
        RenderCache(ground.renderer), Revisions(redis), ChangesHeard(redis), DoubtfulMatches(redis, ground.references)
    )
    senders = {name: _sender(ground, shared, name, channel) for name, channel in ground.channels.items()}
    return NotifyParts(
        shared=shared,
        senders=senders,
        notifier=Notifier(redis, Events(redis), senders, DeadLetters(redis), shared.revisions, clock, READERS_AN_ENTRY),
        queues={name: DueQueue(redis, name) for name in senders},
        digests=open_digest_desk(
            redis, senders, ground.renderer, settings.digest_hour, settings.retention.attempts, clock
        ),
        office=open_post_office(
            redis,
            ground.channels,
            ground.vault,
            ground.renderer,
            ground.keyring,
            settings.letters_url,
            ground.metrics,
            clock,
        ),
    )


def _sender(ground: Ground, shared: Shared, name: str, channel: Channel) -> ChannelSender:
    redis = ground.redis
    return ChannelSender(
        channel=channel,
        ledger=ledger_of(redis, name),
        vault=ground.vault,
        render_cache=shared.render_cache,
        channel_hold=ChannelHold(redis, name),
        revisions=shared.revisions,
        metrics=ground.metrics,
        references=ground.references,
        health=ChannelHealth(redis, channel, ground.clock),
        now=ground.clock,
        stop_url=KeptLinks(ground.links.url).url,
        outage=Outage(redis, name),
        probes=Probes(redis, name),
        changes=shared.changes,
        log=DeliveryLog(ground.references, name, ground.renderer.version, ground.settings.retention.attempts),
        matches=shared.matches,
    )
