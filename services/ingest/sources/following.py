"""From the teasers of a feed to the pages they lead to: each once, a few in one asking, by the same polite way out."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from services.ingest.sources.asking import Page
from services.ingest.sources.base import Item, SourceTrouble
from services.ingest.sources.links import host_of
from services.ingest.sources.teasers import teasers_among

_BUDGET: Final = 45.0
"""Seconds for all pages of one asking: what the feed itself gave waits for them."""
_STILL_NEWS: Final = timedelta(days=3)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_MOST_LOOKS: Final = 3
"""At a page whose teaser keeps changing."""
_MARKS_KEPT: Final = 200
_OF_THE_PAGE: Final = frozenset({"gone", "robots", "redirect", "status", "refused", "too_large"})
"""Troubles of one address; after another the whole host is left alone until the next asking."""

ReadPage = Callable[[Item, Page], Awaitable[Item | None]]
"""The item with its page's text; None where the page does not show the article."""


class _Mark(msgspec.Struct, frozen=True, array_like=True):
    """One entry that was followed. `teaser`: a digest of what it said. `is_read`: its page was given in its place."""

    teaser: str
    is_read: bool
    looks: int = 1


@dataclass(frozen=True, slots=True)
class Followed:
    """`items`: with their page's text where that could be had, as the feed gave them where not, and without those that
    were given before. `kept`: for the next asking. `is_done`: nothing is left to follow."""

    items: tuple[Item, ...]
    kept: bytes
    is_done: bool


@dataclass(frozen=True, slots=True)
class Follower:
    """`hosts`: exact names that an entry's link may lead to; `limit`: pages in one asking; `now` gives aware times."""

    get: Callable[[str], Awaitable[Page]]
    """Raises SourceTrouble."""
    read: ReadPage
    hosts: frozenset[str]
    limit: int
    now: Callable[[], datetime]

    async def follow(self, items: Sequence[Item], kept: bytes) -> Followed:
        """Raises nothing over what a site does."""
        marks = _unpack(kept)
        fresh = [item for item in items if not _was_given(item, marks)]
        waiting = [item for item in self._newest_first(teasers_among(items)) if _is_due(item, marks)]
        pages: dict[str, Item] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(_BUDGET):
                await self._look_at(waiting[: self.limit], marks, pages)
        given = tuple(pages.get(_place(item), item) for item in fresh)
        return Followed(given, _pack(marks, len(items)), not any(_is_due(item, marks) for item in waiting))

    def _newest_first(self, items: Sequence[Item]) -> list[Item]:
        now = self.now()
        own = [item for item in items if item.url and host_of(item.url) in self.hosts]
        news = [item for item in own if item.published is None or now - item.published < _STILL_NEWS]
        return sorted(news, key=lambda item: item.published or _LONG_AGO, reverse=True)

    async def _look_at(self, items: Sequence[Item], marks: dict[str, _Mark], pages: dict[str, Item]) -> None:
        for item in items:
            place, trouble, whole = _place(item), None, None
            try:
                whole = await self.read(item, await self.get(item.url or ""))
            except SourceTrouble as caught:
                trouble = caught
            before = marks.pop(place, None)
            looks = before.looks + 1 if before else 1
            marks[place] = _Mark(_digest_of(item), whole is not None, looks)
            if whole is not None:
                pages[place] = whole
            if trouble is not None and trouble.what not in _OF_THE_PAGE:
                return


def _was_given(item: Item, marks: Mapping[str, _Mark]) -> bool:
    mark = marks.get(_place(item))
    return mark is not None and mark.is_read and mark.teaser == _digest_of(item)


def _is_due(item: Item, marks: Mapping[str, _Mark]) -> bool:
    mark = marks.get(_place(item))
    return mark is None or (mark.teaser != _digest_of(item) and mark.looks < _MOST_LOOKS)


def _place(item: Item) -> str:
    return _digest(item.url or "")


def _digest_of(item: Item) -> str:
    return _digest(f"{item.title}\n{item.body}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]


def _unpack(kept: bytes) -> dict[str, _Mark]:
    try:
        return msgspec.msgpack.decode(kept, type=dict[str, _Mark]) if kept else {}
    except (msgspec.MsgspecError, UnicodeError):  # what another kind of source kept under the same id
        return {}


def _pack(marks: Mapping[str, _Mark], entries: int) -> bytes:
    """The marks met last; those of the feed's own entries are among them."""
    last = dict(list(marks.items())[-max(_MARKS_KEPT, 2 * entries) :])
    return msgspec.msgpack.encode(last) if last else b""
