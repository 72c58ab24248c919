"""One page of one article: its title, its text, its date, wherever the site keeps them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.ingest.sources.dates import read_date
from services.ingest.sources.html_text import open_html, running_text

_BODIES: Final = ("[itemprop=articleBody]", "article", "main")
_SHORTEST_BODY: Final = 80
"""Characters: a body shorter than this is a teaser, a caption or a cookie notice."""

_CHALLENGE = re.compile(
    "just a moment|attention required|checking your browser|ddos-guard|access denied|403 forbidden|are you (?:a )?robot"
    "|are you (?:a )?human|verify(?:ing)? you are|captcha|robot check|проверка (?:браузера|безопасности)|вы не робот"
    "|доступ (?:запрещ|огранич)",
    re.IGNORECASE,
)
_LONGEST_CHALLENGE: Final = 1500
"""Characters: an article under such a title is longer."""

_DATES_IN_META: Final = (
    "meta[property='article:published_time']",
    "meta[itemprop=datePublished]",
    "meta[name=pubdate]",
    "meta[name=date]",
)
_LONGEST_DATE_TEXT: Final = 80


@dataclass(frozen=True, slots=True)
class Selectors:
    """Where a site keeps the parts (CSS); None: where most sites do."""

    title: str | None = None
    body: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class PageParts:
    """`body` is HTML. `title` and `published` are None where the page does not say."""

    title: str | None
    body: str
    published: datetime | None
    language: str | None


def read_page(html: str, selectors: Selectors | None = None, *, any_text: bool = False) -> PageParts | None:
    """None if the page shows no article. `any_text`: the longest part will do, for a page that a person chose.

    Raises html_text.TooTangled.
    """
    wanted = selectors or Selectors()
    tree = open_html(html)
    if _is_challenge(tree):
        return None
    body = _body(tree, wanted.body) or (_longest_part(tree) if any_text else None)
    if body is None or not body.html:
        return None
    root = tree.css_first("html")
    return PageParts(
        title=_title(tree, wanted.title),
        body=body.html,
        published=_published(tree, wanted.published),
        language=root.attributes.get("lang") if root else None,
    )


def _is_challenge(tree: LexborHTMLParser) -> bool:
    """A page that asks whether we are a browser or a person, under the address of an article, with status 200."""
    title, body = tree.css_first("title"), tree.body
    if title is None or body is None or not _CHALLENGE.match(" ".join(title.text().split())):
        return False
    return len(running_text(body)) < _LONGEST_CHALLENGE


def _body(tree: LexborHTMLParser, selector: str | None) -> LexborNode | None:
    # A selector in the configuration is the whole truth: if it finds nothing, the page has changed its shape.
    for css in (selector,) if selector else _BODIES:
        found = [node for node in tree.css(css) if len(running_text(node)) >= _SHORTEST_BODY]
        if found:
            return max(found, key=lambda node: len(running_text(node)))
    return None


def _longest_part(tree: LexborHTMLParser) -> LexborNode | None:
    """The element whose own paragraphs hold the most text, or the whole body of a page without paragraphs."""
    lengths: dict[int, int] = {}
    parents: dict[int, LexborNode] = {}
    for paragraph in tree.css("p"):
        parent = paragraph.parent
        if parent is not None:
            parents[parent.mem_id] = parent
            lengths[parent.mem_id] = lengths.get(parent.mem_id, 0) + len(running_text(paragraph))
    if lengths:
        return parents[max(lengths, key=lambda key: lengths[key])]
    return tree.body if tree.body and running_text(tree.body).strip() else None


def _title(tree: LexborHTMLParser, selector: str | None) -> str | None:
    tag = tree.css_first("title")
    candidates = (
        _text(tree, selector) if selector else None,
        _content(tree, "meta[property='og:title']"),
        _text(tree, "h1"),
        " ".join(tag.text().split()) if tag else None,
    )
    return next((title for title in candidates if title), None)


def _published(tree: LexborHTMLParser, selector: str | None) -> datetime | None:
    dates = (read_date(text) for text in _dates(tree, selector))
    return next((date for date in dates if date), None)


def _dates(tree: LexborHTMLParser, selector: str | None) -> Iterator[str | None]:
    """Texts that may be the date, the surest first."""
    if selector:
        for node in tree.css(selector):
            attributes = node.attributes
            yield attributes.get("datetime") or attributes.get("content") or running_text(node)
    yield from _json_ld_dates(tree)
    for css in _DATES_IN_META:
        yield _content(tree, css)
    for node in tree.css("time[datetime]"):
        yield node.attributes.get("datetime")
    for node in tree.css("time, [class*=date]"):
        text = running_text(node).strip()
        yield text if len(text) <= _LONGEST_DATE_TEXT else None


def _json_ld_dates(tree: LexborHTMLParser) -> Iterator[str | None]:
    for script in tree.css("script[type='application/ld+json']"):
        try:
            yield _find_key(json.loads(script.text()), "datePublished")
        except (ValueError, RecursionError):
            continue


def _find_key(value: Any, key: str) -> str | None:
    """The first text under `key`, breadth first, as the article stands above its images and comments."""
    level = [value]
    while level:
        objects = [part for part in level if isinstance(part, dict)]
        for part in objects:
            if isinstance(part.get(key), str):
                return str(part[key])
        nested = [child for part in objects for child in part.values()]
        level = nested + [child for part in level if isinstance(part, list) for child in part]
    return None


def _content(tree: LexborHTMLParser, css: str) -> str | None:
    node = tree.css_first(css)
    content = node.attributes.get("content") if node else None
    return " ".join(content.split()) if content else None


def _text(tree: LexborHTMLParser, css: str) -> str | None:
    node = tree.css_first(css)
    return " ".join(running_text(node).split()) if node else None
