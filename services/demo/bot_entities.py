"""What a tag of Telegram's HTML stands for: the entities of a message and the order they come in.

Types and their fields: https://core.telegram.org/bots/api#messageentity
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import SplitResult, urlsplit

Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entity:
    """`offset` and `length` are in UTF-16 code units, as everywhere in the Bot API."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None

    def document(self) -> dict[str, object]:
        """As the Bot API writes it: fields that do not apply are left out."""
        fields = ("type", "offset", "length", "url", "language", "custom_emoji_id")
        return {name: getattr(self, name) for name in fields if getattr(self, name) is not None}


@dataclass(frozen=True, slots=True)
class Parsed:
    text: str
    entities: tuple[Entity, ...] = ()

    def trimmed(self) -> Parsed:
        """Without the white space round it, which Telegram drops; entities move along and shrink."""
        dropped = units(self.text) - units(self.text.lstrip())
        text = self.text.strip()
        length = units(text)
        moved = []
        for entity in self.entities:
            begin = min(max(entity.offset - dropped, 0), length)
            end = min(max(entity.offset + entity.length - dropped, 0), length)
            if end > begin:
                moved.append(replace(entity, offset=begin, length=end - begin))
        return Parsed(text, tuple(moved))


def units(text: str) -> int:
    """The length Telegram counts: UTF-16 code units, two for most emoji."""
    return sum(2 if letter > "\uffff" else 1 for letter in text)


def entity_of(tag: str, attributes: Attributes, content: str, offset: int, length: int) -> Entity | None:
    """None where the tag is allowed and means nothing here, such as a link that leads nowhere."""
    blank = Entity(_TYPE_BY_TAG[tag], offset, length)
    build = _BUILDERS.get(tag)
    return blank if build is None else build(blank, attributes, content)


def joined(before: Entity | None, entity: Entity) -> Entity | None:
    """`<pre><code class="language-x">` is one entity: the two as one, or None when they are not such a pair."""
    if before is None or (before.offset, before.length) != (entity.offset, entity.length):
        return None
    if {before.type, entity.type} != {"pre", "code"}:
        return None
    language = before.language if before.type == "code" else entity.language
    return replace(entity, type="pre", language=language) if language else None


def in_order(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Outer before inner, as the Bot API lists them. A language on its own says nothing outside of `pre`."""
    return tuple(sorted((_without_stray_language(entity) for entity in entities), key=_rank))


def _without_stray_language(entity: Entity) -> Entity:
    return replace(entity, language=None) if entity.type == "code" else entity


def _rank(entity: Entity) -> tuple[int, int, int]:
    priority = _PRIORITY.index("pre_code" if entity.type == "pre" and entity.language else entity.type)
    return entity.offset, -entity.length, priority


def _link(blank: Entity, attributes: Attributes, content: str) -> Entity | None:
    target = attributes.get("href") or content
    if re.fullmatch(r"tg://user\?id=[1-9][0-9]*", target):
        return replace(blank, type="text_mention")
    url = read_link(target)
    return replace(blank, url=url) if url else None


def _code(blank: Entity, attributes: Attributes, _content: str) -> Entity:
    named = attributes.get("class", "")
    return replace(blank, language=named.removeprefix("language-") if named.startswith("language-") else None)


def _quote(blank: Entity, attributes: Attributes, _content: str) -> Entity:
    return replace(blank, type="expandable_blockquote") if "expandable" in attributes else blank


def _emoji(blank: Entity, attributes: Attributes, _content: str) -> Entity:
    return replace(blank, custom_emoji_id=attributes["emoji-id"])


def _time(blank: Entity, attributes: Attributes, _content: str) -> Entity | None:
    return blank if attributes.get("unix", "").isdecimal() else None


def read_link(target: str) -> str | None:
    """The address as Telegram keeps it, or None where it takes the text for no link at all."""
    if not target or target[0].isspace():
        return None
    scheme, _, rest = target.partition(":")
    if scheme.lower() in ("tg", "ton") and rest:
        return f"{scheme.lower()}://{rest.removeprefix('//')}" + ("" if "?" in rest or "/" in rest.strip("/") else "/")
    address = target if "://" in target else f"http://{target}"
    try:
        parts = urlsplit(address.strip())
        known = parts.scheme in ("http", "https") and _is_reachable(parts)
    except ValueError:
        return None
    if not known:
        return None
    return parts._replace(path=parts.path.replace(" ", "%20") or "/", netloc=_lower_host(parts.netloc)).geturl()


def _is_reachable(parts: SplitResult) -> bool:
    """A host with a dot in it or an IPv6 address, and a port that is none or a real one (raises ValueError)."""
    host = parts.netloc.rpartition("@")[2]
    return ("." in host or host.startswith("[")) and parts.port != 0 and not set(host) & set(' "<>')


def _lower_host(netloc: str) -> str:
    user, at, host = netloc.rpartition("@")
    return user + at + host.lower()


_TYPE_BY_TAG: Final = {
    "b": "bold", "strong": "bold",
    "i": "italic", "em": "italic",
    "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "span": "spoiler", "tg-spoiler": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
TAGS: Final = frozenset(_TYPE_BY_TAG)

_BUILDERS: Final[Mapping[str, Callable[[Entity, Attributes, str], Entity | None]]] = {
    "a": _link, "code": _code, "blockquote": _quote, "tg-emoji": _emoji, "tg-time": _time,
}  # fmt: skip

_PRIORITY: Final = (
    "blockquote", "expandable_blockquote", "pre_code", "pre", "code", "text_link", "text_mention", "date_time",
    "bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji",
)  # fmt: skip
