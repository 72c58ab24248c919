"""Puts the desk of digests together, and keeps it at work beside what sends at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from functools import partial
from typing import Final

import structlog
from redis.asyncio import Redis

from services.notify.content.rendering import Renderer
from services.notify.delivery.delivery_log import DeliveryLog
from services.notify.delivery.in_flight import InFlight
from services.notify.delivery.sender import ChannelSender
from services.notify.delivery.server_clock import Clock
from services.notify.digests.calendar import Calendar
from services.notify.digests.digest_batch import DigestSender
from services.notify.digests.digest_desk import DigestDesk
from services.notify.digests.digest_ledger import DigestLedger, digest_channel
from services.notify.digests.digest_letters import DigestLetters
from services.notify.digests.recent_stories import RecentStories
from services.notify.fanout.digest_rule import has_digests
from services.notify.pipeline import waiting_out_shortages
from services.runtime.connections import is_shortage
from services.runtime.lease import Lease
from services.runtime.process import BackgroundTask

log = structlog.get_logger(__name__)

_LOOK_EVERY: Final = 10.0
_LOOK_FOR_DUE_EVERY: Final = 1.0
_LEASE_LASTS: Final = 600.0
"""Seconds: one process of several begins them."""
_ROOM: Final = 32
"""Digests under way at once, beside what goes out at once."""


def open_digest_desk(
    redis: Redis,
    senders: Mapping[str, ChannelSender],
    renderer: Renderer,
    hour: time,
    attempts_kept: int,
    now: Callable[[], float],
    clock: Clock = None,
) -> DigestDesk:
    """`senders`: those that send at once. `attempts_kept`: seconds; `now`: Unix seconds; `clock`: the ledger's."""
    news, letters, calendar = RecentStories(redis), DigestLetters(renderer), Calendar(redis)
    digests = {}
    for name, sender in senders.items():
        if has_digests(name):
            ledger = DigestLedger(redis, name, sender.ledger, clock)
            kept = DeliveryLog(sender.references, digest_channel(name), renderer.version, attempts_kept)
            own = replace(sender, ledger=ledger, log=kept, in_flight=InFlight(_ROOM))
            digests[name] = DigestSender(own, ledger, sender.ledger, news, letters, calendar, hour)
    return DigestDesk(redis, digests, calendar, hour, now, clock)


async def _begin_forever(desk: DigestDesk, lease: Lease) -> None:
    """Until cancelled."""
    while True:
        try:
            if await lease.take():
                await desk.begin_due()
        except Exception as error:
            if not is_shortage(error):
                raise
            log.warning("digests_not_begun", error=type(error).__name__)
        await asyncio.sleep(_LOOK_EVERY)


async def _take_up_forever(desk: DigestDesk, sender: DigestSender) -> None:
    """Until cancelled."""
    while True:
        with waiting_out_shortages("digests_not_taken_up", sender.sender):
            await desk.take_up(sender)
        await asyncio.sleep(_LOOK_FOR_DUE_EVERY)


def every(senders: Mapping[str, ChannelSender], desk: DigestDesk) -> list[ChannelSender]:
    """Those that send at once, and those of digests."""
    return [*senders.values(), *(one.sender for one in desk.senders.values())]


def digest_tasks(desk: DigestDesk, holder: str) -> list[BackgroundTask]:
    """`holder`: this process, as `Lease` takes it."""
    lease = Lease(desk.redis, "digests", holder, _LEASE_LASTS)
    takes_up = [partial(_take_up_forever, desk, one) for one in desk.senders.values()]
    return [partial(_begin_forever, desk, lease), *takes_up]
