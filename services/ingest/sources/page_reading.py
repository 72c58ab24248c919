"""One page of one article: its title, its text, its date, wherever the site keeps them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.ingest.sources.html_text import open_html, running_text
from services.ingest.sources.main_article import SHORTEST_BODY, MainText, find_article, find_chosen, ids_above
from services.ingest.sources.page_dates import date_of_article
from services.ingest.sources.sight import take_out_furniture

_CHALLENGE = re.compile(
    "just a moment|attention required|checking your browser|ddos-guard|access denied|403 forbidden|are you (?:a )?robot"
    "|are you (?:a )?human|verify(?:ing)? you are|captcha|robot check|проверка (?:браузера|безопасности)|вы не робот"
    "|доступ (?:запрещ|огранич)",
    re.IGNORECASE,
)
_LONGEST_CHALLENGE: Final = 1500
"""Characters: an article under such a title is longer."""

_SHARED_TITLE: Final = "meta[property='og:title']"
_MOST_HEADLINES: Final = 20


@dataclass(frozen=True, slots=True)
class Selectors:
    """Where a site keeps the parts (CSS); None: where most sites do."""

    title: str | None = None
    body: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class PageParts:
    """`body` is plain text as a reader sees it. `title` and `published` are None where the page does not say."""

    title: str | None
    body: str
    published: datetime | None
    language: str | None
    doubts: tuple[str, ...] = ()
    """Slugs, see `main_article`."""


def read_page(html: str, selectors: Selectors | None = None, *, any_text: bool = False) -> PageParts | None:
    """None if the page shows no article. `any_text`: the longest part will do, for a page that a person chose.

    Raises html_text.TooTangled.
    """
    wanted = selectors or Selectors()
    tree = open_html(html)
    if _is_challenge(tree):
        return None
    headlines = _headlines(tree)
    _take_out_furniture(tree, headlines, wanted)
    found = _main_text(tree, wanted.body, headlines) or (_longest_part(tree, headlines) if any_text else None)
    if found is None:
        return None
    root = tree.css_first("html")
    return PageParts(
        title=_title(tree, wanted.title, headlines, found.scope),
        body=found.text.strip(),
        published=date_of_article(tree, wanted.published, found.scope, [_line(one) for one in headlines]),
        language=root.attributes.get("lang") if root else None,
        doubts=found.doubts,
    )


def _headlines(tree: LexborHTMLParser) -> list[LexborNode]:
    """The `h1` of the page; of several those that its title repeats: another may be the site's name."""
    headings = [heading for heading in tree.css("h1")[:_MOST_HEADLINES] if _line(heading)]
    tag = tree.css_first("title")
    own_title = " ".join(tag.text().split()) if tag else ""
    titles = f"{_content(tree, _SHARED_TITLE) or ''} {own_title}"
    return [heading for heading in headings if _line(heading) in titles] or headings


def _take_out_furniture(tree: LexborHTMLParser, headlines: list[LexborNode], wanted: Selectors) -> None:
    if tree.body is None:
        return
    configured = [css for css in (wanted.title, wanted.body, wanted.published) if css]
    # Of a selector's matches the first: comments, which come later, may match it as well.
    kept = [*headlines, *(tree.css_first(css) for css in ("main", "[role=main]", *configured))]
    take_out_furniture(tree.body, [node for node in kept if node is not None], running_text)


def _main_text(tree: LexborHTMLParser, selector: str | None, headlines: list[LexborNode]) -> MainText | None:
    return find_chosen(tree, selector, headlines) if selector else find_article(tree, headlines)


def _is_challenge(tree: LexborHTMLParser) -> bool:
    """A page that asks whether we are a browser or a person, under the address of an article, with status 200."""
    title, body = tree.css_first("title"), tree.body
    if title is None or body is None or not _CHALLENGE.match(" ".join(title.text().split())):
        return False
    return len(running_text(body)) < _LONGEST_CHALLENGE


def _longest_part(tree: LexborHTMLParser, headlines: list[LexborNode]) -> MainText | None:
    """The element whose own paragraphs hold the most text, as near to the headline as there is a text; or the whole
    body of a page without paragraphs."""
    lengths: dict[int, int] = {}
    parents: dict[int, LexborNode] = {}
    for paragraph in tree.css("p"):
        parent = paragraph.parent
        if parent is not None:
            parents[parent.mem_id] = parent
            lengths[parent.mem_id] = lengths.get(parent.mem_id, 0) + len(running_text(paragraph))
    if lengths:
        distances = _distances(parents, headlines[0] if headlines else None)
        best = max(lengths, key=lambda key: (lengths[key] >= SHORTEST_BODY, -distances[key], lengths[key]))
        return MainText(running_text(parents[best]), parents[best])
    text = running_text(tree.body) if tree.body else ""
    return MainText(text, tree.body) if tree.body and text.strip() else None


def _distances(parts: dict[int, LexborNode], headline: LexborNode | None) -> dict[int, int]:
    """How many elements round the headline one must go out to meet each part."""
    known = {mem_id: steps for steps, mem_id in enumerate(ids_above(headline))}
    found: dict[int, int] = {}
    for key, part in parts.items():
        way: list[int] = []
        node: LexborNode | None = part
        while node is not None and node.mem_id not in known:
            way.append(node.mem_id)
            node = node.parent
        found[key] = known[node.mem_id] if node is not None else 0
        known.update(dict.fromkeys(way, found[key]))
    return found


def _title(
    tree: LexborHTMLParser, selector: str | None, headlines: list[LexborNode], article: LexborNode
) -> str | None:
    """What stands above the article itself goes before what the page says of itself where no reader looks."""
    tag = tree.css_first("title")
    own = next((heading for heading in headlines if article.mem_id in ids_above(heading)), None)
    candidates = (
        _text(tree, selector) if selector else None,
        _line(own) if own else None,
        _content(tree, _SHARED_TITLE),
        _line(headlines[0]) if headlines else None,
        " ".join(tag.text().split()) if tag else None,
    )
    return next((title for title in candidates if title), None)


def _content(tree: LexborHTMLParser, css: str) -> str | None:
    node = tree.css_first(css)
    content = node.attributes.get("content") if node else None
    return " ".join(content.split()) if content else None


def _text(tree: LexborHTMLParser, css: str) -> str | None:
    node = tree.css_first(css)
    return _line(node) if node else None


def _line(node: LexborNode) -> str:
    return " ".join(running_text(node).split())
