"""Few messages at once to one address, and none while its far side is slow."""

from __future__ import annotations

import asyncio
import secrets
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

_MOST_SLOW: Final = 20_000
"""Addresses held back; of more, those forget it whose time is over first."""

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
        self._inside: dict[int, int] = {}
        self._lines: dict[int, deque[asyncio.Future[bool]]] = {}
        self._slow: dict[int, float] = {}
        self._salt = secrets.token_bytes(16)

    def open_at(self, target: str, now: float) -> float:
        """Unix seconds when to come again; not later than `now` when there is room, or a line to stand in."""
        at = self._known_as(target)
        if not self._slow and at not in self._inside:
            return now
        slow_until = self._slow.get(at, 0.0)
        if slow_until <= now:
            self._slow.pop(at, None)
        room = self._has_room(at) or self._may_wait(at)
        return max(slow_until, now if room else now + self.look_again)

    def slow(self, target: str, until: float) -> None:
        """Who stands in line does so in vain."""
        at = self._known_as(target)
        self._slow[at] = max(until, self._slow.get(at, 0.0))
        if len(self._slow) > _MOST_SLOW:
            latest = sorted(self._slow, key=self._slow.__getitem__)[_MOST_SLOW // 2 :]
            self._slow = {each: self._slow[each] for each in latest}
        for place in self._lines.pop(at, ()):
            if not place.done():
                place.set_result(False)

    def enter(self, target: str) -> float | None:
        """A message to the address begins. Gives what `leave` takes; None where it has to `wait` first."""
        at = self._known_as(target)
        inside = self._inside.get(at, 0)
        if inside and not self._has_room(at):
            return None
        self._inside[at] = inside + 1
        return self._clock()

    async def wait(self, target: str) -> float | None:
        """As `enter`, first come, first served; None where there was no place within a moment."""
        at = self._known_as(target)
        if not self._may_wait(at):
            return None
        loop = asyncio.get_running_loop()
        place: asyncio.Future[bool] = loop.create_future()
        self._lines.setdefault(at, deque()).append(place)
        timer = loop.call_later(self._patience, self._in_vain, at, place)
        try:
            return self._clock() if await place else None
        except asyncio.CancelledError:
            self._give_up(at, place)
            raise
        finally:
            timer.cancel()

    def leave(self, target: str, began: float) -> None:
        """It has ended, however."""
        at = self._known_as(target)
        took = self._clock() - began
        if took <= _PROMPT:
            self._prompt.add(at)
            if took <= self._patience:  # else whoever stands in line there does so in vain again
                self._late.discard(at)
        else:
            self._late.add(at)
            self._prompt.discard(at)
        self._free(at)

    def _known_as(self, target: str) -> int:
        """No address lies open here for longer than it is asked about, nor after its reader is erased."""
        return hash((self._salt, target))

    def _has_room(self, at: int) -> bool:
        inside = self._inside.get(at, 0)
        return not inside or inside < (self._most if at in self._prompt else 1)

    def _may_wait(self, at: int) -> bool:
        return at not in self._late and len(self._lines.get(at, ())) < _LONGEST_LINE

    def _free(self, at: int) -> None:
        left = self._inside[at] - 1
        if left:
            self._inside[at] = left
        else:
            del self._inside[at]
        while at in self._lines and self._has_room(at):
            place = self._lines[at][0]
            self._out_of_line(at, place)
            if not place.done():  # else whoever stood there was cancelled just now
                self._inside[at] = self._inside.get(at, 0) + 1
                place.set_result(True)

    def _in_vain(self, at: int, place: asyncio.Future[bool]) -> None:
        if not place.done():
            self._late.add(at)
            self._out_of_line(at, place)
            place.set_result(False)

    def _give_up(self, at: int, place: asyncio.Future[bool]) -> None:
        """Whoever stood in line is no more."""
        if place.cancelled():
            self._out_of_line(at, place)
        elif place.result():  # it was given a place at that very moment
            self._free(at)

    def _out_of_line(self, at: int, place: asyncio.Future[bool]) -> None:
        line = self._lines.get(at, _NOBODY)
        if place in line:
            line.remove(place)
        if not line:
            self._lines.pop(at, None)


class _Lately:
    """The addresses that were added last, `most` of them at most and half as many at least, once there are so many: a
    million readers would fill the memory."""

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._new, self._old = set[int](), set[int]()

    def __contains__(self, at: int) -> bool:
        return at in self._new or at in self._old

    def add(self, at: int) -> None:
        self._new.add(at)
        if len(self._new) >= self._half:
            self._new, self._old = set[int](), self._new

    def discard(self, at: int) -> None:
        self._new.discard(at)
        self._old.discard(at)
