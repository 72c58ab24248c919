"""The streams notify reads, their groups, and how long an entry may lie before it counts as abandoned."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, NOTIFY_GROUP, deliveries_stream
from services.notify.pipeline import Notifier
from services.runtime.consumers import StreamConsumer
from services.runtime.deadline import within
from services.runtime.streams import ensure_group

_ROUTING_DEADLINE: Final = 30.0
"""Seconds to say where one event goes: a few dozen requests to Redis."""
_EVENTS_TOGETHER: Final = 10
"""Each is noted by its revision before anybody is looked for, so their order does not matter."""


def consumers(notifier: Notifier, consumer: str, idle: float, workers: int) -> list[StreamConsumer]:
    """The events stream first, then one stream of deliveries a channel."""
    on_event = within(_ROUTING_DEADLINE, notifier.on_event)
    events = StreamConsumer(
        EVENTS_STREAM, NOTIFY_GROUP, consumer, on_event, notifier.bury, idle=idle, together=_EVENTS_TOGETHER
    )
    deliveries = [
        StreamConsumer(
            deliveries_stream(name),
            NOTIFY_GROUP,
            consumer,
            partial(notifier.on_shards, sender),
            notifier.bury,
            idle=idle,
            workers=workers,
        )
        for name, sender in notifier.senders.items()
    ]
    return [events, *deliveries]


async def ensure_groups(redis: Redis, channels: Sequence[str]) -> None:
    for stream in (EVENTS_STREAM, *(deliveries_stream(name) for name in channels)):
        await ensure_group(redis, stream, NOTIFY_GROUP)
