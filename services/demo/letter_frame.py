"""Shows a letter's HTML as a reader's mail program would, in light or dark, without letting it do anything."""

from __future__ import annotations

import re
from typing import Final, Literal

Scheme = Literal["system", "light", "dark"]

POLICY: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""Nothing runs and nothing is fetched: a letter of ours needs neither, and one that does looks broken here."""

_FEATURE: Final = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_DECLARED: Final = re.compile(
    r"""(name=["']?(?:color-scheme|supported-color-schemes)["']?\s+content=["'])[^"']*""", re.IGNORECASE
)
_PROPERTY: Final = re.compile(
    r"((?<![-\w])(?:color-scheme|supported-color-schemes)\s*:\s*)[a-z ]+(?=[;}\"'])", re.IGNORECASE
)


def in_scheme(html: str, scheme: Scheme) -> str:
    """The letter as it looks to a reader whose system is set to `scheme`, whatever this browser's is.

    No element tells a frame which scheme to prefer in every browser, so the questions a letter asks of the browser
    (Media Queries 5, section 12.5; CSS Color Adjustment 1, section 2) are answered beforehand.
    """
    if scheme == "system":
        return html
    html = _FEATURE.sub(lambda asked: "(min-width:0)" if asked[1].lower() == scheme else "(max-width:0)", html)
    html = _DECLARED.sub(lambda found: found[1] + scheme, html)
    return _PROPERTY.sub(lambda found: found[1] + scheme, html)
