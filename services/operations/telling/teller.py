"""Tells one way of what happened: in order, once each, until it is accepted, and not too often.

Of all processes of both services one tells a way, the one with its lease. Whoever fails gives the lease back, so that
another may try, which perhaps can (it may hold a password that we lack). What was accepted is noted in Redis, so a
restart neither forgets nor repeats; a crash between the two repeats one message, with the same id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from redis.exceptions import RedisError

from services.operations.alarms import Alarms
from services.operations.notices import Notice, Notices
from services.operations.telling.ways import NotTaken, Way
from services.runtime.lease import Lease

log = structlog.get_logger(__name__)

NOT_TOLD: Final = "operators_not_told"
_SAYS: Final = (
    "messages about alarms are not taken by this way ({why}): look at VESTKA_OPERATORS__… in infra/settings.env. They "
    "are tried again until they are"
)
_LOOK_EVERY: Final = 2.0  # seconds
_MOST_AT_ONCE: Final = 30
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 30.0  # seconds
_AN_ALARM_FROM: Final = 3
"""Failures in a row."""


class Teller:
    """`clock` counts seconds and never goes back. `at_most_every`: seconds between two messages."""

    def __init__(
        self,
        way: Way,
        notices: Notices,
        alarms: Alarms,
        lease: Lease,
        at_most_every: float,
        clock: Callable[[], float],
    ) -> None:
        self._way = way
        self._notices = notices
        self._alarms = alarms
        self._lease = lease
        self._every = at_most_every
        self._clock = clock
        self._not_before = float("-inf")
        self._failures = 0
        self._in_hand: list[Notice] = []

    async def tell_forever(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except RedisError as error:
                log.warning("operators_not_told_yet", way=self._way.name, error=type(error).__name__)
            await asyncio.sleep(_LOOK_EVERY)

    async def look(self) -> None:
        """Tells what there is to tell, where it is our turn and time for it. Raises RedisError."""
        if self._clock() < self._not_before or not await self._lease.take():
            return
        notices = await self._what_to_tell()
        if not notices:
            return
        try:
            await self._way.tell(notices)
        except NotTaken as error:
            await self._failed(str(error))
        else:
            await self._told(notices[-1])

    async def _what_to_tell(self) -> list[Notice]:
        """After a failure the same once more, so that a message whose acceptance was lost comes again as the same."""
        found = await self._notices.not_told(self._way.name, _MOST_AT_ONCE)
        if self._in_hand and found[: len(self._in_hand)] == self._in_hand:
            return self._in_hand
        self._in_hand = found
        return found

    async def _told(self, last: Notice) -> None:
        await self._notices.was_told(self._way.name, last)
        log.info("operators_told", way=self._way.name, notices=len(self._in_hand))
        self._not_before = self._clock() + self._every
        self._in_hand, self._failures = [], 0
        await self._alarms.clear(NOT_TOLD, self._way.name)

    async def _failed(self, why: str) -> None:
        self._failures += 1
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(self._failures - 1, 10))
        self._not_before = self._clock() + pause
        log.warning("operators_not_told", way=self._way.name, why=why, again_in=pause)
        await self._lease.give_back()
        if self._failures >= _AN_ALARM_FROM:
            await self._alarms.sound(NOT_TOLD, self._way.name, _SAYS.format(why=why))
