"""A feed in the form of JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from services.portal.news.feed_entry import Feed, FeedEntry

JSON_FEED_TYPE: Final = "application/feed+json; charset=utf-8"


def json_document(feed: Feed) -> bytes:
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.front,
        "feed_url": feed.here,
        "language": feed.language,
        "authors": [{"name": "Vestka"}],
        "items": [_item(entry) for entry in feed.entries],
    }
    if feed.older:
        document["next_url"] = feed.older
    return msgspec.json.encode(document)


def _item(entry: FeedEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_modified": entry.updated,
        "tags": [entry.kind],
    }
