"""What feeds get wrong in XML and every reader of feeds forgives, put right before it is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Final
from xml.parsers import expat

_CDATA: Final = ("<![CDATA[", "]]>")
_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,40};)")
_NO_MARKUP = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_ROOT = re.compile(r"<((?:[\w.-]+:)?(?:rss|feed|rdf|channel))[\s>]", re.IGNORECASE)
_CHANNEL_ENDS = re.compile(r"</(?:[\w.-]+:)?channel\s*>\s*\Z", re.IGNORECASE)
_PARTS: Final = ("<item", "<entry", "</item", "</entry", "]]>")


class _RootReached(Exception):
    """Declarations can only stand before the root element."""


def without_tail(text: str) -> str:
    """Without what a cache or a counter wrote after the end of the feed; what holds a part of an entry is no tail."""
    bare = _bare(text)
    end = _end_of_root(bare)
    return text[:end] if end and not any(part in bare[end:].lower() for part in _PARTS) else text


def is_whole(text: str) -> bool:
    """Is its root closed, whatever follows? A channel that is closed at the very end has all its items as well."""
    bare = _bare(text)
    return _end_of_root(bare) > 0 or _CHANNEL_ENDS.search(bare[-400:].rstrip("\0 \t\r\n")) is not None


def _bare(text: str) -> str:
    """As long as the text, with blanks for what only looks like tags: CDATA, comments, instructions."""
    return _NO_MARKUP.sub(lambda found: " " * len(found[0]), text)


def _end_of_root(bare: str) -> int:
    """Where the root element ends; 0 where it does not."""
    root = _ROOT.search(bare)
    if root is None:
        return 0
    ends = re.compile(rf"</{re.escape(root[1])}\s*>", re.IGNORECASE).finditer(bare, root.end())
    return max((end.end() for end in ends), default=0)


def with_whole_ampersands(text: str) -> str:
    """With `&amp;` for each `&` that begins no reference, as in an address («?id=5&lang=be»); CDATA stays as it is."""
    pieces = (piece if is_cdata else _BARE_AMPERSAND.sub("&amp;", piece) for piece, is_cdata in _pieces(text))
    return "".join(pieces)


def declares_entities(text: str) -> bool:
    """Does the XML declare entities of its own? An article that only speaks of them does not, and one declared as the
    character that HTML gives its name to ("nbsp") is none of its own."""
    found: list[bool] = []
    parser = expat.ParserCreate("utf-8")
    parser.EntityDeclHandler = lambda name, _, value, *__: found.append(not _is_of_html(name, value))
    parser.StartElementHandler = _stop
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except _RootReached:
        return any(found)
    except expat.ExpatError:  # no XML so far, so nobody can tell what a more lenient parser would make of it
        return "<!entity" in text.replace("\0", "").lower()
    return any(found)


def _is_of_html(name: str, value: str | None) -> bool:
    return value is not None and html5.get(f"{name};") == value


def _stop(*_: object) -> None:
    raise _RootReached


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and which of them are CDATA; what is opened and never closed is none."""
    opening, closing = _CDATA
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
        yield text[at:start], False
        yield text[start : end + len(closing)], True
        at = end + len(closing)
    yield text[at:], False
