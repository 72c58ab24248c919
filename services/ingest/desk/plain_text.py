"""What an operator may type: words in one line that readers get as they stand, in letters, headers and messages."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKUP: Final = {
    "<": re.compile(r"[<>]"),
    "&…;": re.compile(r"&#?\w+;"),
    "=?…?=": re.compile(r"=\?[^\s?]+\?[bq]\?", re.IGNORECASE),  # a mail program would decode it (RFC 2047)
    "{{": re.compile(r"\{[{%#]|[}%#]\}"),
}
_ADDRESS: Final = re.compile(r"\w://|\bwww\.|\bmailto:", re.IGNORECASE)


class Unusable(ValueError):
    """It cannot go out as it stands. The message says what is wrong and what to do, never what was typed."""


def read_line(text: str, most: int, *, links: bool = False) -> str:
    """The text in one form of each character and single spaces. At most `most` characters; `links`: may it name a web
    address? Raises Unusable."""
    plain = " ".join(_visible(unicodedata.normalize("NFC", text)).split())
    if not plain:
        raise Unusable("it says nothing; give some text")
    if len(plain) > most:
        raise Unusable(f"it has {len(plain):,} characters; say it in at most {most:,}")
    mark = next((name for name, pattern in _MARKUP.items() if pattern.search(plain)), None)
    if mark is not None:
        raise Unusable(f"it has markup in it ({mark}); give plain text")
    if not links and _ADDRESS.search(plain):
        raise Unusable("it has a web address in it; give plain text without one")
    return plain


def _visible(text: str) -> str:
    """With plain spaces for those that only look alike. Raises Unusable for what no reader could see."""
    spaced = "".join(" " if unicodedata.category(one) == "Zs" else one for one in text)
    for position, one in enumerate(spaced, start=1):
        if not one.isprintable():
            what = "a line break" if one in "\r\n\v\f\x85\u2028\u2029" else "a character that cannot be seen"
            raise Unusable(f"it has {what} (U+{ord(one):04X}, at position {position}); type it anew, in one line")
    return spaced
