"""The vault and the keys, as whoever changes subscribers opens them: notify, the portal, a command."""

from __future__ import annotations

import structlog
from redis.asyncio import Redis

from services.notify.references import References
from services.notify.repair.erasing import eraser_of
from services.notify.repair.unwatched_doubts import doubts_eraser
from services.subscribers.key_files import KeyFolder
from services.subscribers.keyring import Keyring, open_keyring
from services.subscribers.remembered import Remembered
from services.subscribers.settings import ReaderLinkSettings
from services.subscribers.stops import open_stops
from services.subscribers.vault import Vault

log = structlog.get_logger(__name__)


def vault_of(redis: Redis, settings: ReaderLinkSettings) -> Vault:
    """The vault, with what it keeps outside Redis where there is a folder for it."""
    stops = open_stops(settings.notify_state, settings.secret_keys, settings.keys_folder, warn_of_state_folder)

    async def references() -> References:
        return References(await keyring_of(redis, settings))

    vault = Vault(
        redis,
        KeyFolder(settings.keys_folder),
        remembered=Remembered(stops),
        shards=settings.shards,
        erasers=[eraser_of(redis, references), doubts_eraser(redis, references, lambda: vault)],
    )
    return vault


async def keyring_of(redis: Redis, settings: ReaderLinkSettings, *, move: bool = False) -> Keyring:
    """See `open_keyring`."""
    return await open_keyring(
        redis, settings.link_key, settings.link_keys_before, folder=settings.keys_folder, move=move
    )


def warn_of_state_folder(text: str) -> None:
    log.warning("state_folder_unusable", todo=text)
