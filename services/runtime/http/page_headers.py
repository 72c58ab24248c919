"""What goes with every page of ours: nothing is loaded, run or told to anybody, whatever a page may come to contain."""

from __future__ import annotations

NOT_KEPT = {"cache-control": "no-store"}


def page_headers(style_hash: str) -> dict[str, str]:
    """`style_hash`: of the one style that stands in the page; it has no other, and no script, picture or frame."""
    return {
        "content-security-policy": (
            f"default-src 'none'; style-src '{style_hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "x-robots-tag": "noindex",
        **NOT_KEPT,
    }
