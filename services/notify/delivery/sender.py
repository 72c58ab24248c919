"""What one channel needs to make attempts, in one hand; and one attempt while it is made."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from services.contract import Event
from services.notify.channels.base import Channel, StoreTooSlow
from services.notify.content.render_cache import RenderCache
from services.notify.delivery.asked_together import AskedTogether
from services.notify.delivery.attempt import Attempt
from services.notify.delivery.channel_health import ChannelHealth
from services.notify.delivery.closing import Closing
from services.notify.delivery.delivery_log import DeliveryLog
from services.notify.delivery.in_flight import InFlight
from services.notify.delivery.kept_readers import KeptReaders
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.outage import Outage
from services.notify.delivery.probes import Probes
from services.notify.delivery.revisions import Revisions, had_earlier
from services.notify.fanout.doubtful_matches import DoubtfulMatches
from services.notify.references import References
from services.notify.throttle.address_throttle import AddressThrottle
from services.notify.throttle.channel_hold import ChannelHold
from services.runtime.metrics import Metrics
from services.subscribers.address import Mode
from services.subscribers.change_notices import ChangesHeard
from services.subscribers.vault import Vault

CLAIM_MARGIN: Final = 5.0
"""Seconds beyond the channel's deadline after which a lease counts as a dead process's."""


@dataclass(frozen=True, slots=True)
class ChannelSender:
    """`stop_url` makes a subscriber's own link of their seed and mode; `now` Unix seconds, for what is told;
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
    stop_url: Callable[[str, Mode], str]
    outage: Outage
    probes: Probes
    changes: ChangesHeard
    log: DeliveryLog
    matches: DoubtfulMatches
    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    dice: Callable[[], float] = random.random
    throttle: AddressThrottle = field(default_factory=AddressThrottle)
    in_flight: InFlight = field(default_factory=InFlight)
    closing: Closing = field(init=False)
    readers: KeptReaders = field(init=False)
    asking: AskedTogether = field(init=False)

    def __post_init__(self) -> None:
        parts = (self.channel, self.ledger, self.log, self.in_flight, self.metrics, self.health, self.outage)
        object.__setattr__(self, "closing", Closing(*parts, self.probes, self.now))
        object.__setattr__(self, "readers", KeptReaders(self.vault, self.changes))
        object.__setattr__(self, "asking", AskedTogether(self.vault, self.channel.name))

    @property
    def name(self) -> str:
        """The channel's."""
        return self.channel.name

    @property
    def claim_lasts(self) -> float:
        """Seconds that a lease holds unless it is extended."""
        return self.channel.deadline + CLAIM_MARGIN

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

    async def drain(self, patience: float) -> None:
        """Sees what is under way to its end, and then what is to be written, for `patience` seconds each at most."""
        await self.in_flight.drain(patience)
        await self.closing.drain(patience)


@dataclass(slots=True)
class Sending:
    """An attempt while it is made."""

    sender: ChannelSender
    attempt: Attempt
    read_at: float
    """When its reader was read from the store, by `sender.changes`."""
    probe: bool = False
    """Made to see whether a far side that was away is back; it spends nothing."""
    began: float = 0.0
    """By the sender's `ticks`."""
    out: bool = field(default=False, init=False)
    """The message was about to leave: from here on nobody but the far side knows what became of it."""
    overdue: bool = field(default=False, init=False)
    """It took longer than a channel may take, and is broken off."""

    @property
    def tag(self) -> str:
        """What stands for the delivery in a log."""
        return self.sender.references.log_tag(self.sender.name, self.attempt.event.id, self.attempt.number)

    def still_wanted(self) -> bool:
        """Asked right before the message leaves. False: the reader was changed since, so it is looked at anew. Raises
        StoreTooSlow."""
        stands = self.sender.changes.still_stands(self.attempt.number, self.read_at)
        if stands is None:
            raise StoreTooSlow
        self.out = stands
        return stands
