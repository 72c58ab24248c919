"""So many at a time for each address; the others wait, first come, first served."""

from __future__ import annotations

import asyncio
from collections import deque


class AddressTurns:
    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: dict[str, int] = {}
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    def take(self, address: str) -> bool:
        """False where there is none left: `wait` for one. What was taken has to be given back."""
        taken = self._taken.get(address, 0)
        if taken >= self._most:
            return False
        self._taken[address] = taken + 1
        return True

    async def wait(self, address: str) -> None:
        """Until one was taken."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if (
                turn.done() and not turn.cancelled()
            ):  # handed over at the very moment at which nobody wanted it any more
                self.give_back(address)
            raise

    def give_back(self, address: str) -> None:
        if (waiting := self._waiting.get(address)) is not None and self._hand_over(address, waiting):
            return
        taken = self._taken[address] - 1
        if taken:
            self._taken[address] = taken
        else:
            del self._taken[address]

    def _hand_over(self, address: str, waiting: deque[asyncio.Future[None]]) -> bool:
        while waiting:
            turn = waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return True
        del self._waiting[address]
        return False
