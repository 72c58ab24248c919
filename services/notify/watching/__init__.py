"""What notify watches in itself and its far sides, so that no trouble is silent: each file finds one kind of it."""

from __future__ import annotations

from collections.abc import Mapping

from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, NOTIFY_GROUP, deliveries_stream
from services.notify.delivery.due_queue import DueQueue
from services.notify.delivery.sender import ChannelSender
from services.notify.settings import NotifySettings
from services.notify.watching.doubtful import DoubtfulMatchesWatch
from services.notify.watching.endpoints import EndpointWatch
from services.notify.watching.far_sides import ChannelWatch
from services.notify.watching.forever import Watch
from services.notify.watching.limits import AlarmLimits
from services.notify.watching.renderings import RenderingsWatch
from services.notify.watching.store_state import StoreWatch, UnsureWatch
from services.notify.watching.undelivered import UndeliveredWatch
from services.notify.watching.unfinished import PersistenceWatch, PoisonWatch, StandingWatch
from services.notify.watching.unreadable_records import RecordsWatch
from services.runtime.dead_letters import DeadLetters
from services.subscribers.vault import Vault

__all__ = ["AlarmLimits", "Watch", "limits_of", "open_watches"]


def limits_of(settings: NotifySettings) -> AlarmLimits:
    return AlarmLimits(
        unreachable_after=settings.alarm_unreachable_after,
        retries_pending=settings.alarm_retries_pending,
        endpoint_failing_after=settings.alarm_endpoint_failing_after,
        undelivered_after=settings.alarm_undelivered_after,
        pending_after=settings.alarm_pending_after,
    )


def open_watches(
    redis: Redis,
    senders: Mapping[str, ChannelSender],
    queues: Mapping[str, DueQueue],
    letters: DeadLetters,
    limits: AlarmLimits,
    vault: Vault,
    templates: str,
) -> list[Watch]:
    """One line a kind of trouble. `templates`: the version of those in use."""
    streams = [EVENTS_STREAM, *map(deliveries_stream, senders)]
    return [
        ChannelWatch(senders, queues, limits),
        EndpointWatch(senders, limits),
        UndeliveredWatch(redis, senders, limits),
        PoisonWatch(letters),
        StandingWatch(redis, streams, NOTIFY_GROUP, limits),
        PersistenceWatch(redis),
        StoreWatch(redis, tuple(senders)),
        UnsureWatch(letters),
        RecordsWatch(vault),
        RenderingsWatch(redis, letters, templates),
        *(DoubtfulMatchesWatch(one.matches) for one in list(senders.values())[:1]),  # it is the same of every channel
    ]
