"""The store of subscribers as services open it; all that a server holds, for tests that look for what must not be
there."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis
from redis.client import NEVER_DECODE

from services.notify.settings import NotifySettings
from services.runtime.settings import load_settings
from services.subscribers.key_files import KeyFolder
from services.subscribers.vault import Vault


def key_folder() -> KeyFolder:
    """As commands and services of this test's environment find it."""
    return KeyFolder(load_settings(NotifySettings).keys_folder)


def vault_on(redis: Redis, **parts: Any) -> Vault:
    """With the keys of this test's own state folder."""
    return Vault(redis, key_folder(), **parts)


async def everything_in(redis: Redis) -> str:
    """Every key and what it holds. Not by DUMP, which may compress."""
    held = [(key, await _content(redis, key)) async for key in redis.scan_iter()]
    return repr(held)


async def streams_in(redis: Redis) -> str:
    held = [(key, await redis.xrange(key)) async for key in redis.scan_iter(_type="stream")]
    return repr(held)


async def _content(redis: Redis, key: str) -> Any:
    match await redis.type(key):
        case "string":
            return await _raw(redis, "GET", key)
        case "hash":
            return await _raw(redis, "HGETALL", key)
        case "set":
            return await _raw(redis, "SMEMBERS", key)
        case "zset":
            return await redis.zrange(key, 0, -1)
        case "list":
            return await redis.lrange(key, 0, -1)
        case "stream":
            return await redis.xrange(key)
        case "none":  # its time was over just now
            return None
        case kind:
            raise AssertionError(f"{key!r} is a {kind!r}, which no test can look into yet")


async def _raw(redis: Redis, command: str, key: str) -> Any:
    """As text where it is text."""
    found: Any = await redis.execute_command(command, key, **{NEVER_DECODE: True})  # type: ignore[no-untyped-call]
    match found:
        case bytes():
            return _text(found)
        case dict():
            return {_text(name): _text(value) for name, value in found.items()}
        case _:
            return {_text(one) for one in found}


def _text(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw
