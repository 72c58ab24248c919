"""Item → article: canonical address, clean text, fingerprint. Pure: neither network nor store nor clock."""

from __future__ import annotations

from services.ingest.articles.addresses import canonical_url, is_copy, page_key
from services.ingest.articles.article import Article, UnreadableItem, to_article
from services.ingest.articles.handed_in import decode, item_from_file, item_from_page, item_from_text

__all__ = [
    "Article",
    "UnreadableItem",
    "canonical_url",
    "decode",
    "is_copy",
    "item_from_file",
    "item_from_page",
    "item_from_text",
    "page_key",
    "to_article",
]
