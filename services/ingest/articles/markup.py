"""What marks of writing do to words outside HTML, and how HTML is told from plain text."""

from __future__ import annotations

import re
from typing import Final

from services.ingest.sources.sight import GAP

BROKEN_NUMBER: Final = "broken_number"
"""A doubt: something struck out or hidden stands between two digits («1~~6~~8»), so that either number may be meant."""

REORDERED: Final = "reordered"
"""A doubt: characters make letters run backwards, so that a reader sees another number than stands there."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OVERSTRUCK = re.compile("(?:[^\u0300-\u036f][\u0300-\u0334\u0339-\u036f]*[\u0335-\u0338][\u0300-\u036f]*)+")
"""Letters with a stroke through each (U+0335 to U+0338), as programs that know no other way strike out."""
_STROKE = re.compile("[\u0335-\u0338]")
_STRUCK: Final = (
    re.compile(r"~~(?=\S)[^~\n]{1,2000}(?:\n[^~\n]{1,2000}){0,5}~~"),
    re.compile(r"\[(s|del|strike)\][^\[\]]{1,2000}\[/\1\]", re.IGNORECASE),
)
"""Markdown and BBCode, as people write them where nothing renders them: readers know the signs."""
_GAPS = re.compile(f"{GAP}+")
_BACKWARDS = re.compile("[\u202d\u202e]")

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])")
_OF_TEXT: Final = _names(
    "a article aside b blockquote body code dd del details dialog div dl dt em figure font footer h1 h2 h3 h4 h5 h6 "
    "head header html i ins li main mark nav ol p pre s script section small span strike strong style sub sup table "
    "tbody td template textarea th title tr u ul"
)
_WHOLE_PAGE = re.compile(r"<(?:!doctype html|html|body|main|article)(?=[\s>])", re.IGNORECASE)


def without_struck(text: str) -> str:
    """Without what plain text strikes out; a mark stays where it stood, see `sight.GAP`."""
    if _STROKE.search(text):
        text = _OVERSTRUCK.sub(GAP, text)
    for pattern in _STRUCK:
        text = pattern.sub(GAP, text)
    return _GAPS.sub(_closed, text) if GAP in text else text


def _closed(gap: re.Match[str]) -> str:
    before, after = gap.string[gap.start() - 1 : gap.start()], gap.string[gap.end() : gap.end() + 1]
    if before.isdigit() and after.isdigit():
        return f" {GAP} "
    return " " if before.isalnum() and after.isalnum() else ""


def doubts_of(*texts: str) -> tuple[str, ...]:
    """Of texts from which what is struck out has been taken, and which have not been cleaned."""
    told = {
        BROKEN_NUMBER: any(GAP in text for text in texts),
        REORDERED: any(_BACKWARDS.search(text) for text in texts),
    }
    return tuple(slug for slug, holds in told.items() if holds)


def is_markup(text: str) -> bool:
    """Is this HTML, though nobody said so? It opens and closes an element of texts; "a < b and c > d" does not."""
    opened = set[str]()
    for closing, name in _TAG.findall(text):
        if closing and name.lower() in opened:
            return True
        if not closing and name.lower() in _OF_TEXT:
            opened.add(name.lower())
    return False


def is_whole_page(html: str) -> bool:
    """Or so much of one that an article must be looked for in it."""
    return _WHOLE_PAGE.search(html) is not None
