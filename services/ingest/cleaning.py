"""Text made plain: one form of each character, one kind of space, a blank line between paragraphs, nothing hidden."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_WRAPPED: Final = range(60, 101)
"""Characters: a line this long that ends in no mark was broken by an editor, if the next is no longer than that."""
_SENTENCE_ENDS: Final = tuple('.!?:;…"»”')

_QUOTES = re.compile(r"[\"'`´«»‘’‚‛“”„‟‹›ʼ′″]")
_DASHES = re.compile(r"[‐‑‒–—―−]")


def clean_line(text: str) -> str:
    """One line without what a reader cannot see: control, bidirectional, zero-width and private-use characters."""
    seen = text
    if not text.isprintable():
        seen = "".join(character for character in text if character.isprintable() or character.isspace())
    return " ".join(unicodedata.normalize("NFC", seen).split())


def clean_text(text: str) -> str:
    blocks = _BLANK_LINES.split(text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n\n"))
    return "\n\n".join(paragraph for block in blocks for paragraph in _paragraphs(block))


def fold(text: str) -> str:
    """For comparing: what is left when case, quotes, dashes, white space and the forms of characters do not count."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_DASHES.sub("-", _QUOTES.sub("", plain)).split())


def _paragraphs(block: str) -> list[str]:
    """The lines of a block, those that an editor broke put together again: lists of names stay one a line."""
    paragraphs: list[str] = []
    before = ""
    for line in filter(None, map(clean_line, block.split("\n"))):
        if paragraphs and _goes_on(before, line):
            paragraphs[-1] = f"{paragraphs[-1]} {line}"
        else:
            paragraphs.append(line)
        before = line
    return paragraphs


def _goes_on(line: str, following: str) -> bool:
    if line.endswith(_SENTENCE_ENDS):
        return following[0].islower()
    return following[0].islower() or (len(line) in _WRAPPED and len(following) < _WRAPPED.stop)
