"""A feed in the form of Atom (RFC 4287), page by page (RFC 5005, section 3)."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from services.portal.news.feed_entry import Feed, FeedEntry

ATOM_TYPE: Final = "application/atom+xml; charset=utf-8"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def atom_document(feed: Feed) -> bytes:
    root = Element("feed", {"xmlns": _ATOM, _LANGUAGE: feed.language})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", feed.updated)
    _text(SubElement(root, "author"), "name", "Vestka")
    _link(root, "self", feed.here, "application/atom+xml")
    _link(root, "alternate", feed.front, "text/html")
    if feed.older:
        _link(root, "next", feed.older, "application/atom+xml")
    for entry in feed.entries:
        _add(root, entry)
    indent(root, space=" ")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode").encode()


def _add(root: Element, entry: FeedEntry) -> None:
    element = SubElement(root, "entry")
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "updated", entry.updated)
    _link(element, "alternate", entry.url, "text/html")
    SubElement(element, "category", {"term": entry.kind})
    _text(element, "summary", entry.summary)
    SubElement(element, "content", {"type": "html"}).text = entry.html


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _link(parent: Element, relation: str, address: str, media_type: str) -> None:
    SubElement(parent, "link", {"rel": relation, "type": media_type, "href": address})
