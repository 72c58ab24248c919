"""Does the mail server read on after a letter's dot? Only then does the next envelope go out with the letter before it.

RFC 2920, section 3.1, allows just that wherever PIPELINING is offered, and it saves a wait for each letter. But a
server that takes what follows the dot for more of the letter would put one reader's address into another's letter, and
answer neither. So each session asks first, with a command that says nothing: NOOP, behind a letter of its own. Until
some session of this process had its answer, one asks at a time; where there is none, nobody asks for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

RESCUED_AFTER: Final = 2.0
"""Seconds of silence, after which a letter that may not have ended yet is ended once more, and its session after it."""
_AGAIN_AFTER: Final = 600.0
"""Seconds; what was no fault of the server's (a network that broke) need not last."""


class ReadingAhead:
    """`ticks`: seconds that never go back."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._asking = self._proven = False
        self._not_before = float("-inf")

    def may_ask(self) -> bool:
        """Otherwise somebody asks already, or in vain."""
        return self._ticks() >= self._not_before and (self._proven or not self._asking)

    def asks(self) -> None:
        self._asking = True

    def answered(self, *, well: bool) -> None:
        """A session has heard, or never will."""
        self._asking = False
        if well:
            self._proven = True
        elif not self._proven:
            self._not_before = self._ticks() + _AGAIN_AFTER
