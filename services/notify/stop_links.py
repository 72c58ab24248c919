"""The one personal link in a message: it stops the alerts, needs no login, and says nothing about whose it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

from redis.asyncio import Redis

_KEY = "vestka:link-key"
_TAG_BYTES = 15
_TOKEN = re.compile(r"([0-9a-f]{1,16})-[a-z2-7]+", re.ASCII)


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
        return f"{self._base}/stop/{self._token(number)}"

    def number(self, token: str) -> int | None:
        """Whose link it is; None where it is nobody's."""
        form = _TOKEN.fullmatch(token)
        if form is None:
            return None
        number = int(form[1], 16)
        return number if hmac.compare_digest(token, self._token(number)) else None

    def _token(self, number: int) -> str:
        return f"{number:x}-{self._tag(number)}"

    def _tag(self, number: int) -> str:
        digest = hmac.new(self._key, f"stop:{number}".encode(), hashlib.sha256).digest()
        return base64.b32encode(digest[:_TAG_BYTES]).decode().lower()
