"""A message's turn at Telegram: waited for before anything is connected, taken when the connection stands.

A place taken too early is either wasted or used too late, next to somebody else's. So few stand in line at a time, with
their connections ready; each takes its place last of all, and takes another where it comes too late for its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from services.notify.channels.base import Delivery
from services.notify.throttle.send_rate import Later, SendRateLimit

_IN_LINE: Final = 24
"""Connections that wait for their place at a time: no more are of use within a second."""

_LATE: Final = 0.08
"""Seconds after its time when a place is no longer ours."""

_LOOK_AGAIN: Final = 1.0


class Turn:
    """One message's. `leave` lets the next one stand in line, once; it is left as soon as the message leaves."""

    def __init__(self, line: asyncio.Semaphore) -> None:
        self._line = line
        self._inside = True

    def leave(self) -> None:
        if self._inside:
            self._inside = False
            self._line.release()


class Turns:
    """`clock` counts seconds and never goes back; `sleep` waits for it."""

    def __init__(
        self,
        rate_limit: SendRateLimit,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        in_line: int = _IN_LINE,
    ) -> None:
        self.rate_limit = rate_limit
        self._clock, self._sleep = clock, sleep
        self._line = asyncio.Semaphore(in_line)

    @asynccontextmanager
    async def turn(self, delivery: Delivery, patience: float) -> AsyncIterator[Turn]:
        """Waits until the chat is free, and for a place in line. Raises Later."""
        wait = await self.rate_limit.wait_for(delivery.number, group=_is_group(delivery))
        if wait > patience:
            raise Later(wait)
        if wait > 0:
            await self._sleep(wait)
        try:
            async with asyncio.timeout(patience - wait):
                await self._line.acquire()
        except TimeoutError:
            raise Later(_LOOK_AGAIN) from None
        turn = Turn(self._line)
        try:
            yield turn
        finally:
            turn.leave()

    async def reached(self, turn: Turn, delivery: Delivery, until: float) -> None:
        """To be awaited right before the message leaves; `until`, by our clock, it must have: what leaves later has no
        time left to be answered, and would go out a second time. Raises Later, and NoLongerWanted."""
        try:
            async with asyncio.timeout(until - self._clock()):
                await self._take_place(delivery, until)
        except TimeoutError:
            raise Later(_LOOK_AGAIN) from None
        turn.leave()

    async def _take_place(self, delivery: Delivery, until: float) -> None:
        while True:
            asked = self._clock()
            wait = await self.rate_limit.take(delivery.number, group=_is_group(delivery), patience=until - asked)
            due = self._clock() + wait
            if wait > 0:
                await self._sleep(wait)
            delivery.leave()
            if (silence := await self.rate_limit.held_for()) > 0:  # asked for while this one waited for its place
                raise Later(silence)
            if self._clock() - due <= _LATE:
                return
            await self._sleep(await self.rate_limit.wait_for(delivery.number, group=_is_group(delivery)))


def _is_group(delivery: Delivery) -> bool:
    """Groups have numbers below zero; a channel's name is treated like one."""
    return not delivery.address.target[0].isdigit()
