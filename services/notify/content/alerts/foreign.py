"""Text that somebody else wrote, made fit to stand inside a sentence of ours.

Invisible and direction-turning characters could make a message say what no source said, so they go; right-to-left
text is isolated (Unicode UAX #9, FSI and PDI), so that it cannot pull our punctuation to its side.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from operator import is_
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from services.contract import Event

LONGEST: Final = 600
"""Characters kept of one foreign value: a charge or an operator's reason fits, an article does not."""

LONGEST_NAME: Final = 120
"""Of a name of somebody, an outlet or a place: it stands in subjects and first lines, which nobody may fill."""

_FSI, _PDI = "\u2068", "\u2069"
_NAMES: Final = frozenset({"name", "names", "names_pardoned", "place", "authority", "claims_to_be"})
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS: Final = frozenset("\u200c\u200d")
_LONGEST_URL: Final = 2000
_NO_TEXT: Final = frozenset({bool, int, float})


_CLEAN: Final = re.compile(r"(?:[!-~¡-\xac\xae-ɏЀ-ӿ–—‘’“”„…№]+(?: |\Z))*(?<! )")
"""Words of the letters and signs that most sources write with, one space between them: nothing to be cleaned."""


def cleaned(event: Event) -> Event:
    """The event with every foreign string cleaned, addresses excepted: `link` judges those."""
    clean: Event = _cleaned(event)
    return clean


def foreign(text: str, longest: int = LONGEST) -> str:
    """One line without control, format, private-use or unpaired characters; isolated when it runs right to left."""
    if len(text) <= longest and _CLEAN.fullmatch(text):
        return text
    visible = "".join(kept for character in text[: 4 * longest] for kept in _kept(character))
    line = " ".join(visible.split()).strip("\u200c\u200d ")
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return f"{_FSI}{line}{_PDI}" if any(unicodedata.bidirectional(c) in ("R", "AL") for c in line) else line


def link(url: str | None) -> str | None:
    """The address if a reader may be led there: http or https with a host and no odd character, else None."""
    if url is None or len(url) > _LONGEST_URL or any(ord(c) < 0x21 or _is_odd(c) for c in url):
        return None
    try:
        parts = urlsplit(url)
        leads_somewhere = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    return url if leads_somewhere else None


def _cleaned(value: Any, key: str = "") -> Any:
    """What was clean comes back as it is: most of an event."""
    if type(value) is str:
        return value if key == "url" else foreign(value, LONGEST_NAME if key in _NAMES else LONGEST)
    if isinstance(value, msgspec.Struct):
        changed = {}
        for name in value.__struct_fields__:
            part = getattr(value, name)
            if part and type(part) not in _NO_TEXT and (clean := _cleaned(part, name)) is not part:
                changed[name] = clean
        return msgspec.structs.replace(value, **changed) if changed else value
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return value if key == "url" else foreign(value, LONGEST_NAME if key in _NAMES else LONGEST)
    if isinstance(value, dict):
        found = {name: _cleaned(inner, key) for name, inner in value.items()}
        return value if all(map(is_, found.values(), value.values())) else found
    if isinstance(value, tuple):
        parts = tuple(_cleaned(inner, key) for inner in value)
        return value if all(map(is_, parts, value)) else parts
    return value


def _kept(character: str) -> str:
    if character.isspace() or character in "\x00\x1c\x1d\x1e\x1f\x85\u2028\u2029":
        return "" if character == "\x00" else " "
    if character in _JOINERS:  # part of the spelling in several scripts
        return character
    return "" if unicodedata.category(character) in _DROPPED else character


def _is_odd(character: str) -> bool:
    return character in '"<>\\^`{|}' or character.isspace() or unicodedata.category(character) in _DROPPED
