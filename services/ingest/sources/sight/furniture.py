"""Takes out of a tree what readers see beside an article and the article does not say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from services.ingest.sources.sight.furniture_words import (
    HEADS_COMMENTS,
    HEADS_OTHER_NEWS,
    calls_comments,
    calls_furniture,
)
from services.ingest.sources.sight.unseen import GAP, NEVER_READ

_ROLES: Final = frozenset(
    (
        "complementary",
        "navigation",
        "contentinfo",
        "dialog",
        "alertdialog",
        "search",
        "form",
        "menu",
        "menubar",
        "toolbar",
    )
)
_TYPES: Final = (
    "/comment", "/usercomments", "/wpadblock", "/wpsidebar", "/wpfooter", "/wpheader", "/sitenavigationelement",
    "/breadcrumblist",
)  # fmt: skip
"""Ends of schema.org's `itemtype`."""
_NOT_A_PART: Final = frozenset({"html", "body", "main"})
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_LEADS: Final = ("p", "div", "strong", "b", "li", "span", "blockquote")
_LISTS: Final = ("ul", "ol", "dl", "menu")
_LONGEST_HEADING: Final = 60
"""Characters of a line that only heads something."""
_MOST_PARTS: Final = 60
"""Of one line: looking at more of them would not be looking at a line."""
_HIGHEST: Final = 6
"""Elements within which one line may stand."""
_LONGEST_LEAD: Final = 400
"""Characters of a line that leads to other news: with more of its own words it is a paragraph."""


def take_out_furniture(root: LexborNode, kept: Iterable[LexborNode], text_of: Callable[[LexborNode], str]) -> None:
    """Within `root`, save what holds one of `kept`: the headline, the main part. Comments go first and for good; other
    furniture only so far as a text remains without it."""
    sacred = {root.mem_id, *_with_ancestors(kept)}
    _take_out(root, {node.mem_id for node in _below_headings(root, sacred)}, sacred, _is_comments)
    others = _topmost(root, sacred, _is_furniture)
    if sum(len(text_of(node).strip()) for node in others) < len(text_of(root).strip()):
        for node in others:
            node.replace_with(GAP)
    _take_out(root, {node.mem_id for node in _other_news(root, sacred)}, sacred, _is_nothing)


def _take_out(root: LexborNode, chosen: set[int], sacred: set[int], is_one: Callable[[LexborNode], bool]) -> None:
    for node in _topmost(root, sacred, lambda node: node.mem_id in chosen or is_one(node)):
        node.replace_with(GAP)


def _with_ancestors(nodes: Iterable[LexborNode]) -> Iterator[int]:
    for node in nodes:
        above: LexborNode | None = node
        while above is not None:
            yield above.mem_id
            above = above.parent


def _topmost(root: LexborNode, sacred: set[int], is_one: Callable[[LexborNode], bool]) -> list[LexborNode]:
    """None of them within another: one that is taken out takes its parts with it."""
    found: list[LexborNode] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.tag in NEVER_READ:
            continue
        if node.mem_id not in sacred and node.tag not in _NOT_A_PART and is_one(node):
            found.append(node)
        else:
            waiting.extend(node.iter())
    return found


def _is_comments(node: LexborNode) -> bool:
    attributes = node.attributes
    if (attributes.get("itemprop") or "").lower() in ("comment", "comments", "review") or _has_type(attributes):
        return True
    if (attributes.get("role") or "").lower() == "comment":
        return True
    label = (attributes.get("aria-label") or "")[:_LONGEST_HEADING]
    return any(map(calls_comments, _called(attributes))) or HEADS_COMMENTS.fullmatch(label) is not None


def _has_type(attributes: dict[str, str | None]) -> bool:
    return (attributes.get("itemtype") or "").strip().lower().endswith(_TYPES)


def _is_furniture(node: LexborNode) -> bool:
    if node.tag == "article":
        return False  # its classes may tell what it is about («related», «popular»); cards are told apart elsewhere
    attributes = node.attributes
    if (attributes.get("role") or "").lower() in _ROLES:
        return True
    label = (attributes.get("aria-label") or "")[:_LONGEST_HEADING]
    return any(map(calls_furniture, _called(attributes))) or HEADS_OTHER_NEWS.match(label) is not None


def _is_nothing(_: LexborNode) -> bool:
    return False


def _called(attributes: dict[str, str | None]) -> list[str]:
    """Its classes and its id."""
    return [*(attributes.get("class") or "").split(), *(attributes.get("id") or "").split()]


def _line(node: LexborNode, most: int) -> tuple[str, int]:
    """Its words, and how many characters of them are no link; nothing where it is longer than `most` characters."""
    pieces: list[str] = []
    length = plain = 0
    waiting = [(node, False)]
    for _ in range(_MOST_PARTS):
        if not waiting or length > most:
            break
        part, linked = waiting.pop()
        if part.tag == "-text":
            pieces.append(part.text_content or "")
            length += len(pieces[-1].strip())
            plain += 0 if linked else len(pieces[-1].strip())
        else:
            is_link = linked or part.tag == "a"
            waiting.extend((child, is_link) for child in reversed(list(part.iter(include_text=True))[:_MOST_PARTS]))
    return (" ".join("".join(pieces).split()), plain) if not waiting and length <= most else ("", 0)


def _below_headings(root: LexborNode, sacred: set[int]) -> list[LexborNode]:
    """What stands under a heading that says "Comments", to the end of the part that it heads."""
    found: list[LexborNode] = []
    for heading in root.css("h2, h3, h4, h5, h6"):
        if HEADS_COMMENTS.fullmatch(_line(heading, _LONGEST_HEADING)[0] or "-"):
            found.extend(_following(heading, sacred))
    return list({node.mem_id: node for node in found}.values())


def _following(heading: LexborNode, sacred: set[int]) -> Iterator[LexborNode]:
    ends = _HEADINGS[: _HEADINGS.index(heading.tag or "h6") + 1]
    node: LexborNode | None = heading
    while node is not None:
        if node.mem_id in sacred or (node is not heading and node.tag in ends):
            return
        yield node
        node = node.next


def _other_news(root: LexborNode, sacred: set[int]) -> Iterator[LexborNode]:
    """Lines that lead to other news ("Read also: …") with their links, and lists of such links under such a line."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.tag in NEVER_READ and node.tag != "-text":
            continue
        if node.tag == "-text" and HEADS_OTHER_NEWS.match(" ".join((node.text_content or "")[:_LONGEST_LEAD].split())):
            yield from _led(node, sacred)
        waiting.extend(node.iter(include_text=True))


def _led(words: LexborNode, sacred: set[int]) -> Iterator[LexborNode]:
    """The largest element that is one line beginning with `words`, if it leads somewhere."""
    lead: LexborNode | None = None
    above = words.parent
    for _ in range(_HIGHEST):
        if above is None or above.mem_id in sacred or above.tag not in (*_HEADINGS[1:], *_LEADS):
            break
        text, plain = _line(above, _LONGEST_LEAD)
        if plain > _LONGEST_HEADING or not HEADS_OTHER_NEWS.match(text):
            break
        lead, above = above, above.parent
        if plain < len(text):
            yield lead
    if lead is not None and (links := _links_after(lead)) is not None:
        yield lead
        yield links


def _links_after(lead: LexborNode) -> LexborNode | None:
    node = lead.next
    while node is not None and node.tag in ("-text", "-comment") and not (node.text_content or "").strip():
        node = node.next
    return node if node is not None and node.tag in _LISTS and node.css_first("a") is not None else None
