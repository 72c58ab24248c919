"""Pages: one that lists news, whose links are followed, or one that is itself the news."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from services.ingest.sources.asking import ACCEPT_PAGES, Fetch, Page, decode_page
from services.ingest.sources.base import Cursor, FetchResult, Item, SourceTrouble
from services.ingest.sources.cursors import PageMark, PagesCursor, pages_of
from services.ingest.sources.html_text import TooTangled, base_of, open_source
from services.ingest.sources.links import host_of, web_link
from services.ingest.sources.page_reading import PageParts, Selectors, read_page
from services.ingest.sources.page_settings import LinkSettings, PageSettings
from services.ingest.sources.site import Site, utc_now

_MARKS_KEPT: Final = 200
_TOO_MANY_MISSING: Final = 3


@dataclass(slots=True)
class _Round:
    """What the single pages looked at in one asking came to."""

    marks: dict[str, PageMark]
    items: list[Item] = field(default_factory=list)
    readable: int = 0
    unread: int = 0
    missing: int = 0
    trouble: SourceTrouble | None = None

    def note(self, url: str, mark: PageMark) -> None:
        self.marks.pop(url, None)
        self.marks[url] = mark


class PageSource(Site):
    Settings = PageSettings

    def __init__(self, settings: PageSettings, fetch: Fetch, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(settings, fetch, now)
        self._settings = settings
        self._selectors = Selectors(settings.article.title, settings.article.body, settings.article.published)

    async def ask(self, cursor: Cursor) -> FetchResult:
        """New links first, and one page known from before: to notice edits, and to tell a page without an article
        from a site that changed its shape. Raises SourceTrouble."""
        page = await self._get(self._settings.url, cursor, ACCEPT_PAGES)
        if self._settings.links is None:
            return self._only_article(page)
        return await self._follow(self._settings.links, page, pages_of(cursor))

    def _only_article(self, page: Page) -> FetchResult:
        if page.unchanged:
            return FetchResult(cursor=page.cursor, unchanged=True, wait=page.wait)
        parts = self._read(page)
        if parts is None:
            raise self._changed_shape("no text of an article was found", "article.body")
        return FetchResult(items=(self._article(page, page.url, parts),), cursor=page.cursor, wait=page.wait)

    async def _follow(self, rules: LinkSettings, listing: Page, known: dict[str, PageMark]) -> FetchResult:
        links = [] if listing.unchanged else self._links(rules, listing)
        new = [link for link in links if link not in known]
        again = sorted(
            (url for url, mark in known.items() if mark.is_worth_another_look), key=lambda url: not known[url].missed
        )
        pages = await self._look_at([*new[: rules.limit], *again[: rules.recheck]], known)
        cursor = PagesCursor(pages=_forget_old(pages.marks, links))
        if not any(link not in pages.marks for link in new):
            # Only now may the site say "not modified": until then the listing still holds links that were not read.
            cursor = PagesCursor(listing.cursor.etag, listing.cursor.last_modified, cursor.pages)
        unchanged = listing.unchanged and not pages.items
        return FetchResult(tuple(pages.items), cursor, unchanged=unchanged, wait=listing.wait)

    def _links(self, rules: LinkSettings, listing: Page) -> list[str]:
        """Addresses on the listing that match the pattern and stay on the source's own hosts, each once."""
        try:
            tree = open_source(decode_page(listing))
        except TooTangled:
            raise self._changed_shape("no HTML that can be read was found", "links") from None
        base = base_of(tree, listing.url)
        found = (web_link(base, node.attributes.get("href") or "") for node in tree.css(rules.css))
        links = (link.partition("#")[0] for link in found if link and re.search(rules.pattern, link))
        own = list(dict.fromkeys(link for link in links if host_of(link) in self._settings.fetch_limits.hosts))
        if not own:
            raise self._changed_shape("no link to an article was found", "links")
        return own

    async def _look_at(self, urls: list[str], known: dict[str, PageMark]) -> _Round:
        pages = _Round(dict(known))
        for url in urls:
            mark = known.get(url, PageMark())
            try:
                page = await self._get(url, Cursor(mark.etag, mark.last_modified), ACCEPT_PAGES)
            except SourceTrouble as trouble:
                self._note_trouble(pages, url, trouble)
            else:
                self._note_page(pages, url, page)
        if pages.unread and not pages.readable:
            raise self._changed_shape(f"no text of an article was found on {pages.unread} pages", "article.body")
        if pages.trouble and not pages.readable:
            raise pages.trouble
        if pages.missing >= _TOO_MANY_MISSING and not pages.readable:
            raise SourceTrouble(
                "gone", f"{pages.missing} listed articles are not there: the site moved or is being mended"
            )
        return pages

    def _note_page(self, pages: _Round, url: str, page: Page) -> None:
        parts = None if page.unchanged else self._read(page)
        readable = page.unchanged or parts is not None
        pages.note(url, PageMark(page.cursor.etag, page.cursor.last_modified, unread=not readable))
        pages.readable += readable
        pages.unread += not readable
        if parts:
            pages.items.append(self._article(page, url, parts))

    def _note_trouble(self, pages: _Round, url: str, trouble: SourceTrouble) -> None:
        if trouble.what == "gone":
            pages.missing += 1
            known = pages.marks.get(url)
            is_first = known is not None and not known.missed  # a site that is being mended answers 404 for a moment
            pages.note(url, replace(known, missed=True) if known and is_first else PageMark(gone=True))
            return
        if trouble.what == "robots":  # it keeps no place that another new page needs
            pages.note(url, replace(pages.marks.get(url, PageMark()), unread=True))
        pages.trouble = pages.trouble or trouble

    def _read(self, page: Page) -> PageParts | None:
        try:
            return read_page(decode_page(page), self._selectors)
        except TooTangled:
            return None

    def _article(self, page: Page, url: str, parts: PageParts) -> Item:
        item = self._item(
            page.original(self._now()),
            parts.body,
            media_type="text/plain",
            title=parts.title,
            url=url,
            published=parts.published,
            language=parts.language,
        )
        return replace(item, doubts=parts.doubts)

    def _changed_shape(self, found: str, key: str) -> SourceTrouble:
        return SourceTrouble(
            "shape",
            f"{found} at {host_of(self._settings.url)}: the site changed its shape or shows a challenge to browsers; "
            f"look at the page and correct `{key}` of source '{self.id}'",
        )


def _forget_old(marks: dict[str, PageMark], listed: list[str]) -> dict[str, PageMark]:
    """Marks of pages still listed stay, since forgetting them would mean reading them anew."""
    still_listed = set(listed)
    spare = max(0, len(marks) - _MARKS_KEPT)
    old = [url for url in marks if url not in still_listed][:spare]
    return {url: mark for url, mark in marks.items() if url not in old}
