"""Places to send from: taken as many as are free, in turn, and gathered by whoever had to wait."""

from __future__ import annotations

import asyncio

from services.notify.delivery.in_flight import InFlight


async def test_as_many_places_are_taken_as_are_free() -> None:
    places = InFlight(limit=5)
    assert await places.acquire(3) == 3
    assert await places.acquire(3) == 2


async def test_who_finds_no_place_for_a_while_goes_without() -> None:
    places = InFlight(limit=1)
    assert await places.acquire(1) == 1
    assert await places.acquire_soon(1, 0.01) == 0
    places.release()
    assert await places.acquire_soon(1, 0.01) == 1


async def test_places_that_come_free_one_by_one_are_gathered() -> None:
    places = InFlight(limit=8)
    assert await places.acquire(8) == 8
    waits = asyncio.create_task(places.acquire(8))
    for _ in range(8):
        await asyncio.sleep(0)
        places.release()
    assert await waits == 8


async def test_whoever_came_first_is_served_first() -> None:
    places, served = InFlight(limit=1), list[str]()

    async def take(name: str) -> None:
        await places.acquire(1)
        served.append(name)
        places.release()

    await places.acquire(1)
    tasks = [asyncio.create_task(take(name)) for name in ("first", "second", "third")]
    await asyncio.sleep(0)
    places.release()
    await asyncio.gather(*tasks)
    assert served == ["first", "second", "third"]


async def test_who_gives_up_waiting_takes_no_place_along() -> None:
    places = InFlight(limit=2)
    await places.acquire(2)
    waits = asyncio.create_task(places.acquire(2))
    await asyncio.sleep(0)
    places.release()
    await asyncio.sleep(0)  # it gathers by now
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)
    assert await places.acquire_soon(2, 1.0) == 1
