"""What one channel needs to make attempts, in one hand; and one attempt while it is made."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from services.contract import Event
from services.notify.channels.base import Channel
from services.notify.content.render_cache import RenderCache
from services.notify.delivery.attempt import Attempt
from services.notify.delivery.channel_health import ChannelHealth
from services.notify.delivery.in_flight import InFlight
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.outage import Outage
from services.notify.delivery.probes import Probes
from services.notify.delivery.revisions import Revisions, had_earlier
from services.notify.references import References
from services.notify.throttle.address_throttle import AddressThrottle
from services.notify.throttle.channel_hold import ChannelHold
from services.runtime.metrics import Metrics
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber, Vault

CLAIM_MARGIN: Final = 5.0
"""Seconds beyond the channel's deadline after which a claim counts as a dead process's."""


@dataclass(frozen=True, slots=True)
class ChannelSender:
    """`stop_url` makes a subscriber's own link of their seed; `now` Unix seconds, for what is told;
    `ticks` seconds that never go back, for what is waited; `dice` a number from 0 to below 1."""

    channel: Channel
    ledger: Ledger
    vault: Vault
    render_cache: RenderCache
    channel_hold: ChannelHold
    revisions: Revisions
    metrics: Metrics
    references: References
    health: ChannelHealth
    stop_url: Callable[[str], str]
    outage: Outage
    probes: Probes
    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    dice: Callable[[], float] = random.random
    throttle: AddressThrottle = field(default_factory=AddressThrottle)
    in_flight: InFlight = field(default_factory=InFlight)

    @property
    def name(self) -> str:
        """The channel's."""
        return self.channel.name

    @property
    def claim_lasts(self) -> float:
        """Seconds that a claim holds for one attempt."""
        return self.channel.deadline + CLAIM_MARGIN

    async def today(self, number: int) -> Subscriber | None:
        """The subscriber as they stand now; None where there is none of this number any more."""
        try:
            return await self.vault.with_stop_seed(number)
        except UnknownSubscriber:
            return None

    async def had_earlier(self, event: Event, numbers: Iterable[int] | None = None) -> dict[int, str]:
        """See `revisions.had_earlier`."""
        return await had_earlier(self.ledger, self.revisions, event, numbers)

    async def held_for(self) -> float:
        """Seconds until the channel as a whole may be used; not above 0 where it may now."""
        now = self.now()
        return await self.channel_hold.open_at(now) - now

    def throttled_for(self, target: str) -> float:
        """Seconds until the address may be used; not above 0 where it may now."""
        now = self.ticks()
        return self.throttle.open_at(target, now) - now

    async def is_away(self) -> bool:
        """Whether a far side that all share takes nothing."""
        return self.channel.shared and await self.outage.is_down()


@dataclass(slots=True)
class Sending:
    """An attempt while it is made."""

    sender: ChannelSender
    attempt: Attempt
    probe: bool = False
    """Made to see whether a far side that was away is back; it spends nothing."""
    began: float = 0.0
    """By the sender's `ticks`."""
    out: bool = field(default=False, init=False)
    """The message was about to leave: from here on nobody but the far side knows what became of it."""

    @property
    def tag(self) -> str:
        """What stands for the delivery in a log."""
        return self.sender.references.log_tag(self.sender.name, self.attempt.event.id, self.attempt.number)
