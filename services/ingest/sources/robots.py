"""A way out that keeps to each host's robots.txt, which it reads once a day by the way out that it stands before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlsplit

from services.egress import Answer, EgressError, read_retry_after
from services.ingest.sources.asking import USER_AGENT, Fetch
from services.ingest.sources.base import SourceTrouble
from services.ingest.sources.links import host_of, web_link
from services.ingest.sources.robots_file import RobotsFile, read_robots

_KEPT_FOR: Final = 86_400.0
"""Seconds (RFC 9309, section 2.4: not longer than a day)."""
_ASKED_AGAIN: Final = 300.0
"""Seconds after a robots.txt that was answered with trouble."""
_PATIENCE: Final = 86_400.0
"""Seconds for which a host is left alone since its robots.txt cannot be had; afterwards it counts as having none."""
_MOST_BYTES: Final = 2_000_000
_DEADLINE: Final = 15.0
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final = {"user-agent": USER_AGENT, "accept": "text/plain", "accept-encoding": "gzip"}
_FORBIDS_NOTHING: Final = RobotsFile()


@dataclass(slots=True)
class _Site:
    """What is known of one scheme, host and port. Moments by the given clock."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: RobotsFile | None = None
    """None: not known, so that nothing may be asked for."""
    fresh_until: float = float("-inf")
    missing_since: float | None = None
    retry_after: float | None = None


class PoliteFetch:
    """A `Fetch` that asks for nothing that a site's robots.txt forbids. `clock` gives monotonic seconds.

    What it may not ask for is SourceTrouble `robots`. A host whose robots.txt is answered with trouble is left alone
    for a day at most (RFC 9309, section 2.3.1.4), as `robots_unreadable`, unless its rules are known from before.
    """

    def __init__(self, fetch: Fetch, *, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._sites: dict[str, _Site] = {}

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        deadline: float,
        max_bytes: int,
        body: Literal["whole", "glance"] = "whole",
    ) -> Answer:
        """Like `Egress.request`. Raises SourceTrouble where the site forbids it."""
        await self._check(url)
        return await self._fetch.request(
            method, url, headers=headers, content=content, deadline=deadline, max_bytes=max_bytes, body=body
        )

    async def _check(self, url: str) -> None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        site = self._sites.setdefault(origin, _Site())
        async with site.turn:
            if self._clock() >= site.fresh_until:
                await self._renew(site, f"{origin}/robots.txt")
        if site.rules is None:
            raise SourceTrouble(
                "robots_unreadable",
                f"{host_of(url)} does not give its robots.txt; it is asked for that again, and for nothing else",
                site.retry_after,
            )
        if not site.rules.allows(url):
            raise SourceTrouble(
                "robots", f"the robots.txt of {host_of(url)} forbids this address; watch the same news elsewhere"
            )

    async def _renew(self, site: _Site, url: str) -> None:
        """Raises EgressError for a host that cannot be reached and was never known; it is asked anew next time."""
        now = self._clock()
        try:
            answer = await self._ask(url)
        except EgressError:
            self._miss(site, now)
            if site.rules is None:
                raise
            return
        if answer.status < 500 and answer.status != 429:
            is_there = 200 <= answer.status < 300
            site.rules = read_robots(answer.body.decode("utf-8", "replace")) if is_there else _FORBIDS_NOTHING
            site.fresh_until, site.missing_since = now + _KEPT_FOR, None
            return
        self._miss(site, now)
        site.retry_after = read_retry_after(answer.headers.get("retry-after"), float("inf"))
        site.fresh_until = now + _ASKED_AGAIN

    def _miss(self, site: _Site, now: float) -> None:
        site.missing_since = now if site.missing_since is None else site.missing_since
        if now - site.missing_since >= _PATIENCE:
            site.rules = site.rules or _FORBIDS_NOTHING

    async def _ask(self, url: str) -> Answer:
        """Follows redirects, to other hosts too (section 2.3.1.2); too many of them are as good as no file."""
        for _ in range(_MOST_REDIRECTS + 1):
            answer = await self._fetch.request("GET", url, headers=_HEADERS, deadline=_DEADLINE, max_bytes=_MOST_BYTES)
            target = web_link(url, answer.headers.get("location", ""))
            if answer.status not in _REDIRECTS or target is None:
                return answer
            url = target
        return Answer(404, {}, b"", url)
