"""The day of the article itself: never the site's, a comment's, a picture's or another article's."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.ingest.sources.html_text import running_text
from services.ingest.sources.main_article import ids_above
from services.ingest.sources.written_dates import read_date

_IN_META: Final = (
    "meta[property='article:published_time']",
    "meta[itemprop=datePublished]",
    "meta[name=pubdate]",
    "meta[name=date]",
)
_HOLDERS: Final = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
"""The keys of JSON-LD under which the article may stand; under others stand its comments, pictures and authors."""
_ARTICLES: Final = ("article", "posting", "report")
_PAGES: Final = frozenset({"", "webpage", "itempage", "creativework"})
_ELSEWHERE: Final = frozenset({"aside", "footer", "nav", "article"})
_LONGEST_TEXT: Final = 80
_MOST_OBJECTS: Final = 500
_WORD = re.compile(r"[^\W_]{3,}")
_STEM: Final = 5
"""Letters by which two words are taken for one, whatever their endings."""


def date_of_article(
    tree: LexborHTMLParser, selector: str | None, scope: LexborNode, headlines: Collection[str]
) -> datetime | None:
    """By the site's selector, by its metadata, then by what stands in the article or near it. None where none says, or
    where the metadata of several articles say different days."""
    dates = (read_date(text) for text in _dates(tree, selector, scope, headlines))
    return next((date for date in dates if date), None)


def _dates(
    tree: LexborHTMLParser, selector: str | None, scope: LexborNode, headlines: Collection[str]
) -> Iterator[str | None]:
    """Texts that may be the date, the surest first."""
    for node in tree.css(selector) if selector else ():
        attributes = node.attributes
        yield attributes.get("datetime") or attributes.get("content") or running_text(node)
    articles, pages = _objects(tree)
    yield _of_one_article(articles, headlines)
    for css in _IN_META:
        meta = tree.css_first(css)
        yield meta.attributes.get("content") if meta else None
    if not articles:
        yield from map(_day_of, pages)
    yield from _shown(tree, scope)


def _of_one_article(articles: list[dict[str, Any]], headlines: Collection[str]) -> str | None:
    named = [one for one in articles if _headline(one) in headlines]
    perhaps = named or [one for one in articles if _may_be_of(_headline(one), headlines)]
    days = {day: None for one in perhaps if (day := _day_of(one))}
    return next(iter(days)) if len(days) == 1 else None


def _headline(article: dict[str, Any]) -> str:
    return " ".join(str(article.get("headline") or article.get("name") or "").split())


def _may_be_of(said: str, headlines: Collection[str]) -> bool:
    """Sites write a headline anew for search engines; of other news it is where the two share no word."""
    words = _words(said)
    return not words or not headlines or any(words & _words(each) or not _words(each) for each in headlines)


def _words(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.casefold())}


def _day_of(value: dict[str, Any]) -> str | None:
    day = value.get("datePublished")
    return day if isinstance(day, str) else None


def _objects(tree: LexborHTMLParser) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the page says of articles, and of itself."""
    articles: list[dict[str, Any]] = []
    pages: list[dict[str, Any]] = []
    for script in tree.css("script[type='application/ld+json']"):
        try:
            document = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        for one in _within(document):
            kinds = _kinds(one)
            if any(kind.endswith(_ARTICLES) for kind in kinds):
                articles.append(one)
            elif _PAGES.intersection(kinds):
                pages.append(one)
    return articles, pages


def _within(document: Any) -> Iterator[dict[str, Any]]:
    """Breadth first, through lists and `_HOLDERS`."""
    level, met = [document], 0
    while level and met < _MOST_OBJECTS:
        deeper: list[Any] = []
        for one in level[:_MOST_OBJECTS]:
            met += 1
            if isinstance(one, list):
                deeper += one
            elif isinstance(one, dict):
                yield one
                deeper += [one[key] for key in _HOLDERS if key in one]
        level = deeper


def _kinds(value: dict[str, Any]) -> list[str]:
    written = value.get("@type", "")
    return [str(kind).rpartition("/")[2].lower() for kind in (written if isinstance(written, list) else [written])]


def _shown(tree: LexborHTMLParser, scope: LexborNode) -> Iterator[str | None]:
    """What stands in the article goes before what stands beside it."""
    around = set(ids_above(scope))
    machine = [(node, node.attributes.get("datetime")) for node in tree.css("time[datetime]")]
    written = [(node, running_text(node).strip()) for node in tree.css("time, [class*=date]")]
    own: list[str | None] = []
    beside: list[str | None] = []
    for node, text in (*machine, *written):
        if text and len(text) <= _LONGEST_TEXT and (place := _place(node, scope, around)) is not None:
            (own if place else beside).append(text)
    yield from (*own, *beside)


def _place(node: LexborNode, scope: LexborNode, around: Collection[int]) -> bool | None:
    """True in the article, False beside it, None in what is of something else."""
    at: LexborNode | None = node
    while at is not None and at.mem_id not in around:
        if at.tag in _ELSEWHERE:
            return None
        at = at.parent
    return at is not None and at.mem_id == scope.mem_id
