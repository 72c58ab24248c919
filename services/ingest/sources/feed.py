"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom, and JSON Feed."""

from __future__ import annotations

import asyncio
import html
import io
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal

import feedparser
from pydantic import Field

from services.ingest.sources.asking import ACCEPT_PAGES, Fetch, Page, decode_page
from services.ingest.sources.base import Cursor, FetchResult, Item, Original, SourceTrouble
from services.ingest.sources.feed_repair import declares_entities, is_whole, with_whole_ampersands, without_tail
from services.ingest.sources.following import Follower
from services.ingest.sources.html_text import TooTangled, text_of_fragment
from services.ingest.sources.json_feed import is_json, parse_json_feed
from services.ingest.sources.links import web_link
from services.ingest.sources.page_reading import Selectors, read_page
from services.ingest.sources.page_settings import ArticleSettings
from services.ingest.sources.poll_hints import wait_of_feed
from services.ingest.sources.settings import SourceSettings
from services.ingest.sources.site import Site, utc_now
from services.ingest.sources.teasers import with_page
from services.ingest.sources.written_dates import read_date

_ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_SHORTEST: Final = 60
"""Characters: no feed with an item is shorter. One outlet answers 200 with 11 bytes."""

_LOOKS_LIKE_HTML = re.compile(
    r"^\s*(?:<!--.{0,500}?-->\s*)*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE | re.DOTALL
)
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_MOST_ENTRIES: Final = 2000
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_HEAD: Final = 10_000
_MOST_DIGITS: Final = 7
"""Of the number of a character."""
_MOST_TAGS: Final = 100_000
"""Reading takes some 20 µs for each, whatever they hold."""
_PROLOG: Final = 200
_DECLARED_CHARSET = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"'>]*["']""")
"""The text is no longer in it."""
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]+)|([0-9]+));")
_LOOKS_LIKE_MARKUP = re.compile(r"<[a-zA-Z!/]|&#?\w+;")


class FeedSettings(SourceSettings):
    kind: Literal["feed"]
    follow: int = Field(default=8, ge=0, le=15)
    article: ArticleSettings = ArticleSettings()


