"""What the service is put together from and a command asks for by itself; FastStream is not among it."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from redis.asyncio import Redis

from services.notify.channels import open_channels
from services.notify.channels.base import Channel
from services.notify.channels.webhook.public_addresses import PublicAddresses
from services.notify.content.earlier_acts import BadListOfActs, load_earlier_acts
from services.notify.content.rendering import Renderer, RenderingFailed
from services.notify.delivery.due_queue import retries_key
from services.notify.delivery.ledger import Ledger
from services.notify.references import References
from services.notify.repair.erasing import eraser_of
from services.notify.settings import NotifySettings
from services.notify.ways_out import WaysOut, open_ways_out
from services.subscribers.key_files import KeyFolder
from services.subscribers.keyring import Keyring, open_keyring
from services.subscribers.remembered import Remembered
from services.subscribers.stops import open_stops
from services.subscribers.vault import Vault

log = structlog.get_logger(__name__)


def open_notify_channels(
    settings: NotifySettings, redis: Redis | None = None, now: Callable[[], float] = time.time
) -> tuple[dict[str, Channel], WaysOut]:
    """The channels that are on, and what is to be closed after them. `redis`, `now`: see `open_channels`."""
    ways_out = open_ways_out(settings)
    addresses = PublicAddresses(settings.public_url, settings.pages_url)
    return open_channels(settings.channels, ways_out.endpoints, redis, ways_out.bot_api, now, addresses), ways_out


def renderer_of(settings: NotifySettings) -> Renderer:
    """The one that sends, and so the one that shows what would be sent. Raises RenderingFailed."""
    try:
        acts = load_earlier_acts(settings.known_acts_file)
    except BadListOfActs as error:
        raise RenderingFailed(str(error)) from None
    return Renderer(settings.templates, settings.about_url, settings.pages_url, acts)


def ledger_of(redis: Redis, channel: str) -> Ledger:
    return Ledger(redis, channel, retries_key(channel))


def vault_of(redis: Redis, settings: NotifySettings) -> Vault:
    """The vault, with what it keeps outside Redis where there is a folder for it."""
    remembered = Remembered(open_stops(settings.notify_state, settings.secret_keys, settings.keys_folder, _warn))

    async def references() -> References:
        return References(await keyring_of(redis, settings))

    return Vault(
        redis,
        KeyFolder(settings.keys_folder),
        remembered=remembered,
        shards=settings.shards,
        erasers=[eraser_of(redis, references)],
    )


async def keyring_of(redis: Redis, settings: NotifySettings, *, move: bool = False) -> Keyring:
    """See `open_keyring`."""
    return await open_keyring(
        redis, settings.link_key, settings.link_keys_before, folder=settings.keys_folder, move=move
    )


def _warn(text: str) -> None:
    log.warning("state_folder_unusable", todo=text)
