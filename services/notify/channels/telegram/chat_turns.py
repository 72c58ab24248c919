"""A message's turn at Telegram: waited for before anything is connected, taken when the connection stands.

A place taken too early is either wasted or used too late, next to somebody else's. So few stand in line at a time, with
their connections ready; each takes its place last of all, and takes another where it comes too late for its own.

What was answered late may have arrived late, and then the place a second after it comes later too: see `send_rate`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from services.notify.channels.base import Delivery
from services.notify.throttle.send_rate import Later, PlaceInLine, SendRateLimit

_IN_LINE: Final = 10
"""Connections that wait for their place at a time: they reach a third of a second ahead. Of what left a second before a
place most is answered when that place is taken, with two notifiers as well."""

_ASK_BEFORE: Final = 0.012
"""Seconds before a place comes in which it is asked once more whether nobody may write: asked when it has come, the
answer's time would be lost to this place and to each one that follows it by a second."""

_LATE: Final = 0.08
"""Seconds after its time when a place is no longer ours."""

_LOOK_AGAIN: Final = 1.0

_ASKED_LONG: Final = 0.002
"""Seconds: a place was counted at some moment between question and answer, and this is how closely we need it."""

_TO_SPARE: Final = 0.1
"""Seconds: a place that comes just before the time is up may be missed, and would be nobody's."""

_WAYS: Final = 50
"""Answers from which the quickest way there and back is known."""


class Turn:
    """One message's. `leave` lets the next one stand in line, once; it is left as soon as the message leaves."""

    def __init__(self, line: asyncio.Semaphore) -> None:
        self._line = line
        self._inside = True
        self.place: PlaceInLine | None = None
        self.due = self.left = 0.0
        """When its place came, and when it left, by our clock."""

    def leave(self) -> None:
        if self._inside:
            self._inside = False
            self._line.release()


class _Way:
    """The quickest way there and back of late: what took longer may have been late on arrival."""

    def __init__(self) -> None:
        self._quickest, self._now, self._count = 0.0, float("inf"), 0

    def later_than_usual(self, seconds: float) -> float:
        self._now, self._count = min(self._now, seconds), self._count + 1
        if self._count >= _WAYS:
            self._quickest, self._now, self._count = self._now, float("inf"), 0
        return max(0.0, seconds - self._quickest)


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
        self._way = _Way()
        self._hinted = float("-inf")
        """For when the last one that found no place was told to come again."""

    @asynccontextmanager
    async def turn(self, delivery: Delivery, patience: float) -> AsyncIterator[Turn]:
        """Waits until the chat is free, and for a place in line. Raises Later."""
        wait = await self.rate_limit.wait_for(delivery.number, group=_is_group(delivery))
        if wait > patience:
            raise self._again_after(wait) if await self.rate_limit.held_for() >= wait - _LOOK_AGAIN else Later(wait)
        if wait > 0:
            await self._sleep(wait)
        try:
            async with asyncio.timeout(patience - wait):
                await self._line.acquire()
        except TimeoutError:
            raise self._again_after(_LOOK_AGAIN) from None
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
                await self._take_place(turn, delivery, until)
        except TimeoutError:
            raise self._again_after(_LOOK_AGAIN) from None
        turn.leave()

    async def answered(self, turn: Turn) -> None:
        """To be awaited when the message is answered."""
        if turn.place is not None:
            way = self._way.later_than_usual(self._clock() - turn.left)
            late = turn.left - turn.due + way
            if late > 0:
                await self.rate_limit.was_late(turn.place, late)

    def _again_after(self, seconds: float) -> Later:
        """Who is sent away comes again when there may be a place, one after the other and not all at once."""
        now = self._clock()
        self._hinted = max(now + seconds, self._hinted + self.rate_limit.rates.spacing)
        return Later(self._hinted - now)

    async def _take_place(self, turn: Turn, delivery: Delivery, until: float) -> None:
        while True:
            asked = self._clock()
            patience = max(0.0, until - asked - _TO_SPARE)
            place = await self.rate_limit.take(delivery.number, group=_is_group(delivery), patience=patience)
            due = self._clock() + place
            turn.place, turn.due = place, min(due, asked + place + _ASKED_LONG)
            if place > _ASK_BEFORE:
                await self._sleep(place - _ASK_BEFORE)
            if (silence := await self.rate_limit.held_for()) > 0:  # asked for while this one waited for its place
                raise self._again_after(silence)
            while (early := due - self._clock()) > 0:  # some timers are, by a millisecond
                await self._sleep(early)
            turn.left = self._clock()
            if turn.left - due <= _LATE:
                delivery.leave()  # nothing is awaited from here on, so it stands, and what failed before has not left
                return
            await self._sleep(await self.rate_limit.wait_for(delivery.number, group=_is_group(delivery)))


def _is_group(delivery: Delivery) -> bool:
    """Groups have numbers below zero; a channel's name is treated like one."""
    return not delivery.address.target[0].isdigit()
