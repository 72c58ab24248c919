"""A store that is found empty though it was filled before: nothing is sent until a person has looked.

With the store the ledger is gone, so what was sent could be sent again; and whoever stopped since the last copy could
be brought back. A mark in the state folder, outside Redis, tells such a store from a new one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog
from redis.asyncio import Redis

from services.notify.throttle.channel_hold import ChannelHold

log = structlog.get_logger(__name__)

STORE: Final = "vestka:store"
"""A random name, given to a store once."""
EMPTIED: Final = "vestka:store:emptied"
"""When it was found empty; there until a channel goes on."""

WHAT_TO_DO: Final = (
    "the store was found empty though it had been filled before, so nothing is sent on any channel. See whether Redis "
    "was flushed, lost its files, or REDIS_URL names another server; put a copy back if there is one; look with "
    "'vestka subscriber list' whom it would reach; then let each channel go on: 'vestka resume CHANNEL'"
)


@dataclass(frozen=True, slots=True)
class Emptied:
    """A condition as `alarms` takes it."""

    kind: str = field(default="store_emptied", init=False)
    about: str = field(default="redis", init=False)
    says: str = field(default=WHAT_TO_DO, init=False)


async def pause_if_emptied(redis: Redis, mark: Path, channels: Iterable[str], at: str) -> bool:
    """Marks the store and the folder as belonging together; True where sending was paused. `at`: RFC 3339.

    Raises RedisError, and OSError where the mark cannot be written."""
    name = await redis.get(STORE)
    noted = _read(mark)
    emptied = name is None and noted is not None
    if emptied:
        for channel in channels:  # before the store gets a name: a crash in between leaves it nameless
            await ChannelHold(redis, channel).pause()
        await redis.set(EMPTIED, at)
        log.error("store_emptied", todo=WHAT_TO_DO)
    if name is None:
        await redis.set(STORE, secrets.token_hex(8), nx=True)
        name = await redis.get(STORE)
    if noted != name:
        _write(mark, str(name))
    return emptied


async def emptied_state(redis: Redis, channels: Iterable[str]) -> Emptied | None:
    """What a person should know now; it ends when the last channel goes on."""
    if not await redis.exists(EMPTIED):
        return None
    if any([await ChannelHold(redis, channel).is_paused() for channel in channels]):
        return Emptied()
    await redis.delete(EMPTIED)
    return None


def _read(mark: Path) -> str | None:
    return mark.read_text() if mark.exists() else None


def _write(mark: Path, text: str) -> None:
    mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = mark.with_suffix(f".{os.getpid()}")  # several notifiers may start at once
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    new.replace(mark)
