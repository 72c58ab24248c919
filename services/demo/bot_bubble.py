"""Draws a message's text with its entities as formatting, the way a Telegram app does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from services.demo.bot_entities import Entity
from services.demo.html_tags import Html, html, tag

_BLOCKS: Final = frozenset({"pre", "blockquote", "expandable_blockquote"})


def formatted(text: str, entities: Sequence[Entity]) -> Html:
    """`entities` are nested and in the Bot API's order; offsets count UTF-16 units."""
    encoded = text.encode("utf-16-le")
    return _span(encoded, 0, len(encoded) // 2, list(entities))


def _span(encoded: bytes, begin: int, end: int, entities: list[Entity]) -> Html:
    parts: list[str] = []
    at = begin
    while entities:
        entity, *rest = entities
        close = entity.offset + entity.length
        inside = [other for other in rest if other.offset < close]
        entities = rest[len(inside) :]
        parts.append(_plain(encoded, at, entity.offset))
        parts.append(_dressed(entity, _span(encoded, entity.offset, close, inside)))
        # A block ends its line by itself, so the line break that follows it is not drawn once more.
        at = close + (entity.type in _BLOCKS and _plain(encoded, close, min(close + 1, end)) == "\n")
    return html(*parts, _plain(encoded, at, end))


def _plain(encoded: bytes, begin: int, end: int) -> str:
    return encoded[2 * begin : 2 * end].decode("utf-16-le", "replace")


def _dressed(entity: Entity, content: Html) -> Html:
    dress = _DRESS.get(entity.type)
    return content if dress is None else dress(entity, content)


def _link(entity: Entity, content: Html) -> Html:
    href = entity.url if (entity.url or "").startswith(("http://", "https://")) else None
    return tag("a", content, href=href, rel="noopener noreferrer nofollow", target="_blank")


def _element(name: str, **attributes: str) -> Callable[[Entity, Html], Html]:
    return lambda _entity, content: tag(name, content, **attributes)


def _expandable(_entity: Entity, content: Html) -> Html:
    """Its first lines and a mark to open it: a page without a script has one line, and the rest in a touch."""
    first, break_, rest = content.partition("\n")
    if not break_ or first.count("<") != 2 * first.count("</"):
        return tag("blockquote", content)
    return tag("blockquote", tag("details", tag("summary", Html(first)), Html(rest)))


_DRESS: Final[Mapping[str, Callable[[Entity, Html], Html]]] = {
    "bold": _element("strong"),
    "italic": _element("em"),
    "underline": _element("u"),
    "strikethrough": _element("s"),
    "spoiler": _element("span", class_="spoiler", tabindex="0"),
    "code": _element("code"),
    "pre": _element("pre"),
    "blockquote": _element("blockquote"),
    "expandable_blockquote": _expandable,
    "text_link": _link,
}
