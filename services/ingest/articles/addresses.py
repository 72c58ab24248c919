"""Addresses of articles made comparable: two ways of writing one address become one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

_LONGEST: Final = 2048
"""Characters; browsers and mail programs cut longer ones."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9._-]+")
_TRACKING = re.compile(r"utm_.*|fbclid|gclid|yclid|dclid|msclkid|mc_cid|mc_eid|igshid|_openstat", re.IGNORECASE)
_LEGAL: Final = "/%:@!$&'()*+,;=~-._?"
"""What may stand unescaped in a path or a query (RFC 3986, section 3.3), and "%" since it may be escaped already."""

_KEYS: Final = (
    ("pravo.by", re.compile(r"[?&]p0=([A-Za-z]\d{5,12})(?:&|$)"), "p0={0}"),
    (
        "president.gov.by",
        re.compile(r"^/(ru|be|en)/documents/(ukaz|rasporyazhenie)-no-(\d+)-ot-\d+-[a-z]+-(\d{4})-g", re.IGNORECASE),
        "{0} {1} {2}/{3}",
    ),
)
"""Host, pattern of path and query, key. A document's number and year name it; how its month is spelt in Latin letters
changed over the years."""
_NO_OTHER_PAGE = re.compile(r"(?:/amp)?/*$")
"""The same article for phones, and the same address with a slash at its end."""
_LATIN_COPY = re.compile(r"^https?://[^/?#]+/be[_-]latn/", re.IGNORECASE)


def canonical_url(url: str | None, mirrors: Mapping[str, str] | None = None) -> str | None:
    """None for what is no address of the web.

    The host in lower case, without trailing dot, default port or user name, and that of the original for a mirror
    (`mirrors`: host by host); no fragment, no tracking parameters; what is not ASCII is escaped.
    """
    if not url or len(url) > _LONGEST:
        return None
    try:
        return _canonical(urlsplit(url.strip()), mirrors or {})
    except ValueError:  # UnicodeError among them
        return None


def page_key(url: str) -> str:
    """What tells a page from others, however a site writes its address. `url` is canonical.

    It is for comparing only: readers get the address.
    """
    parts = urlsplit(url)
    for host, pattern, key in _KEYS:
        found = pattern.search(f"{parts.path}?{parts.query}") if parts.hostname == host else None
        if found:
            return f"{host} {key.format(*(group.casefold() for group in found.groups()))}"
    path = _NO_OTHER_PAGE.sub("", parts.path)
    return f"{parts.netloc}{path}?{parts.query}" if parts.query else f"{parts.netloc}{path}"


def is_copy(url: str | None) -> bool:
    """A page that shows an article of the same site in another script: Nasha Niva's Belarusian in Latin letters."""
    return bool(url and _LATIN_COPY.search(url))


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
    if not _HOST.fullmatch(ascii_host):
        raise ValueError(ascii_host)
    return mirrors.get(ascii_host, ascii_host)


def _query(query: str) -> str:
    kept = [part for part in query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    return quote("&".join(kept), safe=_LEGAL)