class FeedSource(Site):
    """A feed that is asked as a whole; which of its items are new is not for it to say. Its teasers are followed to
    their pages."""

    Settings = FeedSettings

    def __init__(self, settings: FeedSettings, fetch: Fetch, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(settings, fetch, now)
        self._selectors = Selectors(settings.article.title, settings.article.body, settings.article.published)
        self._follower = Follower(self._get_page, self._read_page, settings.fetch_limits.hosts, settings.follow, now)

    async def ask(self, cursor: Cursor) -> FetchResult:
        """Raises SourceTrouble."""
        page = await self._get(self._about.url, cursor, _ACCEPT)
        if page.unchanged:
            return FetchResult(cursor=page.cursor, unchanged=True, wait=page.wait)
        # A feed of some megabytes takes a second to parse: other sources go on meanwhile.
        result = await asyncio.to_thread(self._read, page)
        return await self._followed(result, cursor.kept) if self._follower.limit else result

    async def _followed(self, result: FetchResult, kept: bytes) -> FetchResult:
        followed = await self._follower.follow(result.items, kept)
        # While teasers wait to be followed, the site must not answer "not modified".
        before = result.cursor if followed.is_done else Cursor()
        cursor = replace(before, kept=followed.kept)
        return replace(result, items=followed.items, cursor=cursor, read=len(result.items))

    async def _get_page(self, url: str) -> Page:
        return await self._get(url, Cursor(), ACCEPT_PAGES)

    async def _read_page(self, teaser: Item, page: Page) -> Item | None:
        return await asyncio.to_thread(self._whole, teaser, page)

    def _whole(self, teaser: Item, page: Page) -> Item | None:
        try:
            parts = read_page(decode_page(page), self._selectors) if "html" in page.content_type else None
        except TooTangled:
            return None
        return with_page(teaser, parts, page.original(self._now())) if parts else None

    def _read(self, page: Page) -> FetchResult:
        text = decode_page(page)
        text = text if is_json(text) else without_tail(text)
        feed = parse_feed(text)
        original = page.original(self._now())
        found = (self._entry(entry, original, feed.feed.get("language")) for entry in feed.entries)
        items = tuple(item for item in found if item)
        if not items:
            raise SourceTrouble(
                "empty", f"the feed has {len(feed.entries)} entries and none with a text; look whether it moved"
            )
        waits = (page.wait, wait_of_feed(text, self._now()))
        wait = max((wait for wait in waits if wait), default=None)
        if is_json(text) or is_whole(text):
            return FetchResult(items=items, cursor=page.cursor, wait=wait)
        # Without validators: the site must not answer "not modified" to whoever has read only a part.
        return FetchResult(items=items, flaw=SourceTrouble("cut_off", "the feed ends in the middle; it is asked again"))

    def _entry(self, entry: Any, original: Original, language: str | None) -> Item | None:
        title = _plain(entry.get("title"))
        body, media_type = _body(entry)
        if not title and not body.strip():
            return None
        return self._item(
            original,
            body,
            media_type=media_type,
            title=title or None,
            url=_link(entry, original.url),
            published=read_date(entry.get("published")) or read_date(dict.get(entry, "updated")),
            language=language,
        )


def parse_feed(text: str) -> Any:
    """What feedparser makes of it, without a last entry that was cut off. Raises SourceTrouble."""
    if is_json(text):
        return parse_json_feed(text, _MOST_ENTRIES)
    text = without_tail(text)
    _refuse_what_is_no_feed(text)
    feed = _parse(with_whole_ampersands(text))
    if not feed.version and not feed.entries:
        raise SourceTrouble("not_a_feed", "the answer is neither RSS nor Atom; look whether the feed moved")
    if not is_whole(text):
        feed.entries = feed.entries[:-1]
        if not feed.entries:
            raise SourceTrouble("cut_off", "the feed ends in the middle of its first item; it is asked again later")
    return feed


def _parse(text: str) -> Any:
    declared = _REFERENCE.sub(_possible, _DECLARED_CHARSET.sub(r"\1", text[:_PROLOG]) + text[_PROLOG:])
    try:
        # feedparser would take bare bytes for the name of a file and a string for an address: it gets a stream.
        return feedparser.parse(
            io.BytesIO(declared.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,  # HTML is only ever read for its text, in articles
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser lets through what its own tools raise over broken bytes and numbers
        raise SourceTrouble("broken", f"the feed is broken beyond reading ({type(error).__name__})") from None


def _possible(reference: re.Match[str]) -> str:
    """feedparser gives up on a whole feed for one reference that names no character, as half an emoji does."""
    hexadecimal, decimal = reference.groups()
    digits = (hexadecimal or decimal).lstrip("0")
    number = int(digits or "0", 16 if hexadecimal else 10) if len(digits) <= _MOST_DIGITS else sys.maxunicode + 1
    return "\N{REPLACEMENT CHARACTER}" if number > sys.maxunicode or 0xD800 <= number <= 0xDFFF else reference[0]


def _refuse_what_is_no_feed(text: str) -> None:
    if _LOOKS_LIKE_HTML.match(text):
        raise SourceTrouble(
            "not_a_feed", "a page came in place of the feed, perhaps a challenge to browsers; open it from this network"
        )
    if len(text) < _SHORTEST:
        raise SourceTrouble("too_short", f"the answer of {len(text)} characters is no feed; look whether it moved")
    if (entries := len(_ENTRY.findall(text))) > _MOST_ENTRIES:
        raise SourceTrouble("too_large", f"the feed has {entries:,} entries, which none of news has; look at it")
    if not _ROOT.search(text[:_HEAD]):
        raise SourceTrouble("not_a_feed", "the answer is neither RSS nor Atom; look whether the feed moved")
    if text.count("<") > _MOST_TAGS:
        raise SourceTrouble("too_large", "the feed has more tags than news has, and is not read; look at it")
    if declares_entities(text):
        raise SourceTrouble("entities", "the feed declares entities of its own, which no feed needs; it is not read")


def _body(entry: Any) -> tuple[str, str]:
    """The longest text of the entry, with its media type: the full content where there is one, else the summary."""
    texts = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    best = max(texts, key=lambda text: len(text.get("value") or ""))
    value: str = best.get("value") or ""
    # RSS does not say whether a description is HTML, and feedparser guesses that it is: "a < b" is not.
    return value, "text/html" if _LOOKS_LIKE_MARKUP.search(value) else "text/plain"


def _plain(title: str | None) -> str:
    """Titles come as text, as HTML, and as HTML escaped once too often."""
    if not title:
        return ""
    if not _LOOKS_LIKE_MARKUP.search(title):
        return " ".join(title.split())
    try:
        plain = _text_of_title(title)
        return _text_of_title(plain) if _LOOKS_LIKE_MARKUP.search(plain) else plain
    except TooTangled:
        return ""


def _text_of_title(title: str) -> str:
    return " ".join(html.unescape(text_of_fragment(title)).split())


def _link(entry: Any, feed_url: str) -> str | None:
    """The link, or the id where that is an address by itself: one like "4712" leads nowhere, though the standard calls
    it a link where nothing else is said and feedparser gives it as one."""
    id_ = entry.get("id") or ""
    written = entry.get("link")
    is_id = written == id_ and not entry.get("links")
    if written and not is_id and (link := web_link(feed_url, written)):
        return link
    return web_link("", id_)
