"""The keys of a command that must read or write what notify seals."""

from __future__ import annotations

from redis.asyncio import Redis

from services.cli.exits import CliExit, Code
from services.notify.opened_vault import keyring_of
from services.notify.references import References
from services.notify.settings import NotifySettings
from services.subscribers.keyring import OtherKey, check_in_use


async def references_or_end(redis: Redis, settings: NotifySettings) -> References:
    keyring = await keyring_of(redis, settings)
    try:
        await check_in_use(redis, keyring)
    except OtherKey as error:
        raise CliExit(Code.USAGE, str(error)) from None
    return References(keyring)
