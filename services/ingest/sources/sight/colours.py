"""Colours as CSS writes them, so far as one must know them to tell whether words can be seen on their ground."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

_ALIKE: Final = 24
"""Of 255 in each of red, green and blue: nobody reads grey #eee on white."""
_SEEN_FROM: Final = 0.1
"""The least opacity at which words can be read."""


class Colour(NamedTuple):
    """Red, green and blue from 0 to 255, and the opacity from 0 to 1."""

    red: float
    green: float
    blue: float
    opacity: float = 1.0

    @property
    def is_clear(self) -> bool:
        return self.opacity < _SEEN_FROM

    def is_like(self, other: Colour) -> bool:
        return all(abs(mine - theirs) <= _ALIKE for mine, theirs in zip(self[:3], other[:3], strict=True))


WHITE: Final = Colour(255, 255, 255)
_NAMED: Final[Mapping[str, Colour]] = {
    "transparent": Colour(0, 0, 0, 0.0),
    "white": WHITE,
    "snow": Colour(255, 250, 250),
    "ivory": Colour(255, 255, 240),
    "ghostwhite": Colour(248, 248, 255),
    "floralwhite": Colour(255, 250, 240),
    "whitesmoke": Colour(245, 245, 245),
    "black": Colour(0, 0, 0),
    "gray": Colour(128, 128, 128),
    "grey": Colour(128, 128, 128),
    "silver": Colour(192, 192, 192),
    "gainsboro": Colour(220, 220, 220),
    "lightgray": Colour(211, 211, 211),
    "lightgrey": Colour(211, 211, 211),
    "red": Colour(255, 0, 0),
    "maroon": Colour(128, 0, 0),
    "yellow": Colour(255, 255, 0),
    "green": Colour(0, 128, 0),
    "lime": Colour(0, 255, 0),
    "blue": Colour(0, 0, 255),
    "navy": Colour(0, 0, 128),
}
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]{1,80})\)")
_PART = re.compile(r"[+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:%|deg)?")


def read_colour(written: str) -> Colour | None:
    """None for what is no colour, or one that only the whole page could tell (`inherit`, `var(…)`)."""
    text = written.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    if match := _HEX.fullmatch(text):
        return _from_hex(match[1])
    if match := _FUNCTION.fullmatch(text):
        return _from_function(match[1], _PART.findall(match[2]))
    return None


def _from_hex(digits: str) -> Colour:
    whole = "".join(digit * 2 for digit in digits) if len(digits) < 6 else digits
    parts = [int(whole[at : at + 2], 16) for at in range(0, len(whole), 2)]
    return Colour(parts[0], parts[1], parts[2], parts[3] / 255 if len(parts) == 4 else 1.0)


def _from_function(name: str, parts: list[str]) -> Colour | None:
    if len(parts) not in (3, 4):
        return None
    opacity = _share(parts[3], 1.0) if len(parts) == 4 else 1.0
    if name == "rgb":
        red, green, blue = (_share(part, 255.0) * 255 for part in parts[:3])
        return Colour(red, green, blue, opacity)
    hue, saturation, lightness = float(parts[0].rstrip("deg%")), _share(parts[1], 100.0), _share(parts[2], 100.0)
    red, green, blue = colorsys.hls_to_rgb(hue / 360 % 1.0, lightness, saturation)
    return Colour(red * 255, green * 255, blue * 255, opacity)


def _share(part: str, whole: float) -> float:
    """From 0 to 1, of a percentage or of a number out of `whole`."""
    value = float(part[:-1]) / 100 if part.endswith("%") else float(part.rstrip("deg")) / whole
    return min(1.0, max(0.0, value))
