"""Which part of a page is its article: the one that holds the headline, or else stands in `main`.

Where two could be it and tell differently, both are read, and the reading is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.ingest.sources.html_text import running_text

RIVAL_ARTICLES: Final = "rival_articles"
"""A doubt: the page shows two texts that could be its article."""

SHORTEST_BODY: Final = 80
"""Characters: a body shorter than this is a teaser, a caption or a cookie notice."""


_MOST_RIVALS: Final = 20


class MainText(NamedTuple):
    """`scope`: what holds the text together with its headline; `doubts`: slugs."""

    text: str
    scope: LexborNode
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Part:
    """A part of the page that may be the article. `kind`: article, body (of one) or main."""

    node: LexborNode
    kind: str
    in_main: bool
    inner: list[_Part] = field(default_factory=list)
    """Bodies within an article; articles and bodies within a main part."""
    nested: list[LexborNode] = field(default_factory=list)
    """Articles within it: comments and cards of other news, unless it has no text of its own."""

    def text(self) -> str:
        if self.kind == "article" and self.inner:
            return "\n\n".join(part.text() for part in self.inner)
        own = running_text(self.node, without=frozenset(node.mem_id for node in self.nested))
        return own if _is_long(own) else running_text(self.node)


class _Candidate(NamedTuple):
    node: LexborNode
    text: str
    standing: int
    """2: it holds the headline; 1: it stands in `main`; 0: neither."""


def find_article(tree: LexborHTMLParser, headlines: list[LexborNode]) -> MainText | None:
    """By the elements that mark articles; None where the page has none with a text."""
    if tree.body is None:
        return None
    above = _ids_above_any(headlines)
    parts = _parts(tree.body)
    candidates = list(_candidates(parts, headlines, above))
    beside = (
        _text_of_headline(headlines[0], parts)
        if headlines and not any(each.standing == 2 for each in candidates)
        else None
    )
    if beside and candidates:
        candidates.append(beside)
    return _choose(candidates)


def find_chosen(tree: LexborHTMLParser, css: str, headlines: list[LexborNode]) -> MainText | None:
    """By the selector of a site's configuration, which is the whole truth: if it finds nothing, it changed."""
    outermost: list[LexborNode] = []
    matched = {node.mem_id: node for node in tree.css(css)}
    waiting = [tree.root] if tree.root is not None else []
    while waiting:
        node = waiting.pop()
        if node.mem_id in matched:
            outermost.append(node)
        else:
            waiting.extend(reversed(list(node.iter())))
    above = _ids_above_any(headlines)
    return _choose([_Candidate(node, running_text(node), 2 * (node.mem_id in above)) for node in outermost])


def _ids_above_any(nodes: list[LexborNode]) -> set[int]:
    return {mem_id for node in nodes for mem_id in ids_above(node)}


def ids_above(node: LexborNode | None) -> Iterator[int]:
    """The `mem_id`s of the node and of all that it stands in, the nearest first."""
    while node is not None:
        yield node.mem_id
        node = node.parent


def _choose(candidates: list[_Candidate]) -> MainText | None:
    long = [each for each in candidates if _is_long(each.text)]
    if not long:
        return None
    highest = max(each.standing for each in long)
    best = [each for each in long if each.standing == highest]
    best = [each for each in best if not _is_card(each.node)] or best
    best = _without_copies(best)
    if len(best) == 1:
        return MainText(best[0].text, best[0].node)
    return MainText("\n\n".join(each.text for each in best), best[0].node, (RIVAL_ARTICLES,))


def _without_copies(candidates: list[_Candidate]) -> list[_Candidate]:
    """One text may stand there twice: for telephones and for desks. A part of another is no rival to it."""
    kept: dict[str, _Candidate] = {}
    for each in sorted(candidates, key=lambda each: -len(each.text)):
        plain = " ".join(each.text.split())
        if not any(plain in other for other in list(kept)[:_MOST_RIVALS]):
            kept[plain] = each
    return list(kept.values())


