"""What every view of the local page stands in: one HTML file, its style and its few lines of script, all inline."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from starlette.responses import Response

from services.demo.html_tags import Html


def shell(title: str, body: Html, *, watch: str = "", status: int = 200) -> Response:
    """With `watch`, the page loads itself anew once `/state` says something else."""
    text = Template(_part("page.html")).substitute(
        title=escape(title), style=_part("page.css"), script=_part("page.js"), body=body, state=escape(watch)
    )
    # "replace": what was sent here may hold half a surrogate pair, which no page can.
    return Response(text.encode("utf-8", "replace"), status, _headers(), "text/html; charset=utf-8")


@cache
def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


@cache
def _headers() -> dict[str, str]:
    policy = (
        "default-src 'none'",
        f"style-src '{_hash('page.css')}'",
        f"script-src '{_hash('page.js')}'",
        "img-src data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def _hash(name: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(_part(name).encode()).digest()).decode()
