"""What a service remembers for speed is forgotten twice a minute, so that nothing of somebody who is gone stays."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from services.forgettable import forget

FORGET_EVERY: Final = 30.0
"""Seconds: half of the minute within which nothing is left of whoever is erased."""


async def forget_forever(
    *others: Callable[[], None], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """`others`: what forgets what the service remembers besides."""
    while True:
        await sleep(FORGET_EVERY)
        for one in (forget, *others):
            one()
