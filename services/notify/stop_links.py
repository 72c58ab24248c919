"""The one personal link in a message: it stops the alerts, needs no login, and says nothing about whose it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from redis.asyncio import Redis

_KEY = "vestka:link-key"
_TAG_BYTES = 15


async def link_key(redis: Redis, given: str | None) -> bytes:
    """The configured key, else one made up once and shared by all notifiers."""
    if given is not None:
        return given.encode()
    await redis.set(_KEY, secrets.token_urlsafe(32), nx=True)
    return str(await redis.get(_KEY)).encode()


class StopLinks:
    """`<public url>/stop/<number>-<tag>`: the tag is an HMAC, so no link can be guessed from another."""

    def __init__(self, key: bytes, public_url: str) -> None:
        self._key = key
        self._base = public_url.rstrip("/")

    def url(self, number: int) -> str:
        return f"{self._base}/stop/{number:x}-{self._tag(number)}"

    def number(self, token: str) -> int | None:
        """Whose link it is; None where it is nobody's."""
        digits, _, tag = token.partition("-")
        try:
            number = int(digits, 16)
        except ValueError:
            return None
        return number if hmac.compare_digest(tag.encode(), self._tag(number).encode()) else None

    def _tag(self, number: int) -> str:
        digest = hmac.new(self._key, f"stop:{number}".encode(), hashlib.sha256).digest()
        return base64.b32encode(digest[:_TAG_BYTES]).decode().lower()
