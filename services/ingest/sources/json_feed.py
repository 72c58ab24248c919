"""JSON Feed (versions 1 and 1.1, jsonfeed.org), brought into the shape in which feedparser gives other feeds."""

from __future__ import annotations

import json
from typing import Any, Final

import feedparser

from services.ingest.sources.base import SourceTrouble

_LENIENT: Final = json.JSONDecoder(strict=False)


def is_json(text: str) -> bool:
    return text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE} \t\r\n")[:1] == "{"


def parse_json_feed(text: str, most_entries: int) -> Any:
    """Raises SourceTrouble."""
    try:
        # Bare line ends within texts are forgiven, and so is what a cache wrote behind the end.
        document, _ = _LENIENT.raw_decode(text.strip("\N{ZERO WIDTH NO-BREAK SPACE}\0 \t\r\n"))
    except (ValueError, RecursionError):
        raise SourceTrouble("broken", "the JSON feed is broken or ends in the middle; it is asked again") from None
    items = document.get("items")
    if "jsonfeed.org" not in str(document.get("version")) or not isinstance(items, list):
        raise SourceTrouble("not_a_feed", "the answer is JSON and no JSON Feed; look whether the feed moved")
    if len(items) > most_entries:
        raise SourceTrouble("too_large", f"the feed has {len(items):,} entries, which none of news has; look at it")
    entries = [_entry(item) for item in items if isinstance(item, dict)]
    feed = {"language": _text(document, "language")}
    return feedparser.FeedParserDict(entries=entries, feed=feed, version="json")


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    bodies = [_text(item, key) for key in ("content_html", "content_text", "summary")]
    link = _text(item, "url") or _text(item, "external_url")
    return {
        "title": _text(item, "title"),
        "id": _text(item, "id"),
        "link": link,
        "links": [{"href": link}] if link else [],
        "content": [{"value": body} for body in bodies if body],
        "published": _text(item, "date_published"),
        "updated": _text(item, "date_modified"),
    }


def _text(item: dict[str, Any], key: str) -> str | None:
    """Half of a surrogate pair, which no text can hold, becomes U+FFFD."""
    value = item.get(key)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else None
