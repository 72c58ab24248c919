"""One question at a time to each host, and a pause between two, however many sources live there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from services.egress import Answer, read_retry_after
from services.ingest.sources.asking import Fetch
from services.ingest.sources.links import host_of

SPACING: Final = 1.0
"""Seconds between the end of one answer and the next question to the same host."""
_PATIENCE_ASKED: Final = frozenset({429, 503})


@dataclass(slots=True)
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = float("-inf")
    """By the given clock."""
    closed_until: float = float("-inf")
    closed_with: int = 429


class HostThrottle:
    """A `Fetch` that takes turns. `clock` gives monotonic seconds, `unix` Unix seconds.

    A host that asked for patience (429 or 503 with `Retry-After`) is not asked by the next source either: that source
    gets the same answer, with the time that is left.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        clock: Callable[[], float],
        unix: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        spacing: float = SPACING,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._unix = unix
        self._sleep = sleep
        self._spacing = spacing
        self._hosts: dict[str, _Host] = {}

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
        """Like `Egress.request`; waiting for a turn does not count towards the deadline."""
        host = self._hosts.setdefault(host_of(url).removeprefix("www."), _Host())
        async with host.turn:
            if (left := host.closed_until - self._clock()) > 0:
                return Answer(host.closed_with, {"retry-after": f"{left:.0f}"}, b"", url)
            if (pause := host.free_at - self._clock()) > 0:
                await self._sleep(pause)
            try:
                answer = await self._fetch.request(
                    method, url, headers=headers, content=content, deadline=deadline, max_bytes=max_bytes, body=body
                )
            finally:
                host.free_at = self._clock() + self._spacing
            self._heed(host, answer)
            return answer

    def _heed(self, host: _Host, answer: Answer) -> None:
        wait = read_retry_after(answer.headers.get("retry-after"), self._unix())
        if wait and answer.status in _PATIENCE_ASKED:
            host.closed_until, host.closed_with = self._clock() + wait, answer.status
