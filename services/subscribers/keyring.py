"""The secret that everything is keyed with which stands outside the store, and the keys made of it, one a purpose.

What stands on a phone (a link, the id of a letter) and what stands in a stream, a dead letter or the log can be matched
with a subscriber only by whoever holds this secret.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from pydantic import SecretStr
from redis.asyncio import Redis

_MADE_UP: Final = "vestka:link-key"
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


async def open_keyring(redis: Redis, given: SecretStr | None, before: SecretStr | None = None) -> Keyring:
    """The configured secret, else one made up once and shared by all processes.

    The made-up one goes on being known after another is configured, so that links in letters already sent go on
    working; `before` names others, with spaces between them.
    """
    if given is None or not given.get_secret_value():
        await redis.set(_MADE_UP, secrets.token_urlsafe(32), nx=True)
    made_up = await redis.get(_MADE_UP)
    known = [given.get_secret_value() if given else "", str(made_up or "")]
    known += before.get_secret_value().split() if before else []
    current, *earlier = dict.fromkeys(one.encode() for one in known if one)
    return Keyring(current, tuple(earlier))


async def take_into_use(redis: Redis, keyring: Keyring) -> bool:
    """Notes which secret notify runs with; False where it ran with one before that this keyring does not hold."""
    noted = await redis.getset(_IN_USE, keyring.mark)
    return noted is None or noted in {Keyring(one).mark for one in keyring.every}


async def check_in_use(redis: Redis, keyring: Keyring) -> None:
    """Raises OtherKey where notify runs with another secret than this: what we write it could not read."""
    if await redis.get(_IN_USE) not in (None, keyring.mark):
        raise OtherKey("VESTKA_LINK_KEY is not the one that notify runs with; give this command the same")
