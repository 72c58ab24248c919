"""HTML as a reader sees it: the one place that opens HTML, and the running text of a part of it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.ingest.sources.links import web_link
from services.ingest.sources.sight import GAP, NEVER_READ, StyledToStall, take_out_furniture, take_out_unseen

_DEEPEST: Final = 1000
_MOST_OPEN_STYLES: Final = 32
"""The parser's time grows with the square of the nesting (242 s for 200,000 nested `div`), and every unclosed style
is opened anew in each paragraph after it, as the HTML standard demands. No page of news comes near either."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STYLES: Final = _names("a b big code em font i nobr s small strike strong tt u")
_CANNOT_NEST: Final = _names(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot "
    "colgroup option optgroup rp rt body head html"
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")

_PARAGRAPHS: Final = _names(
    "address article blockquote body br center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 "
    "header hr li main ol p pre section summary table tbody tfoot thead tr ul"
)
_BREAK: Final = "\n\n"
_HIGH: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_GAPS = re.compile(f"{GAP}+")


class TooTangled(ValueError):
    """HTML nested so deeply that no page of news is, and reading it would stall the process."""


def open_source(html: str) -> LexborHTMLParser:
    """All that stands there, seen or not: for what is no text, as links are. Raises TooTangled."""
    if _is_tangled(html):
        raise TooTangled("the HTML is nested deeper than any page of news")
    return LexborHTMLParser(html.encode(errors="replace").decode())  # a lone surrogate would be refused


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """The address that the page's links start from (WHATWG HTML, `base`: the first with an `href` counts)."""
    base = tree.css_first("base[href]")
    return (web_link(url, base.attributes.get("href") or "") if base else None) or url


def open_html(html: str) -> LexborHTMLParser:
    """Without what is hidden or struck out. Raises TooTangled."""
    tree = open_source(html)
    try:
        take_out_unseen(tree)
    except StyledToStall as error:
        raise TooTangled(f"the HTML cannot be read: {error}") from None
    return tree


def text_of_fragment(html: str) -> str:
    """What a reader sees of a text in HTML that is no page: the text of a feed's entry. Raises TooTangled."""
    tree = open_html(html)
    body = tree.body
    if body is None:
        return ""
    take_out_furniture(body, tree.css("h1")[:1], running_text)
    return running_text(body)


def running_text(root: LexborNode, *, without: frozenset[int] = frozenset()) -> str:
    """What a person would read, a blank line between paragraphs, without scripts, menus and forms. `without`: the
    `mem_id`s of nodes to leave out."""
    pieces: list[str] = []
    waiting: list[LexborNode | str] = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            pieces.append(part)
        elif part.tag == "-text":
            pieces.append(" ".join(_spaced(part.text_content or "")))
        elif part.tag not in NEVER_READ and part.mem_id not in without:
            _open_up(part, waiting)
    return _closed_up("".join(pieces))


def _closed_up(text: str) -> str:
    return _GAPS.sub(_closed_gap, text) if GAP in text else text


def _closed_gap(gap: re.Match[str]) -> str:
    """A space between words. Between two digits the gap stays: nobody can say which number is meant, see `articles`."""
    before, after = gap.string[gap.start() - 1 : gap.start()], gap.string[gap.end() : gap.end() + 1]
    if before.isdigit() and after.isdigit():
        return GAP
    return " " if before.isalnum() and after.isalnum() else ""


def _open_up(node: LexborNode, waiting: list[LexborNode | str]) -> None:
    """Puts a node's children on the pile, between the breaks that its kind of element makes."""
    mark = _BREAK if node.tag in _PARAGRAPHS else " " if node.tag in ("td", "th") else ""
    waiting.append(mark)
    children: list[LexborNode | str] = list(node.iter(include_text=True))
    if node.tag == "sup" and (raised := _raised(node)):
        children = [raised]
    waiting.extend(reversed(children))
    waiting.append(mark)


def _raised(node: LexborNode) -> str | None:
    """A number set high, as one set high: the mark of a footnote or the part of a law («361⁴») is no digit of what
    stands before it."""
    first = node.first_child
    child = first.first_child if first is not None and first.tag == "a" else first
    text = (child.text_content or "").strip() if child is not None and child.tag == "-text" else ""
    return text.translate(_HIGH) if text.isdecimal() and text.isascii() else None


def _spaced(text: str) -> list[str]:
    """Words, with an empty one where white space stood at an end, so that joining them keeps it as one space."""
    words = text.split()
    if not words:
        return ["", ""]
    return [*([""] if text[0].isspace() else []), *words, *([""] if text[-1].isspace() else [])]


def _is_tangled(html: str) -> bool:
    still_open: Counter[str] = Counter()
    depth = styles = 0
    for closing, raw in _TAG.findall(html):
        name = raw.lower()
        if name in _CANNOT_NEST or (closing and not still_open[name]):
            continue
        step = -1 if closing else 1
        still_open[name] += step
        depth += step
        styles += step if name in _STYLES else 0
        if depth > _DEEPEST or styles > _MOST_OPEN_STYLES:
            return True
    return False
