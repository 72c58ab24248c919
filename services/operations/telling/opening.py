"""Which ways to the operators there are, by the settings: one line a way."""

from __future__ import annotations

import time
from collections.abc import Iterator

from redis.asyncio import Redis

from services.egress import Egress
from services.operations.alarms import Alarms
from services.operations.notices import Notices
from services.operations.telling.settings import Operators, Relay
from services.operations.telling.teller import Teller
from services.operations.telling.ways import ByEmail, ByWebhook, Way
from services.runtime.lease import Lease


def open_ways(operators: Operators, relay: Relay | None, egress: Egress) -> Iterator[Way]:
    """`relay`: the email channel's mail server; `egress` stays the caller's to close."""
    relays = [one for one in (relay, operators.relay) if one is not None]
    for number, recipient in enumerate(operators.email, start=1):
        yield ByEmail(number, recipient, relays)
    if operators.webhook is not None and operators.webhook_secret is not None:
        yield ByWebhook(operators.webhook.get_secret_value(), operators.webhook_secret.get_secret_value(), egress)


def open_tellers(
    operators: Operators, relay: Relay | None, egress: Egress, redis: Redis, alarms: Alarms, holder: str
) -> list[Teller]:
    """`holder`: a name that no other process has."""
    return [
        Teller(
            way,
            Notices(redis),
            alarms,
            Lease(redis, f"tell:{way.name}", holder),
            operators.at_most_every,
            time.monotonic,
        )
        for way in open_ways(operators, relay, egress)
    ]
