"""What a style declares of an element, and whether that takes it out of sight or strikes it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


Style = Mapping[str, str]
"""Property to value, both in lower case."""

_COMMENT = re.compile(r"/\*(?:.*?\*/|.*)", re.DOTALL)
_STRING = re.compile(r"\"[^\"\n]*\"?|'[^'\n]*'?")
_URL = re.compile(r"url\([^)]*\)?", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|([^\n]))")
_IMPORTANT = re.compile(r"!\s*important\s*$")
_LENGTH = re.compile(r"([+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))(px|r?em|ex|ch|pt|vw|vh|%|cm|mm|in)?(?![\w.])")
_PIXELS: Final = {None: 1.0, "px": 1.0, "pt": 1.3, "cm": 38.0, "mm": 3.8, "in": 96.0, "vw": 10.0, "vh": 8.0, "%": 4.0}
"""Roughly, of one unit; any other is a size of letters, of 16 px."""
_SIGNS: Final = frozenset("{};,()[]\\")
_FAR: Final = -400.0
"""Pixels to the left of a page or above it, where nobody can look."""
_TINY: Final = 1.0
"""Pixels: a box or letters of that size show nothing."""
_CLIPPED_AWAY = re.compile(
    r"inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%\s*\)|circle\(\s*0|polygon\(\s*(?:0\w*\s+0\w*\s*,?\s*)+\)"
)
_MOVED = re.compile(r"translate(?:x|y|3d)?\(\s*([^,()]*)(?:,\s*([^,()]*))?")
_TURNED = re.compile(r"(?:rotate[xy]\(|^[xy] )\s*-?(?:90|270)deg")
"""Seen from its edge."""
_SHRUNK = re.compile(r"scale(?:x|y|3d)?\(\s*0?\.?0*\s*[,)]")
_KNOWN: Final = _names(
    "display visibility opacity font-size font color background background-color background-image text-decoration "
    "text-decoration-line text-indent position left right top bottom inset margin-left margin-top margin transform "
    "clip clip-path overflow overflow-x overflow-y width max-width height max-height content-visibility filter "
    "-webkit-text-fill-color scale background-clip unicode-bidi -webkit-background-clip translate rotate zoom "
    "block-size max-block-size inline-size max-inline-size line-height -webkit-text-decoration "
    "-webkit-text-decoration-line"
)


@lru_cache(maxsize=1024)
def read_declarations(text: str) -> tuple[tuple[str, str, bool], ...]:
    """Property, value and whether it is `!important`, for the properties that decide on sight."""
    found = (_declaration(part) for part in plain_css(text).split(";"))
    return tuple(each for each in found if each)


def plain_css(text: str) -> str:
    """Without comments and addresses, and without strings that hold signs of CSS: anything may stand in them."""
    return _URL.sub("url()", _STRING.sub(_harmless, _COMMENT.sub(" ", text)))


def _harmless(string: re.Match[str]) -> str:
    return string[0] if _SIGNS.isdisjoint(string[0]) else '""'


def unescape(text: str) -> str:
    r"""`\64 isplay` is `display` (CSS Syntax 3, section 4.3.7)."""
    return _ESCAPE.sub(_escaped, text) if "\\" in text else text


def _escaped(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    number = int(match[1], 16)
    return chr(number) if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else "\N{REPLACEMENT CHARACTER}"


def _declaration(part: str) -> tuple[str, str, bool] | None:
    name, colon, value = part.partition(":")
    name = unescape(name).strip().lower()
    if not colon or name not in _KNOWN:
        return None
    value = " ".join(unescape(value).lower().split())
    important = _IMPORTANT.search(value)
    return name, value[: important.start()].strip() if important else value, important is not None


def pixels(value: str | None) -> float | None:
    """The first length, roughly; None where there is none."""
    match = _LENGTH.match(value or "")
    return float(match[1]) * _PIXELS.get(match[2], 16.0) if match else None


def is_out_of_sight(style: Style) -> bool:
    """With all that is within it, whatever that declares."""
    return bool(style) and any(hides(style) for hides in _HIDING)


def _is_faint(style: Style) -> bool:
    value = style.get("opacity", "").removeprefix("calc(").removesuffix(")").replace("%", "e-2")
    try:
        return float(value) < 0.1
    except ValueError:
        return "opacity(0)" in style.get("filter", "") or "opacity(0%)" in style.get("filter", "")


def _is_clipped(style: Style) -> bool:
    if _CLIPPED_AWAY.search(style.get("clip-path", "")):
        return True
    edges = [float(number) for number, _ in _LENGTH.findall(style.get("clip", "").removeprefix("rect("))]
    return len(edges) == 4 and edges[2] - edges[0] <= _TINY and edges[1] - edges[3] <= _TINY


_SIZES: Final = (
    "height", "max-height", "width", "max-width", "block-size", "max-block-size", "inline-size", "max-inline-size",
    "line-height",
)  # fmt: skip


def _is_without_room(style: Style) -> bool:
    overflow = f"{style.get('overflow', '')} {style.get('overflow-x', '')} {style.get('overflow-y', '')}"
    if "hidden" not in overflow and "clip" not in overflow:
        return False
    sizes = (pixels(style.get(name)) for name in _SIZES)
    return any(size is not None and size <= _TINY for size in sizes)


def _is_far_away(style: Style) -> bool:
    places = ["text-indent", "margin-left", "margin-top"]
    if style.get("position") in ("absolute", "fixed", "relative", "sticky"):
        places += ["left", "right", "top", "bottom", "inset"]
    moved = _MOVED.search(style.get("transform", ""))
    offsets = [style.get(place) for place in places]
    offsets += [
        *style.get("translate", "").split(),
        *style.get("margin", "").split(),
        *(moved.groups() if moved else ()),
    ]
    return any((pixels(offset) or 0.0) <= _FAR for offset in offsets)


_DECORATIONS: Final = tuple(f"{maker}text-decoration{part}" for maker in ("", "-webkit-") for part in ("", "-line"))

_HIDING: Final[tuple[Callable[[Style], bool], ...]] = (
    lambda style: style.get("display") == "none",
    lambda style: style.get("content-visibility") == "hidden",
    lambda style: any("line-through" in style.get(name, "") for name in _DECORATIONS),
    lambda style: "override" in style.get("unicode-bidi", ""),  # as `bdo`, see `unseen`
    lambda style: bool(_SHRUNK.search(style.get("transform", ""))) or "0" in (style.get("scale"), style.get("zoom")),
    lambda style: bool(_TURNED.search(style.get("transform", "")) or _TURNED.search(style.get("rotate", ""))),
    _is_faint,
    _is_clipped,
    _is_without_room,
    _is_far_away,
)
