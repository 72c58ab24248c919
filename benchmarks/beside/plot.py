"""Pictures as SVG, drawn by hand: a bar for each median, and a line from the least to the most."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

_WIDTH, _LEFT, _BAR, _TOP = 640, 120, 26, 40
_RIGHT: Final = 90
_OURS: Final = ("vestka", "two")


def bars(title: str, spread: Mapping[str, Sequence[float]]) -> str:
    """Reads on light and on dark, without a font or a colour of anybody else's."""
    most = max((max(values) for values in spread.values()), default=1.0) or 1.0
    height = _TOP + _BAR * len(spread) + 10
    scale = (_WIDTH - _LEFT - _RIGHT) / most
    rows = [_row(place, who, values, scale) for place, (who, values) in enumerate(spread.items())]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
            f'font-family="sans-serif" font-size="13">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="12" y="24" font-size="15" fill="#1a1a1a">{escape(title)}</text>',
            *rows,
            "</svg>\n",
        ]
    )


def _row(place: int, who: str, values: Sequence[float], scale: float) -> str:
    top = _TOP + place * _BAR
    middle, least, most = statistics.median(values), min(values), max(values)
    colour = "#1d5fa8" if who in _OURS else "#9aa5b1"
    across = top + (_BAR - 6) / 2
    told = f"{middle:,.0f}" if middle >= 100 else f"{middle:.3g}"
    return (
        f'<text x="{_LEFT - 8}" y="{top + 15}" text-anchor="end" fill="#1a1a1a">{escape(who)}</text>'
        f'<rect x="{_LEFT}" y="{top}" width="{middle * scale:.1f}" height="{_BAR - 6}" fill="{colour}"/>'
        f'<line x1="{_LEFT + least * scale:.1f}" x2="{_LEFT + most * scale:.1f}" y1="{across}" y2="{across}" '
        f'stroke="#1a1a1a" stroke-width="1.5"/>'
        f'<text x="{_LEFT + most * scale + 8:.1f}" y="{top + 15}" fill="#1a1a1a">{told}</text>'
    )
