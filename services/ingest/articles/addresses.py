"""Addresses of articles made comparable: two ways of writing one address become one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_TRACKING = re.compile(r"utm_.*|fbclid|gclid|yclid|dclid|msclkid|mc_cid|mc_eid|igshid|_openstat", re.IGNORECASE)
_LEGAL: Final = "/%:@!$&'()*+,;=~-._?"
"""What may stand unescaped in a path or a query (RFC 3986, section 3.3), and "%" since it may be escaped already."""


def canonical_url(url: str | None, mirrors: Mapping[str, str] | None = None) -> str | None:
    """None for what is no address of the web.

    The host in lower case, without trailing dot, default port or user name, and that of the original for a mirror
    (`mirrors`: host by host); no fragment, no tracking parameters; what is not ASCII is escaped.
    """
    try:
        return _canonical(urlsplit((url or "").strip()), mirrors or {})
    except ValueError:  # UnicodeError among them
        return None


def _canonical(parts: SplitResult, mirrors: Mapping[str, str]) -> str | None:
    host, port = _host(parts, mirrors), parts.port
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    place = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    return urlunsplit((parts.scheme, place, quote(parts.path, safe=_LEGAL) or "/", _query(parts.query), ""))


def _host(parts: SplitResult, mirrors: Mapping[str, str]) -> str:
    host = (parts.hostname or "").removesuffix(".")
    if ":" in host:
        return f"[{host}]"
    ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    return mirrors.get(ascii_host, ascii_host)


def _query(query: str) -> str:
    kept = [part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    return quote("&".join(kept), safe=_LEGAL)
