"""The secret that everything is keyed with which stands outside the store, and the keys made of it, one a purpose.

What stands on a phone (a link, the id of a letter) and what stands in a stream, a dead letter or the log can be matched
with a subscriber only by whoever holds this secret.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import SecretStr
from redis.asyncio import Redis

from services.subscribers.persistence import mark_stale
from services.subscribers.store_faults import UnusableKeys
from services.subscribers.write_once import write_once

_MADE_UP: Final = "vestka:link-key"
"""Where earlier versions kept it."""
_FILE: Final = "link.key"
_IN_USE: Final = "vestka:link-key:in-use"


class OtherKey(Exception):
    """It was made with a key that we do not hold. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The secret in use, and those in use before it: what was made with them can still be read."""

    current: bytes = field(repr=False)
    earlier: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def every(self) -> tuple[bytes, ...]:
        return (self.current, *self.earlier)

    @property
    def mark(self) -> str:
        """Tells one secret in use from another, and nothing of it."""
        return derived(self.current, "in use")[:8].hex()


def derived(secret: bytes, purpose: str) -> bytes:
    """64 bytes for one purpose, from which neither the secret nor another purpose's key follows."""
    return hmac.digest(secret, f"vestka 1 {purpose}".encode(), "sha512")


async def open_keyring(
    redis: Redis, given: SecretStr | None, before: SecretStr | None = None, *, folder: Path, move: bool = False
) -> Keyring:
    """The configured secret, else one made up once, which stands in a file of `folder` and is shared by all processes.

    The made-up one goes on being known after another is configured, so that links in letters already sent go on
    working; `before` names others, with spaces between them. `move`: out of Redis, where earlier versions kept it, and
    to the file. Raises UnusableKeys.
    """
    wanted = given.get_secret_value() if given else ""
    known = [wanted, *await _made_up(redis, folder / _FILE, make=not wanted, move=move)]
    known += before.get_secret_value().split() if before else []
    current, *earlier = dict.fromkeys(one.encode() for one in known if one)
    return Keyring(current, tuple(earlier))


def secret_at_hand(given: Sequence[bytes], folder: Path) -> bytes:
    """The secret in use as far as it can be had without Redis: b"" where none was given or made up yet."""
    try:
        made_up = [line.encode() for line in _read(folder / _FILE)]
    except OSError:
        made_up = []
    return next((one for one in (*given, *made_up) if one), b"")


async def _made_up(redis: Redis, file: Path, *, make: bool, move: bool) -> list[str]:
    """The one in use first. Earlier versions kept it in Redis."""
    in_redis = await redis.get(_MADE_UP)
    try:
        if in_redis is not None and move:
            _add(file, str(in_redis))
            await mark_stale(redis)
            await redis.delete(_MADE_UP)
        elif in_redis is None and make:
            write_once(file, f"{secrets.token_urlsafe(32)}\n".encode())
        return [*_read(file), *([str(in_redis)] if in_redis else [])]
    except OSError as error:
        raise UnusableKeys(
            f"VESTKA_KEYS_DIR: the key of links cannot be kept in {file} ({error.strerror}): set VESTKA_LINK_KEY, or "
            "name a folder that we may write to"
        ) from None


def _read(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def _add(file: Path, secret: str) -> None:
    """Behind those that are there."""
    if write_once(file, f"{secret}\n".encode()) or secret in _read(file):
        return
    with file.open("a") as handle:
        handle.write(secret + "\n")
        handle.flush()
        os.fsync(handle.fileno())


async def take_into_use(redis: Redis, keyring: Keyring) -> bool:
    """Notes which secret notify runs with; False where it ran with one before that this keyring does not hold."""
    noted = await redis.getset(_IN_USE, keyring.mark)
    return noted is None or noted in {Keyring(one).mark for one in keyring.every}


async def check_in_use(redis: Redis, keyring: Keyring) -> None:
    """Raises OtherKey where notify runs with another secret than this: what we write it could not read."""
    if await redis.get(_IN_USE) not in (None, keyring.mark):
        raise OtherKey(
            "VESTKA_LINK_KEY, or link.key in VESTKA_KEYS_DIR, is not the one that notify runs with; give this command "
            "the same"
        )
