"""Items that no source of ours gave: a file, a text on stdin, a page that an operator points at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from services.contract import PartyClass
from services.ingest.articles.article import UnreadableItem
from services.ingest.articles.markup import is_markup, is_whole_page
from services.ingest.sources import charsets
from services.ingest.sources.base import Item
from services.ingest.sources.html_text import TooTangled
from services.ingest.sources.links import host_of
from services.ingest.sources.page_reading import PageParts, read_page

_SOURCE_ID: Final = "submitted"
_BEGINS_AS_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|article|div|p|h1)\b", re.I | re.S
)


def item_from_text(
    raw: str,
    *,
    received: datetime,
    source_name: str = "submitted",
    source_class: PartyClass = PartyClass.MEDIA,
    media_type: str | None = None,
    title: str | None = None,
    url: str | None = None,
    published: datetime | None = None,
    language: str | None = None,
    as_of: date | None = None,
) -> Item:
    """A text that a person or a partner hands in. `media_type`: text/plain or text/html; None: look and see.

    A whole page of HTML is read like one (title, body, date). Raises UnreadableItem.
    """
    kind = media_type or ("text/html" if _BEGINS_AS_HTML.match(raw) or is_markup(raw) else "text/plain")
    page = _read_whole_page(raw) if kind == "text/html" and is_whole_page(raw) else None
    return Item(
        source_id=_SOURCE_ID,
        source_name=source_name,
        source_class=source_class,
        body=page.body if page else raw,
        media_type="text/plain" if page else kind,
        title=title or (page.title if page else None),
        url=url,
        published=published or (page.published if page else None),
        language=language or (page.language if page else None),
        received=received,
        as_of=as_of,
        solicited=True,
        doubts=page.doubts if page else (),
    )


def item_from_page(
    html: str,
    url: str,
    *,
    received: datetime,
    as_of: date | None = None,
    outlets: Mapping[str, str] | None = None,
) -> Item:
    """A page of any site, as it was fetched for `vestka submit URL`. Of a host of our sources (`outlets`), or one
    beneath it, that outlet carried it; all others together are one outlet, since nobody knows whose they are. Raises
    UnreadableItem."""
    host = host_of(url) or _SOURCE_ID
    item = item_from_text(html, source_name=host, media_type="text/html", url=url, received=received, as_of=as_of)
    return replace(item, outlet=_outlet_of(host, outlets or {}))


def _outlet_of(host: str, outlets: Mapping[str, str]) -> str:
    known = (
        outlet for name, outlet in outlets.items() if host == name or host.endswith(f".{name.removeprefix('www.')}")
    )
    return next(known, _SOURCE_ID)


def item_from_file(path: Path, *, received: datetime, as_of: date | None = None) -> Item:
    """A file of text or HTML. Raises UnreadableItem for what is neither, OSError for what cannot be opened."""
    return item_from_text(decode(path.read_bytes()), received=received, as_of=as_of)


def decode(raw: bytes) -> str:
    """UTF-8, else what older programs here write. Raises UnreadableItem for what is no text at all."""
    if b"\0" in raw:
        raise UnreadableItem("not_text", "this is no text (a picture, a PDF?); hand in text or HTML, as UTF-8")
    text = charsets.decode(raw)
    if "\ufffd" in text and "\ufffd".encode() not in raw:
        raise UnreadableItem("not_text", "the bytes are text in no charset that we know; save the text as UTF-8")
    return text


def _read_whole_page(html: str) -> PageParts:
    try:
        parts = read_page(html, any_text=True)
    except TooTangled as error:
        raise UnreadableItem("tangled", f"{error}; hand in its text instead") from None
    if parts is None:
        raise UnreadableItem("empty", "the page shows no text; copy the article's text and hand that in")
    return parts
