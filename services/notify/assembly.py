"""What the service is put together from and a command asks for by itself; FastStream is not among it."""

from __future__ import annotations

import time
from collections.abc import Callable

from redis.asyncio import Redis

from services.notify.channels import open_channels
from services.notify.channels.base import Channel
from services.notify.channels.webhook.public_addresses import PublicAddresses
from services.notify.content.earlier_acts import BadListOfActs, load_earlier_acts
from services.notify.content.rendering import Renderer, RenderingFailed
from services.notify.content.settings import RenderingSettings
from services.notify.delivery.due_queue import retries_key
from services.notify.delivery.ledger import Ledger
from services.notify.settings import NotifySettings
from services.notify.ways_out import WaysOut, open_ways_out
from services.subscribers.keyring import secret_at_hand


def open_notify_channels(
    settings: NotifySettings, redis: Redis | None = None, now: Callable[[], float] = time.time
) -> tuple[dict[str, Channel], WaysOut]:
    """The channels that are on, and what is to be closed after them. `redis`, `now`: see `open_channels`."""
    ways_out = open_ways_out(settings)
    addresses = PublicAddresses(settings.public_url, settings.pages_url)
    return open_channels(settings.channels, ways_out.endpoints, redis, ways_out.bot_api, now, addresses), ways_out


def renderer_of(settings: RenderingSettings) -> Renderer:
    """The one that sends, and so the one that shows what would be sent. Raises RenderingFailed."""
    try:
        acts = load_earlier_acts(settings.known_acts_file)
    except BadListOfActs as error:
        raise RenderingFailed(str(error)) from None
    secret = secret_at_hand(settings.secret_keys[:1], settings.keys_folder)
    return Renderer(settings.templates, settings.about_url, settings.pages_url, acts, settings.discreet_url, secret)


def ledger_of(redis: Redis, channel: str) -> Ledger:
    return Ledger(redis, channel, retries_key(channel))
