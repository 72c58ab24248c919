"""Links of readers to whom something went a moment ago, for events that come one upon another: a reader's stays the
same, and making it is a tenth of what a letter costs us."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from services.subscribers.address import Mode

_SECONDS: Final = 2.0
"""What leads to a reader lies open in memory no longer than that for this, as in `kept_readers`."""
_MOST: Final = 4096


class KeptLinks:
    """Bounded. `make`: a link of a subscriber's seed and mode."""

    def __init__(self, make: Callable[[str, Mode], str], seconds: float = _SECONDS) -> None:
        self._make, self._seconds = make, seconds
        self._kept: dict[tuple[str, Mode], str] = {}
        self._ends: asyncio.TimerHandle | None = None

    def url(self, seed: str, mode: Mode) -> str:
        link = self._kept.get((seed, mode))
        if link is None:
            link = self._make(seed, mode)
            self._keep(seed, mode, link)
        return link

    def _keep(self, seed: str, mode: Mode, link: str) -> None:
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[seed, mode] = link
        if self._ends is None:
            self._ends = asyncio.get_running_loop().call_later(self._seconds, self._forget)

    def _forget(self) -> None:
        """All at once: the next event makes them anew."""
        self._ends = None
        self._kept.clear()
