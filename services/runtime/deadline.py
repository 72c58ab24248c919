"""A deadline for the handling of one entry: what takes longer failed, and comes again until it counts as poison."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from services.runtime.streams import Entry


class TookTooLong(Exception):
    """The text says how long it might have taken."""


def within(seconds: float, handle: Callable[[Entry], Awaitable[None]]) -> Callable[[Entry], Awaitable[None]]:
    """`handle`, which raises TookTooLong after so many seconds. The reclaimer then brings the entry back, and buries it
    after some such deliveries; an outage in between is not counted, since nobody can claim during one."""

    async def handled(entry: Entry) -> None:
        try:
            async with asyncio.timeout(seconds) as limit:
                await handle(entry)
        except TimeoutError:
            if limit.expired():
                raise TookTooLong(f"it took longer than {seconds:g} s") from None
            raise

    return handled
