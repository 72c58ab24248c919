"""Reads a message the way Telegram does when `parse_mode` is HTML: text, entities, or why not.

The rules are those of https://core.telegram.org/bots/api#html-style. Where the page is silent (what exactly is an
error, and what it is called) they are what TDLib answers, the library inside the official Bot API server; a test
holds the two side by side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from services.demo.bot_entities import TAGS, Entity, Parsed, entity_of, in_order, joined, units

_SPACE: Final = b" \t\r\n\0\v"
_TAG_NAME: Final = re.compile(rb"[^> \t\r\n\0\v]*")
_ATTRIBUTE_NAME: Final = re.compile(rb"[^=>/\"' \t\r\n\0\v]*")
_BARE_VALUE: Final = re.compile(rb"[A-Za-z0-9.\-]*")
_REFERENCE: Final = re.compile(rb"&(?:#[xX]([0-9A-Fa-f]*)|#([0-9]*)|([A-Za-z]*));?")
_NAMED: Final = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_EMOJI_ID: Final = re.compile(r"[1-9][0-9]{0,18}")
_REFERENCE_MAX: Final = 10
"""Bytes of a numeric reference before its semicolon; a longer one is plain text."""


class UnparsableMarkup(ValueError):
    """The text is Telegram's own, offsets in bytes of UTF-8."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A tag that waits for its end. `units` and `at` say where its content begins in the text."""

    tag: str
    attributes: dict[str, str]
    units: int
    at: int


def parse_html(html: str) -> Parsed:
    """Raises Unparsable."""
    try:
        reader = _Reader(html.encode())
    except UnicodeEncodeError:
        raise UnparsableMarkup("Text must be encoded in UTF-8") from None
    return reader.read()


class _Reader:
    """Walks over the bytes once. TDLib counts errors in bytes and entities in UTF-16 units, so both are kept."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._at = 0
        self._text: list[str] = []
        self._units = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def read(self) -> Parsed:
        while self._at < len(self._source):
            if self._source.startswith(b"</", self._at):
                self._end_tag()
            elif self._source.startswith(b"<", self._at):
                self._start_tag()
            elif self._source.startswith(b"&", self._at):
                self._write(self._reference())
            else:
                self._plain()
        if self._open:
            raise UnparsableMarkup(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        text = "".join(self._text)
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise UnparsableMarkup(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return Parsed(text, in_order(self._entities))

    def _write(self, text: str) -> None:
        self._text.append(text)
        self._units += units(text)

    def _plain(self) -> None:
        stops = [found for found in (self._source.find(mark, self._at) for mark in (b"<", b"&")) if found >= 0]
        end = min(stops, default=len(self._source))
        self._write(self._source[self._at : end].decode())
        self._at = end

    def _reference(self) -> str:
        """One character, or the ampersand itself where none is meant."""
        found = _REFERENCE.match(self._source, self._at)
        assert found is not None
        hexadecimal, decimal, name = found.groups()
        code = int(hexadecimal or b"0", 16) if hexadecimal is not None else int(decimal or b"0")
        too_long = len(found[0].rstrip(b";")) >= _REFERENCE_MAX
        character = (
            _NAMED.get(name) if name is not None else chr(code) if 0 < code < 0x10FFFF and not too_long else None
        )
        self._at = self._at + 1 if character is None else found.end()
        return character or "&"

    def _start_tag(self) -> None:
        begin = self._at
        name = self._take(_TAG_NAME, begin + 1)
        if not self._next():
            raise UnparsableMarkup(f"Unclosed start tag at byte offset {begin}")
        tag = name.decode("utf-8", "replace").lower()
        if tag not in TAGS:
            raise UnparsableMarkup(f'Unsupported start tag "{tag}" at byte offset {begin}')
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise UnparsableMarkup(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self._open.append(_Open(tag, attributes, self._units, len(self._text)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            if self._after_space() == b">":
                self._at += 1
                return attributes
            name = self._take(_ATTRIBUTE_NAME, self._at).decode("utf-8", "replace").lower()
            if not name:
                raise UnparsableMarkup(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
            attributes.setdefault(name, self._attribute_value(tag, begin))

    def _attribute_value(self, tag: str, begin: int) -> str:
        quote = self._after_space()
        if quote == b"=":
            self._at += 1
            quote = self._after_space()
        elif quote:
            return ""
        if not quote:
            raise UnparsableMarkup(f'Unclosed start tag "{tag}" at byte offset {begin}')
        if quote not in (b'"', b"'"):
            return self._bare_value(begin)
        return self._quoted_value(quote, begin)

    def _bare_value(self, begin: int) -> str:
        value = self._take(_BARE_VALUE, self._at).decode().lower()
        if not self._next():
            raise UnparsableMarkup(f"Unclosed start tag at byte offset {begin}")
        if self._next() not in (b">", *(bytes([space]) for space in _SPACE)):
            raise UnparsableMarkup(f"Unexpected end of name token at byte offset {self._at - len(value)}")
        return value

    def _quoted_value(self, quote: bytes, begin: int) -> str:
        end = self._source.find(quote, self._at + 1)
        if end < 0:
            raise UnparsableMarkup(f"Unclosed start tag at byte offset {begin}")
        self._at += 1
        value = []
        while self._at < end:
            if self._next() == b"&":
                value.append(self._reference())
            else:
                stop = self._source.find(b"&", self._at, end)
                stop = end if stop < 0 else stop
                value.append(self._source[self._at : stop].decode())
                self._at = stop
        self._at = end + 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise UnparsableMarkup(f"Unexpected end tag at byte offset {begin}")
        name = self._take(_TAG_NAME, begin + 2).decode("utf-8", "replace").lower()
        if self._after_space() != b">":
            raise UnparsableMarkup(f"Unclosed end tag at byte offset {begin}")
        self._at += 1
        opened = self._open.pop()
        if name and name != opened.tag:
            raise UnparsableMarkup(
                f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{name}>"'
            )
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        if opened.tag == "tg-emoji" and not _EMOJI_ID.fullmatch(opened.attributes.get("emoji-id", "")):
            raise UnparsableMarkup("Invalid custom emoji identifier specified")
        length = self._units - opened.units
        content = "".join(self._text[opened.at :])
        entity = entity_of(opened.tag, opened.attributes, content, opened.units, length) if length else None
        if entity is None:
            return
        pair = joined(self._entities[-1] if self._entities else None, entity)
        if pair is not None:
            self._entities[-1] = pair
        else:
            self._entities.append(entity)

    def _take(self, pattern: re.Pattern[bytes], start: int) -> bytes:
        found = pattern.match(self._source, start)
        assert found is not None
        self._at = found.end()
        return found[0]

    def _next(self) -> bytes:
        """Empty at the end, and at a NUL, which ends a tag like the end of the text."""
        return self._source[self._at : self._at + 1].rstrip(b"\0")

    def _after_space(self) -> bytes:
        while self._next() and self._next() in _SPACE:
            self._at += 1
        return self._next()
