"""The addresses that pages and feeds write: made absolute, and their hosts made comparable."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


def web_link(base: str, written: str) -> str | None:
    """The absolute address of a link, or None for what leads to no page (`javascript:`, `tag:`, `mailto:`)."""
    try:
        link = urljoin(base, written.strip())
        parts = urlsplit(link)
    except ValueError:
        return None
    return link if parts.scheme in ("http", "https") and parts.hostname else None


def host_of(url: str) -> str:
    """The exact host as it is compared: lower case, without the trailing dot of a fully qualified name."""
    try:
        return (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        return ""
