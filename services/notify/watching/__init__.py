"""What notify watches in itself and its far sides, so that no trouble is silent: each file finds one kind of it."""

from __future__ import annotations

from collections.abc import Mapping

from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, deliveries_stream
from services.notify.desk import Desk
from services.notify.retries import DueQueue
from services.notify.settings import NotifySettings
from services.notify.topology import GROUP
from services.notify.watching.channels import ChannelWatch
from services.notify.watching.endpoints import EndpointWatch
from services.notify.watching.forever import Watch
from services.notify.watching.limits import Limits
from services.notify.watching.records import RecordsWatch
from services.notify.watching.standing import PersistenceWatch, PoisonWatch, StandingWatch
from services.notify.watching.store import StoreWatch, UnsureWatch
from services.notify.watching.undelivered import UndeliveredWatch
from services.runtime.dead_letters import DeadLetters
from services.subscribers.vault import Vault

__all__ = ["Limits", "Watch", "limits_of", "open_watches"]


def limits_of(settings: NotifySettings) -> Limits:
    return Limits(
        unreachable_after=settings.alarm_unreachable_after,
        retries_pending=settings.alarm_retries_pending,
        endpoint_failing_after=settings.alarm_endpoint_failing_after,
        undelivered_after=settings.alarm_undelivered_after,
        pending_after=settings.alarm_pending_after,
    )


def open_watches(
    redis: Redis,
    desks: Mapping[str, Desk],
    queues: Mapping[str, DueQueue],
    letters: DeadLetters,
    limits: Limits,
    vault: Vault,
) -> list[Watch]:
    """One line a kind of trouble."""
    streams = [EVENTS_STREAM, *map(deliveries_stream, desks)]
    return [
        ChannelWatch(desks, queues, limits),
        EndpointWatch(desks, limits),
        UndeliveredWatch(redis, desks, limits),
        PoisonWatch(letters),
        StandingWatch(redis, streams, GROUP, limits),
        PersistenceWatch(redis),
        StoreWatch(redis, tuple(desks)),
        UnsureWatch(letters),
        RecordsWatch(vault),
    ]
