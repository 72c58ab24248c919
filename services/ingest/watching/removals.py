"""Pages that a source took away: recorded beside the stories that rest on them, and no event by themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis

from services.runtime.retention import Retention

"""Seconds: as long as the events that name the page."""


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """`at`: RFC 3339, when we noticed."""

    url: str
    source: str
    at: str


class Removals:
    """By canonical address, so that a story finds them by the addresses of its sources."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def note(self, removal: Removal) -> None:
        """The first notice stays: when a page went is when it was first missed."""
        await self._redis.set(_key(removal.url), msgspec.json.encode(removal), nx=True, ex=Retention.REMOVED_PAGES)

    async def withdraw(self, url: str) -> None:
        """The page is there again."""
        await self._redis.delete(_key(url))

    async def dates(self, urls: Iterable[str | None]) -> dict[str, str]:
        """When those of these pages went that their sources took away, by address."""
        return {removal.url: removal.at for removal in await self.of([url for url in urls if url])}

    async def of(self, urls: Sequence[str]) -> tuple[Removal, ...]:
        """Those of these pages that their sources took away."""
        if not urls:
            return ()
        found: Any = await self._redis.mget([_key(url) for url in urls])
        return tuple(msgspec.json.decode(raw, type=Removal) for raw in found if raw is not None)


def _key(url: str) -> str:
    return f"vestka:removed:{hashlib.sha256(url.encode(errors='replace')).hexdigest()[:24]}"
