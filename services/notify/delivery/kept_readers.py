"""Readers that were read a moment ago, for events that come one upon another: used only while nothing of them changed.

What `ChangesHeard` promises of a record that was read at a time holds for two seconds as it does for two hundredths:
who changes a subscriber tells every notifier, and waits until each has heard. So whoever is found here is as good as
read anew, and is asked about again right before the message leaves, by when it was read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from services.subscribers.change_notices import ChangesHeard
from services.subscribers.record_seal import UnreadableRecord
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import Vault

_SECONDS: Final = 2.0
"""Addresses lie open in memory no longer than that for this."""
_MOST: Final = 4096


class KeptReaders:
    """Bounded; of one channel's sending."""

    def __init__(self, vault: Vault, changes: ChangesHeard) -> None:
        self._vault = vault
        self._changes = changes
        self._kept: dict[int, tuple[float, Subscriber]] = {}
        self._ends: asyncio.TimerHandle | None = None

    async def some(self, numbers: Sequence[int]) -> tuple[float, Mapping[int, Subscriber | UnreadableRecord]]:
        """Since when all of it stands, by `changes`; and as `Vault.some`. Raises RedisError."""
        now = self._changes.now()
        since, found = now, dict[int, Subscriber | UnreadableRecord]()
        lacking = list[int]()
        for number in numbers:
            read_at, reader = self._kept.get(number, (now, None))
            if reader is not None and now - read_at < _SECONDS and self._changes.still_stands(number, read_at):
                found[number] = reader
                since = min(since, read_at)
            else:
                lacking.append(number)
        if lacking:
            read = await self._vault.some(lacking)
            found |= read
            self._keep(read, now)
        return since, found

    def _keep(self, read: Mapping[int, Subscriber | UnreadableRecord], now: float) -> None:
        if len(self._kept) + len(read) > _MOST:
            self._kept.clear()
        if len(read) <= _MOST:
            self._kept |= {number: (now, one) for number, one in read.items() if isinstance(one, Subscriber)}
        if self._ends is None:
            self._ends = asyncio.get_running_loop().call_later(_SECONDS, self._forget)

    def _forget(self) -> None:
        """What is too old; again as long as there is any."""
        self._ends, now = None, self._changes.now()
        self._kept = {number: kept for number, kept in self._kept.items() if now - kept[0] < _SECONDS}
        if self._kept:
            self._ends = asyncio.get_running_loop().call_later(_SECONDS, self._forget)
