"""What one channel needs to make attempts, in one hand."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from services.notify.channels.base import Channel
from services.notify.content.render_cache import RenderCache
from services.notify.delivery.channel_health import ChannelHealth
from services.notify.delivery.in_flight import InFlight
from services.notify.delivery.ledger import Ledger
from services.notify.delivery.outage import Outage
from services.notify.delivery.probes import Probes
from services.notify.delivery.revisions import Revisions
from services.notify.references import References
from services.notify.throttle.address_throttle import AddressThrottle
from services.notify.throttle.channel_hold import ChannelHold
from services.runtime.metrics import Metrics
from services.subscribers.vault import Vault


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
