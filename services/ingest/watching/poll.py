"""One poll of one source: ask it, pass on what is new, and say what is to be remembered."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import structlog

from services.ingest.articles import UnreadableItem, canonical_url, is_copy, page_key, to_article
from services.ingest.sources.base import FetchResult, Item, SourceTrouble, WatchedSource
from services.ingest.sources.cursors import pages_of
from services.ingest.watching.health import SourceState

Offer = Callable[[Item], Awaitable[bool]]
"""Passes an item on; True: it was new. An exception means that we failed, and the item is offered again."""

_log = structlog.get_logger(__name__)

_ASK_DEADLINE: Final = 300.0
"""Seconds for one asking with all its pages, each of which has a deadline of its own."""
_SEEN_KEPT: Final = 500
_CLOCKS_DIFFER: Final = timedelta(hours=1)


class Result(StrEnum):
    """What became of one item, or of one asking: labels of `vestka_items_total`."""

    NEW = "new"
    EDITED = "edited"
    SEEN = "known"
    COPY = "copy"  # the same article in another script of the same site
    UNREADABLE = "unreadable"
    VANISHED = "vanished"
    TROUBLE = "trouble"


async def _nobody_cares(_source_id: str, _url: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Observers:
    """Who is told: the metrics and the store, or nobody. `on_newest` gets Unix seconds; `on_removed` and `on_returned`
    the canonical address of a page that its source took away, or showed again."""

    on_result: Callable[[str, str], None] = lambda _source_id, _result: None
    on_newest: Callable[[str, float], None] = lambda _source_id, _timestamp: None
    on_removed: Callable[[str, str], Awaitable[None]] = _nobody_cares
    on_returned: Callable[[str, str], Awaitable[None]] = _nobody_cares


@dataclass(frozen=True, slots=True)
class Poller:
    """`mirrors`: see `articles.to_article`; `clock` gives aware times."""

    offer: Offer
    mirrors: Mapping[str, str]
    clock: Callable[[], datetime]
    tell: Observers

    async def take(self, source: WatchedSource, before: SourceState, fetched: FetchResult) -> SourceState:
        """Passes on what is new. Raises what `offer` and the observers raise, and nothing else."""
        now = self.clock()
        seen, newest, unreadable = dict(before.seen), before.newest_item, 0
        for item in sorted(fetched.items, key=lambda item: item.published or now):  # stories unfold in their order
            result = await self._pass_on(replace(item, received=item.received or now), seen)
            self.tell.on_result(source.id, result)
            unreadable += result is Result.UNREADABLE
            if item.published or result in (Result.NEW, Result.EDITED):
                newest = _later(newest, item.published, now)
        if fetched.items and unreadable == len(fetched.items):
            trouble = SourceTrouble("unreadable", "no item of the answer holds a text; look at the site")
            return before.after_trouble(trouble, now)
        await self._tell_what_vanished(source, before, fetched)
        kept = max(_SEEN_KEPT, 2 * len(fetched.items))
        return before.after_success(fetched, now, dict(list(seen.items())[-kept:]), newest)

    async def _pass_on(self, item: Item, seen: dict[str, str]) -> Result:
        if is_copy(item.url):
            return Result.COPY
        try:
            article = to_article(item, self.mirrors)
        except UnreadableItem:
            return Result.UNREADABLE
        except Exception as error:  # one item that trips our own cleaning hides no other
            _log.error("source.item_failed", source=item.source_id, error=type(error).__name__, exc_info=True)
            return Result.UNREADABLE
        place = _digest(page_key(article.url) if article.url else article.seen_key)
        before = seen.get(place)
        is_new = before != article.seen_key and await self.offer(item)
        seen.pop(place, None)
        seen[place] = article.seen_key
        if not is_new:
            return Result.SEEN
        return Result.EDITED if before else Result.NEW

    async def _tell_what_vanished(self, source: WatchedSource, before: SourceState, fetched: FetchResult) -> None:
        for address, mark in pages_of(fetched.cursor).items():
            known = before.pages.get(address)
            url = canonical_url(address, self.mirrors)
            if known is None or url is None or known.gone == mark.gone:
                continue
            if mark.gone:
                await self.tell.on_removed(source.id, url)
                self.tell.on_result(source.id, Result.VANISHED)
            else:
                await self.tell.on_returned(source.id, url)


async def ask(source: WatchedSource, state: SourceState) -> FetchResult | SourceTrouble:
    """Never raises over what a source does."""
    try:
        async with asyncio.timeout(_ASK_DEADLINE):
            return await source.ask(state.cursor)
    except SourceTrouble as trouble:
        return trouble
    except TimeoutError:
        return SourceTrouble(
            "timeout", f"not done within {_ASK_DEADLINE:.0f} s; the site is too slow, or asked for much"
        )
    except Exception as error:  # a page that trips our own reader is a fault of one source, and stops no other
        _log.error("source.reader_failed", source=source.id, error=type(error).__name__, exc_info=True)
        return SourceTrouble("reader", f"our reader failed ({type(error).__name__}); report it with the page's text")


def _later(newest: datetime | None, published: datetime | None, now: datetime) -> datetime:
    """A date in the future is somebody's mistake, and must not make a source look alive until then."""
    date = published if published and published <= now + _CLOCKS_DIFFER else now
    return max(newest, date) if newest else date.astimezone(UTC)


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]
