"""Few messages at once to one address, and none while its far side is slow."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Final

_PROMPT: Final = 2.0
"""Seconds in which a far side that is well has answered."""
_MOST_PROMPT: Final = 20_000
"""Addresses of which that is known; one that is forgotten has one place until it answers again."""


_PATIENCE: Final = 0.25
"""Seconds for which a message stands in line for a place: a far side that is well has freed one by then."""
_LONGEST_LINE: Final = 32
"""At one address. Whoever stands in line holds one of the places that all addresses share."""

_NOBODY: Final = deque[asyncio.Future[bool]]()


class AddressThrottle:
    """For each address, within this process: few at once, and none while the far side is slow.

    An address has one place until it has answered promptly, and again once it did not. So an endpoint that hangs takes
    one and no more, however many messages there are for it, and fifty of them leave room for all the others. Events
    that come one upon another stand in line for a moment; where somebody did so in vain nobody does, until the address
    has answered promptly again. `clock` counts seconds and never goes back; `patience`: those in which one waits.
    """

    def __init__(
        self,
        most_at_once: int = 4,
        look_again: float = 1.0,
        patience: float = _PATIENCE,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.look_again = look_again
        """Seconds after which a message comes again that found no place."""
        self._most = most_at_once
        self._patience = patience
        self._clock = clock
        self._prompt = _Lately(_MOST_PROMPT)
        self._late = _Lately(_MOST_PROMPT)
        """Where somebody waited in vain, or for long."""
        self._inside: dict[str, int] = {}
        self._lines: dict[str, deque[asyncio.Future[bool]]] = {}
        self._slow: dict[str, float] = {}

    def open_at(self, target: str, now: float) -> float:
        """Unix seconds when to come again; not later than `now` when there is room."""
        slow_until = self._slow.get(target, 0.0)
        if self._slow and slow_until <= now:
            self._slow.pop(target, None)
        room = self._has_room(target) or self._may_wait(target)
        return max(slow_until, now if room else now + self.look_again)

    def slow(self, target: str, until: float) -> None:
        """Who stands in line does so in vain."""
        self._slow[target] = max(until, self._slow.get(target, 0.0))
        for place in self._lines.pop(target, ()):
            if not place.done():
                place.set_result(False)

    def enter(self, target: str) -> float | None:
        """A message to the address begins. Gives what `leave` takes; None where it has to `wait` first."""
        if not self._has_room(target):
            return None
        self._inside[target] = self._inside.get(target, 0) + 1
        return self._clock()

    async def wait(self, target: str) -> float | None:
        """As `enter`, first come, first served; None where there was no place within a moment."""
        if not self._may_wait(target):
            return None
        loop = asyncio.get_running_loop()
        place: asyncio.Future[bool] = loop.create_future()
        self._lines.setdefault(target, deque()).append(place)
        timer = loop.call_later(self._patience, self._in_vain, target, place)
        try:
            return self._clock() if await place else None
        except asyncio.CancelledError:
            self._give_up(target, place)
            raise
        finally:
            timer.cancel()

    def leave(self, target: str, began: float) -> None:
        """It has ended, however."""
        prompt = self._clock() - began <= _PROMPT
        (self._prompt if prompt else self._late).add(target)
        (self._late if prompt else self._prompt).discard(target)
        self._free(target)

    def _has_room(self, target: str) -> bool:
        inside = self._inside.get(target, 0)
        return not inside or inside < (self._most if target in self._prompt else 1)

    def _may_wait(self, target: str) -> bool:
        return target not in self._late and len(self._lines.get(target, ())) < _LONGEST_LINE

    def _free(self, target: str) -> None:
        left = self._inside[target] - 1
        if left:
            self._inside[target] = left
        else:
            del self._inside[target]
        while target in self._lines and self._has_room(target):
            place = self._lines[target][0]
            self._out_of_line(target, place)
            if not place.done():  # else whoever stood there was cancelled just now
                self._inside[target] = self._inside.get(target, 0) + 1
                place.set_result(True)

    def _in_vain(self, target: str, place: asyncio.Future[bool]) -> None:
        if not place.done():
            self._late.add(target)
            self._out_of_line(target, place)
            place.set_result(False)

    def _give_up(self, target: str, place: asyncio.Future[bool]) -> None:
        """Whoever stood in line is no more."""
        if place.cancelled():
            self._out_of_line(target, place)
        elif place.result():  # it was given a place at that very moment
            self._free(target)

    def _out_of_line(self, target: str, place: asyncio.Future[bool]) -> None:
        line = self._lines.get(target, _NOBODY)
        if place in line:
            line.remove(place)
        if not line:
            self._lines.pop(target, None)


class _Lately:
    """The addresses that were added last, `most` of them at most and half as many at least, once there are so many: a
    million readers would fill the memory, and lie open in it."""

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._new, self._old = set[str](), set[str]()

    def __contains__(self, target: str) -> bool:
        return target in self._new or target in self._old

    def add(self, target: str) -> None:
        self._new.add(target)
        if len(self._new) >= self._half:
            self._new, self._old = set[str](), self._new

    def discard(self, target: str) -> None:
        self._new.discard(target)
        self._old.discard(target)
