"""Keeps the newest things that arrived, so that a receiver left running for weeks cannot grow for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Generic, TypeVar

Thing = TypeVar("Thing")

KEPT = 1000
"""How many things a receiver keeps unless told otherwise."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class BoundedList(Generic[Thing]):
    """Things are numbered from 1 in the order they came; a number stays the same when older things are dropped."""

    def __init__(self, keep: int = KEPT) -> None:
        self.things: list[Thing] = []
        self.total = 0
        self.changes = 0
        """How often one was changed after it came."""
        self._keep = keep
        self._arrived = asyncio.Condition()

    async def put(self, make: Callable[[int], Thing]) -> Thing:
        """`make` is given the number of the thing it makes."""
        self.total += 1
        thing = make(self.total)
        self.things.append(thing)
        del self.things[: -self._keep]
        async with self._arrived:
            self._arrived.notify_all()
        return thing

    def find(self, number: int) -> Thing | None:
        """None when the thing never came or was dropped."""
        index = number - 1 - (self.total - len(self.things))
        return self.things[index] if 0 <= index < len(self.things) else None

    def change(self, number: int, thing: Thing) -> None:
        """Another in the place of one that is still there."""
        index = number - 1 - (self.total - len(self.things))
        if 0 <= index < len(self.things):
            self.things[index] = thing
            self.changes += 1

    async def reached(self, count: int) -> None:
        """Returns once `count` things have come in all. Put `asyncio.timeout` round it."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: self.total >= count)
