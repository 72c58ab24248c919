"""What a receiver keeps, and what it forgets."""

from __future__ import annotations

import asyncio

from services.demo.shelf import Shelf


async def test_only_the_newest_things_are_kept_and_their_numbers_stay() -> None:
    shelf: Shelf[str] = Shelf(keep=2)
    for _ in range(3):
        await shelf.put(lambda number: f"thing {number}")
    assert shelf.things == ["thing 2", "thing 3"]
    assert shelf.total == 3
    assert [shelf.find(number) for number in (0, 1, 2, 3, 4)] == [None, None, "thing 2", "thing 3", None]


async def test_who_waits_is_told_as_soon_as_enough_has_come() -> None:
    shelf: Shelf[int] = Shelf()
    waiting = asyncio.create_task(shelf.reached(2))
    await shelf.put(lambda number: number)
    assert not waiting.done()
    await shelf.put(lambda number: number)
    await asyncio.wait_for(waiting, timeout=10)


async def test_who_comes_late_does_not_wait() -> None:
    shelf: Shelf[int] = Shelf(keep=1)
    await shelf.put(lambda number: number)
    await asyncio.wait_for(shelf.reached(1), timeout=10)
