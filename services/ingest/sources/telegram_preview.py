"""Telegram's public preview of a channel (t.me/s/<channel>): its posts, without an account and without the Bot API."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any, Final, Literal

from pydantic import Field, model_validator
from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.ingest.sources.asking import Fetch, Page, decode_page
from services.ingest.sources.base import Cursor, FetchResult, Item, SourceTrouble
from services.ingest.sources.cursors import PageMark, PagesCursor, pages_of
from services.ingest.sources.html_text import TooTangled, open_html, running_text
from services.ingest.sources.settings import SourceSettings
from services.ingest.sources.site import Site, utc_now
from services.ingest.sources.written_dates import read_date

_ACCEPT: Final = "text/html"
_POSTS: Final = ".tgme_widget_message[data-post]"
_TEXTS: Final = ".js-message_text"
_TIME: Final = "a.tgme_widget_message_date time[datetime]"
"""Other `time` elements are lengths of videos, and have no `datetime`."""
_FORWARDED_FROM: Final = ".tgme_widget_message_forwarded_from_name"
_NOT_THE_POST_ITSELF: Final = frozenset({"tgme_widget_message_reply", "js-message_text"})
"""A quoted reply bears the text's class as well, and an album nests its text in another of the same class."""
_MARKS_KEPT: Final = 200


class TelegramPreviewSettings(SourceSettings):
    kind: Literal["telegram_preview"]
    channel: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{3,31}$")
    url: str = ""
    pages: int = Field(default=3, ge=1, le=10)

    @model_validator(mode="before")
    @classmethod
    def _has_an_address(cls, given: Any) -> Any:
        if isinstance(given, dict) and not given.get("url"):
            return {**given, "url": f"https://t.me/s/{given.get('channel', '')}"}
        return given


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `html` is None where it holds no text (a photograph, a poll)."""

    number: int
    html: str | None
    published: datetime | None


@dataclass(slots=True)
class _Reading:
    """What has been read in one asking, and what was known before it."""

    known: dict[str, PageMark]
    items: list[Item] = field(default_factory=list)
    posts: dict[int, Post] = field(default_factory=dict)


class TelegramPreviewSource(Site):
    Settings = TelegramPreviewSettings

    def __init__(self, settings: TelegramPreviewSettings, fetch: Fetch, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(settings, fetch, now)
        self._channel = settings.channel
        self._pages = settings.pages

    async def ask(self, cursor: Cursor) -> FetchResult:
        """The newest posts; older pages too where nothing on the newest is known yet. Raises SourceTrouble."""
        page = await self._get(self._about.url, cursor, _ACCEPT)
        if page.unchanged:
            seen = PagesCursor(page.cursor.etag, page.cursor.last_modified, pages_of(cursor))
            return FetchResult(cursor=seen, unchanged=True, wait=page.wait)
        reading = _Reading(pages_of(cursor))
        self._take(reading, page)
        for _ in range(self._pages - 1 if reading.known else 0):
            if any(self._address(number) in reading.known for number in reading.posts):
                break
            older = f"{self._about.url}?before={min(reading.posts)}"
            self._take(reading, await self._get(older, Cursor(), _ACCEPT))
        marks = self._marks(reading)
        seen = PagesCursor(page.cursor.etag, page.cursor.last_modified, marks)
        return FetchResult(tuple(reading.items), seen, read=len(reading.posts), wait=page.wait)

    def _take(self, reading: _Reading, page: Page) -> None:
        posts = self._posts(page)
        original = page.original(self._now())
        for post in posts:
            if post.html is not None and post.number not in reading.posts:
                address = self._address(post.number)
                item = self._item(original, post.html, media_type="text/html", url=address, published=post.published)
                reading.items.append(item)
            reading.posts[post.number] = post

    def _posts(self, page: Page) -> list[Post]:
        try:
            posts = read_posts(open_html(decode_page(page)), self._channel)
        except TooTangled:
            posts = []
        if not posts:
            raise SourceTrouble(
                "shape",
                f"no post of '{self._channel}' is shown: the channel has no public preview, was renamed or closed, or "
                f"the preview changed its shape; open it in a browser and correct `channel` of source '{self.id}'",
            )
        return posts

    def _address(self, number: int) -> str:
        return f"https://t.me/{self._channel}/{number}"

    def _marks(self, reading: _Reading) -> dict[str, PageMark]:
        """Known posts that now are missing between two that are shown were taken away."""
        first, last = min(reading.posts), max(reading.posts)
        marks = dict(reading.known)
        for address in reading.known:
            number = int(address.rpartition("/")[2])
            if first < number < last and number not in reading.posts:
                marks[address] = PageMark(gone=True)
        marks.update((self._address(post.number), PageMark()) for post in reading.posts.values() if post.html)
        newest = sorted(marks, key=lambda address: int(address.rpartition("/")[2]))[-_MARKS_KEPT:]
        return {address: marks[address] for address in newest}


def read_posts(tree: LexborHTMLParser, channel: str) -> list[Post]:
    """The posts of this very channel, each once. A post of another channel never counts: impostors exist."""
    posts: dict[int, Post] = {}
    for node in tree.css(_POSTS):
        owner, _, number = (node.attributes.get("data-post") or "").partition("/")
        if owner.lower() != channel.lower() or not (number.isascii() and number.isdigit()) or len(number) > 12:
            continue
        time = node.css_first(_TIME)
        published = read_date(time.attributes.get("datetime")) if time else None
        posts.setdefault(int(number), Post(int(number), _text(node), published))
    return list(posts.values())


def _text(post: LexborNode) -> str | None:
    found = [node for node in post.css(_TEXTS) if not _is_within(node, post, _NOT_THE_POST_ITSELF)]
    texts = [node.inner_html or "" for node in found if running_text(node).strip()]
    if not texts:
        return None
    name = post.css_first(_FORWARDED_FROM)
    author = " ".join(running_text(name).split()) if name else ""
    # What was forwarded is said by whoever wrote it: the name stands before the text as it does before a quotation.
    return (f"<b>{escape(author)}: </b>" if author else "") + "<br><br>".join(dict.fromkeys(texts))


def _is_within(node: LexborNode, post: LexborNode, classes: Iterable[str]) -> bool:
    above = node.parent
    while above is not None and above.mem_id != post.mem_id:
        if not set(classes).isdisjoint((above.attributes.get("class") or "").split()):
            return True
        above = above.parent
    return False
