"""Who may want events that came in one step: asked once for all of them that ask for the same topics at one moment.

What is asked leaves only after everybody who shares the answer has asked, so each learns what stood in the store after
its event had been read, as if it had asked alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from services.subscribers.vault import Vault

_Question = tuple[tuple[str, ...], tuple[str, ...], int]


class AskedTogether:
    """Of one channel."""

    def __init__(self, vault: Vault, channel: str) -> None:
        self._vault = vault
        self._channel = channel
        self._about_to_ask: dict[_Question, asyncio.Task[list[int] | None]] = {}

    async def few(self, first: Sequence[str], topics: Sequence[str], most: int) -> list[int] | None:
        """See `Vault.few_asking`."""
        question = tuple(first), tuple(topics), most
        asking = self._about_to_ask.get(question)
        if asking is None:
            asking = self._about_to_ask[question] = asyncio.create_task(self._ask(question))
        found = await asyncio.shield(asking)
        return None if found is None else list(found)

    async def _ask(self, question: _Question) -> list[int] | None:
        await asyncio.sleep(0)
        del self._about_to_ask[question]  # who comes from here on may have read a later event
        return await self._vault.few_asking(self._channel, *question)
