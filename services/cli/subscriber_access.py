"""What the verbs of `vestka subscriber` work with: the vault, opened with the key that notify runs with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from redis.asyncio import Redis

from services.cli.exits import CliExit, Code
from services.notify.assembly import open_notify_channels, renderer_of
from services.notify.opened_vault import keyring_of, vault_of
from services.notify.settings import NotifySettings
from services.subscribers.address import AddressReader
from services.subscribers.keyring import Keyring, OtherKey, check_in_use
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber, Vault


@dataclass(frozen=True, slots=True)
class Checks:
    """What an entry is checked by."""

    channels: Mapping[str, AddressReader]
    languages: tuple[str, ...]


def checks_of(settings: NotifySettings) -> Checks:
    """Nothing is connected by it."""
    channels, _unused = open_notify_channels(settings)
    return Checks(channels, renderer_of(settings).languages)


async def keyring_or_end(redis: Redis, settings: NotifySettings) -> Keyring:
    keyring = await keyring_of(redis, settings)
    try:
        await check_in_use(redis, keyring)
    except OtherKey as error:
        raise CliExit(Code.USAGE, str(error)) from None
    return keyring


async def open_vault(redis: Redis, settings: NotifySettings) -> Vault:
    """By the keys that notify runs with."""
    await keyring_or_end(redis, settings)
    return vault_of(redis, settings)


async def subscriber_or_end(vault: Vault, number: int) -> Subscriber:
    try:
        return await vault.get(number)
    except UnknownSubscriber:
        raise CliExit(Code.NOTHING_MATCHED, f"there is no subscriber {number}") from None
