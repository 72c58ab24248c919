"""The channels: one line each. A channel that is not configured is off."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Final

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from services.egress import Egress
from services.notify.channels.base import Channel
from services.notify.channels.email.channel import EmailChannel, EmailSettings
from services.notify.channels.telegram.channel import TelegramChannel, TelegramSettings
from services.notify.channels.webhook.channel import WebhookChannel, WebhookSettings
from services.notify.channels.webhook.public_addresses import NOWHERE, PublicAddresses
from services.notify.throttle.send_rate import SendRateLimit
from services.notify.throttle.shared_places import SharedPlaces
from services.notify.throttle.shared_send_rate import SharedSendRateLimit
from services.subscribers.address import Bot

__all__ = [
    "CHANNELS",
    "ChannelSettings",
    "EmailChannel",
    "EmailSettings",
    "TelegramChannel",
    "TelegramSettings",
    "WebhookChannel",
    "WebhookSettings",
    "open_channels",
]

CHANNELS: Final = {channel.name: channel for channel in (EmailChannel, TelegramChannel, WebhookChannel)}
"""Every channel there is, configured or not."""


class ChannelSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    email: EmailSettings | None = None
    telegram: TelegramSettings | None = None
    webhook: WebhookSettings | None = None


def open_channels(
    settings: ChannelSettings,
    egress: Egress,
    redis: Redis | None = None,
    bot_api: Egress | None = None,
    now: Callable[[], float] = time.time,
    addresses: PublicAddresses = NOWHERE,
) -> dict[str, Channel]:
    """The channels that are on, by name. `bot_api`: the way to the Bot API, where it is one of its own. In `redis` they
    share what all notifiers have to share, and whoever sends nothing needs none. `now`: Unix seconds.
    `addresses`: where our own pages are, for messages that lead there.

    Both ways out stay the caller's to close, after them.
    """
    channels: dict[str, Channel] = {}
    if settings.email is not None:
        channels[EmailChannel.name] = EmailChannel(settings.email, _places_at(settings.email, redis), now)
    if settings.telegram is not None:
        channels[TelegramChannel.name] = TelegramChannel(
            settings.telegram, bot_api or egress, rate_limits=_paces_of(settings.telegram, redis)
        )
    if settings.webhook is not None:
        channels[WebhookChannel.name] = WebhookChannel(settings.webhook, egress, addresses, now=now)
    return channels


def _paces_of(telegram: TelegramSettings, redis: Redis | None) -> dict[Bot | None, SendRateLimit]:
    if redis is None:
        return {}
    return {bot: SharedSendRateLimit(telegram.rates, redis, bot) for bot in telegram.bots}


def _places_at(email: EmailSettings, redis: Redis | None) -> SharedPlaces | None:
    """Of a relay, which the key does not name."""
    if redis is None:
        return None
    relay = hashlib.sha256(f"{email.host}:{email.port}".encode()).hexdigest()[:12]
    return SharedPlaces(redis, f"email:{relay}", email.sessions)
