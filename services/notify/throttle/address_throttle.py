"""Few messages at once to one address, and none while its far side is slow."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

_PROMPT: Final = 2.0
"""Seconds in which a far side that is well has answered."""
_MOST_PROMPT: Final = 20_000
"""Addresses of which that is known; one that is forgotten has one place until it answers again."""


class AddressThrottle:
    """For each address, within this process: few at once, and none while the far side is slow.

    An address has one place until it has answered promptly, and again once it did not. So an endpoint that hangs takes
    one and no more, however many messages there are for it, and fifty of them leave room for all the others.
    `clock` counts seconds and never goes back.
    """

    def __init__(
        self, most_at_once: int = 4, look_again: float = 1.0, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most_at_once
        self._look_again = look_again
        self._clock = clock
        self._prompt = _Lately(_MOST_PROMPT)
        self._inside: dict[str, int] = {}
        self._slow: dict[str, float] = {}

    def open_at(self, target: str, now: float) -> float:
        """Unix seconds when to come again; not later than `now` when there is room."""
        slow_until = self._slow.get(target, 0.0)
        if self._slow and slow_until <= now:
            self._slow.pop(target, None)
        inside = self._inside.get(target, 0)
        if not inside:
            return max(slow_until, now)
        most = self._most if target in self._prompt else 1
        return max(slow_until, now + self._look_again if inside >= most else now)

    def slow(self, target: str, until: float) -> None:
        self._slow[target] = max(until, self._slow.get(target, 0.0))

    def enter(self, target: str) -> float:
        """A message to the address begins. Gives what `leave` takes."""
        self._inside[target] = self._inside.get(target, 0) + 1
        return self._clock()

    def leave(self, target: str, began: float) -> None:
        """It has ended, however."""
        if self._clock() - began <= _PROMPT:
            self._prompt.add(target)
        else:
            self._prompt.discard(target)
        left = self._inside[target] - 1
        if left:
            self._inside[target] = left
        else:
            del self._inside[target]


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
