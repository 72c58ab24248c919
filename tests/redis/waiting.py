"""Waiting for what another task or process is about to do."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable


async def eventually(condition: Callable[[], object | Awaitable[object]], within: float = 60.0) -> None:
    """Returns when the condition holds; fails the test if it does not within so many seconds."""
    try:
        async with asyncio.timeout(within):
            while not await _holds(condition):
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(
            f"did not come true within {within:.0f} s: {inspect.getsource(condition).strip()}"
        ) from None


async def _holds(condition: Callable[[], object | Awaitable[object]]) -> bool:
    found = condition()
    return bool(await found if inspect.isawaitable(found) else found)
