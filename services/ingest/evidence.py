"""What an event rests on, kept as it came: bytes, headers and time, compressed, under the SHA-256 of the bytes.

What is accepted is kept for a week, until it was read: what a report rests on then stays for as long as the events
themselves, and what was no news for one more day. The server forgets it by itself.
"""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.client import NEVER_DECODE

from services.ingest.sources.base import Item, Original
from services.runtime.clock import rfc3339
from services.runtime.retention import Retention

_MOST_BYTES: Final = 16_000_000
"""More than any door lets in."""

_PUT: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  if ARGV[2] == '' then return 0 end
  redis.call('HSET', KEYS[1], 'about', ARGV[1], 'body', ARGV[2], 'fetched', ARGV[4])
elseif ARGV[4] == '1' and redis.call('HGET', KEYS[1], 'fetched') == '0' then
  redis.call('HSET', KEYS[1], 'about', ARGV[1], 'fetched', '1')
end
redis.call('HDEL', KEYS[1], 'released')
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
return 1
"""
_KEEP: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'kept', '1')
return redis.call('EXPIRE', KEYS[1], ARGV[1])
"""
_KEEP_FOR: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'kept', '1')
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return 1
"""
_RELEASE: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], 'kept') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'released', '1')
if redis.call('TTL', KEYS[1]) > tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return 1
"""
_DROP: Final = """
if redis.call('HEXISTS', KEYS[1], 'kept') == 1 or redis.call('HEXISTS', KEYS[1], 'released') == 0 then return 0 end
return redis.call('UNLINK', KEYS[1])
"""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the bytes: the first time they came, and from where. `size` is theirs, uncompressed."""

    sha256: str
    url: str
    fetched: str
    headers: tuple[tuple[str, str], ...]
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """`until` is when it will be forgotten."""

    about: About
    where: str
    """The key in Redis."""
    until: datetime


class EvidenceStore:
    def __init__(self, redis: Redis, retention: Retention | None = None) -> None:
        self._redis = redis
        self._keep = (retention or Retention()).evidence
        self._put = redis.register_script(_PUT)
        self._keep_it = redis.register_script(_KEEP)
        self._keep_for = redis.register_script(_KEEP_FOR)
        self._release = redis.register_script(_RELEASE)
        self._drop = redis.register_script(_DROP)

    async def put(self, original: Original, *, fetched: bool = True) -> str:
        """Keeps it for a week; its SHA-256. The same bytes again are kept once, with what was first known of them; but
        what we fetched ourselves takes the place of what somebody only said of them (`fetched`: we did)."""
        sha256 = hashlib.sha256(original.body).hexdigest()
        about = About(
            sha256=sha256,
            url=original.url,
            fetched=rfc3339(original.fetched.timestamp()),
            headers=original.headers,
            size=len(original.body),
        )
        # The items of one feed share its bytes: they are compressed for the first of them only.
        if not await self._write(about, b"", fetched):
            await self._write(about, await asyncio.to_thread(zlib.compress, original.body, 6), fetched)
        return sha256

    async def _write(self, about: About, packed: bytes, fetched: bool) -> bool:
        """False: nothing is there yet, and `packed` is empty."""
        args: list[bytes | int] = [msgspec.json.encode(about), packed, Retention.UNREAD_EVIDENCE, int(fetched)]
        return bool(await self._put(keys=[evidence_key(about.sha256)], args=args))

    async def keep(self, sha256: str) -> bool:
        """Keeps it as long as events are kept. False: it is not there any more."""
        return bool(await self._keep_it(keys=[evidence_key(sha256)], args=[self._keep]))

    async def keep_for(self, sha256: str, seconds: int) -> bool:
        """Keeps it for so long at least: something waits that rests on it."""
        return bool(await self._keep_for(keys=[evidence_key(sha256)], args=[seconds]))

    async def release(self, sha256: str) -> None:
        """An item read from it was no news: it goes after a day, unless a report rests on it. An item that comes with
        the same bytes later makes it stay for a week again."""
        await self._release(keys=[evidence_key(sha256)], args=[Retention.EVIDENCE_OF_NO_NEWS])

    async def forget_what_was_no_news(self) -> int:
        """At once instead of after a day, where memory is short; how many went. What waits to be read stays, and what a
        report rests on."""
        gone = 0
        async for key in self._redis.scan_iter(match=evidence_key("*"), count=1000):
            gone += int(await self._drop(keys=[key]))
        return gone

    async def find(self, sha256: str, now: float) -> Kept | None:
        """What is known of it, without the bytes."""
        key = evidence_key(sha256)
        raw: Any = await self._redis.hget(key, "about")
        left = await self._redis.ttl(key)
        if raw is None or left < 0:
            return None
        return Kept(msgspec.json.decode(raw, type=About), key, datetime.fromtimestamp(now + left, UTC))

    async def of(self, hashes: Iterable[str | None], now: float) -> dict[str, Kept]:
        """What is known of those that are still kept."""
        found = {sha256: await self.find(sha256, now) for sha256 in hashes if sha256 is not None}
        return {sha256: kept for sha256, kept in found.items() if kept is not None}

    async def body(self, sha256: str) -> bytes | None:
        """The bytes as they came. Raises Tampered where they are not what their name says."""
        packed: Any = await self._redis.execute_command(  # type: ignore[no-untyped-call]
            "HGET", evidence_key(sha256), "body", **{NEVER_DECODE: True}
        )
        if packed is None:
            return None
        body = _unpacked(packed)
        if hashlib.sha256(body).hexdigest() != sha256:
            raise Tampered(f"{evidence_key(sha256)}: the bytes kept there have another SHA-256; they prove nothing")
        return body


class Tampered(Exception):
    """What is kept is not what was put there. The message says where."""


def original_of(item: Item) -> Original:
    """What the item was read from; a text that was handed in is its own original."""
    if item.original is not None:
        return item.original
    fetched = item.received or item.published or datetime.now(UTC)
    return Original(
        body=item.body.encode(errors="surrogatepass"),
        headers=(("content-type", f"{item.media_type}; charset=utf-8"),),
        url=item.url or "",
        fetched=fetched,
    )


def evidence_key(sha256: str) -> str:
    return f"vestka:evidence:{sha256}"


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _MOST_BYTES)
    except zlib.error:
        return b""
