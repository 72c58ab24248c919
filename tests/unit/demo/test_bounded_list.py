"""What a receiver keeps, and what it forgets."""

from __future__ import annotations

import asyncio

from services.demo.bounded_list import BoundedList


async def test_only_the_newest_things_are_kept_and_their_numbers_stay() -> None:
    kept: BoundedList[str] = BoundedList(keep=2)
    for _ in range(3):
        await kept.put(lambda number: f"thing {number}")
    assert kept.things == ["thing 2", "thing 3"]
    assert kept.total == 3
    assert [kept.find(number) for number in (0, 1, 2, 3, 4)] == [None, None, "thing 2", "thing 3", None]


async def test_who_waits_is_told_as_soon_as_enough_has_come() -> None:
    kept: BoundedList[int] = BoundedList()
    waiting = asyncio.create_task(kept.reached(2))
    await kept.put(lambda number: number)
    assert not waiting.done()
    await kept.put(lambda number: number)
    await asyncio.wait_for(waiting, timeout=10)


async def test_who_comes_late_does_not_wait() -> None:
    kept: BoundedList[int] = BoundedList(keep=1)
    await kept.put(lambda number: number)
    await asyncio.wait_for(kept.reached(1), timeout=10)
