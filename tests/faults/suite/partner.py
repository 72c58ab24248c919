"""A careful partner: hands each report in again until it is accepted."""

from __future__ import annotations

import asyncio
import time

from tests.faults.suite.house import House
from tests.faults.suite.news import DISTINCT


async def hand_in(house: House, count: int, patience: float = 120.0) -> list[int]:
    """So many reports, each of which is then due; the statuses that were met, 0 where nobody answered."""
    assert count <= DISTINCT, "more reports than there are happenings in our samples"
    met: list[int] = []
    for _ in range(count):
        number, end = house.number(), time.time() + patience
        house.expect(number)
        while time.time() < end:
            answer = await house.report(number)
            met.append(0 if answer is None else answer.status_code)
            if met[-1] == 202:
                break
            await asyncio.sleep(0.4)
    return met