def _candidates(parts: list[_Part], headlines: list[LexborNode], above: set[int]) -> Iterator[_Candidate]:
    for part in parts:
        inner = list(_candidates(part.inner, headlines, above)) if part.kind == "main" else []
        yield from inner
        has_articles = any(_is_long(each.text) for each in inner)
        if has_articles and (part.node.mem_id not in above or any(each.standing == 2 for each in inner)):
            continue
        text = _beside_articles(part, headlines) if has_articles else part.text()
        yield _Candidate(part.node, text, _standing(part, above))


def _beside_articles(main: _Part, headlines: list[LexborNode]) -> str:
    """What stands under the headline of a main part beside its articles: they may be readers' comments on it."""
    left_out = [*(part.node for part in main.inner), *headlines]
    return running_text(main.node, without=frozenset(node.mem_id for node in left_out))


def _standing(part: _Part, above: set[int]) -> int:
    if part.node.mem_id in above:
        return 1 if part.kind == "main" else 2
    return 1 if part.in_main or part.kind == "main" else 0


def _text_of_headline(headline: LexborNode, parts: list[_Part]) -> _Candidate | None:
    """The text beside a headline that stands in no article and no main part."""
    if headline.parent is None:
        return None
    marked = {id_ for part in parts for id_ in ids_above(part.node)}
    top = headline
    while top.parent is not None and top.parent.mem_id not in marked:
        top = top.parent
    pieces, node = [], top
    while node is not None and node.mem_id not in marked:
        pieces.append(running_text(node, without=frozenset({headline.mem_id})))
        node = node.next  # type: ignore[assignment]
    return _Candidate(top, "".join(pieces), 0)


def _is_card(node: LexborNode) -> bool:
    """Its heading is a link to where the article is, or it is a link as a whole: it only leads there."""
    heading = node.css_first("h2, h3, h4, h5, h6")
    linked = heading is not None and (heading.css_first("a[href]") is not None or _is_in_link(heading, node))
    return linked or (node.parent is not None and node.parent.tag == "a")


def _is_in_link(node: LexborNode, top: LexborNode) -> bool:
    above = node.parent
    while above is not None and above.mem_id != top.mem_id:
        if above.tag == "a":
            return True
        above = above.parent
    return False


def _is_long(text: str) -> bool:
    return len(text) >= SHORTEST_BODY


class _Place(NamedTuple):
    node: LexborNode
    owner: _Part | None
    main: _Part | None


def _parts(root: LexborNode) -> list[_Part]:
    """The topmost parts, in the order of the page."""
    found: list[_Part] = []
    waiting = [_Place(root, None, None)]
    while waiting:
        node, owner, main = waiting.pop()
        kind = _kind(node)
        if kind == "main" and main is None and owner is None:
            main = _Part(node, kind, in_main=True)
            found.append(main)
        elif kind == "article" and owner is not None:
            if not _is_live(node):
                owner.nested.append(node)
                continue
        elif kind in ("article", "body") and (owner is None or (owner.kind == "article" and kind == "body")):
            part = _Part(node, kind, in_main=main is not None)
            (owner.inner if owner else main.inner if main else found).append(part)
            owner = part
        waiting.extend(_Place(child, owner, main) for child in reversed(list(node.iter())))
    return found


def _kind(node: LexborNode) -> str | None:
    if node.tag in ("article", "main"):
        return node.tag
    attributes = node.attributes
    if "articlebody" in (attributes.get("itemprop") or "").lower().split():
        return "body"
    return "main" if (attributes.get("role") or "").lower() == "main" else None


def _is_live(node: LexborNode) -> bool:
    """An entry of a live report is no comment on it (schema.org, LiveBlogPosting)."""
    attributes = node.attributes
    return attributes.get("itemprop") == "liveBlogUpdate" or "BlogPosting" in (attributes.get("itemtype") or "")
