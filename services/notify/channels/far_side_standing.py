"""Is it one reader who is refused, or all of them? What all readers share is judged by what it does to the others.

Kept by each process for itself: whoever comes too late to know asks once more and learns it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from typing import Final

from services.notify.channels.base import Retry

HOLD_SECONDS: Final = 15.0
"""How long the channel rests before the far side is tried again."""

UNCLEAR_SECONDS: Final = 25.0
"""How long one reader waits while nothing tells whose fault the refusal is: others are most likely asked meanwhile."""

REFUSED_SECONDS: Final = 300.0
"""What was refused for good, and is no end of the address, is not asked again sooner: servers count who insists."""

_SEVERAL: Final = 3
"""So many readers refused in a row, and nobody taken between them, are all of them."""

_SOME: Final = 2
_A_WHILE: Final = 3.0
"""So many readers put off, and for so many seconds nobody taken, are a far side that serves nobody for now. The first
of them spend an attempt, and are asked again after five seconds as it is."""

_FREE: Final = 20
"""Refusals that spend no attempt while nothing tells whose fault it is. After that one reader's schedule runs."""


class Whose(Enum):
    """Whose matter a refusal is."""

    EVERYBODYS = auto()
    THEIRS = auto()
    UNKNOWN = auto()


class Standing:
    """`clock` counts seconds and never goes back. Readers are told apart by their numbers."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._refused: dict[int, tuple[int, float]] = {}
        """How often in a row, and when last."""
        self._row_began = 0.0
        self._singled_out: set[int] = set()
        """Refused, while others were taken afterwards: it is about them, and says nothing of the rest."""

    def taken(self, number: int, began: float) -> None:
        """`began`: when the conversation did, on our clock. What was refused only since then may be new to all."""
        self._singled_out |= {other for other, (_, at) in self._refused.items() if at <= began}
        self._singled_out.discard(number)
        self._refused.clear()

    def refused(self, number: int) -> Whose:
        if number in self._singled_out:
            return Whose.THEIRS
        times, now = self._refused.get(number, (0, 0.0))[0] + 1, self._clock()
        if not self._refused:
            self._row_began = now
        self._refused[number] = (times, now)
        if len(self._refused) >= _SEVERAL:
            return Whose.EVERYBODYS
        return Whose.UNKNOWN if times <= _FREE else Whose.THEIRS

    def put_off(self, number: int, why: Retry) -> Retry:
        """What "not now" to one reader leads to: their own schedule, unless nobody at all is served."""
        alone = self.refused(number) is Whose.THEIRS or len(self._refused) < _SOME
        return why if alone or self._clock() - self._row_began < _A_WHILE else replace(why, of_all=True)

    def wait_after(self, number: int, why: Retry) -> Retry:
        """What the refusal of one reader leads to: the channel rests, or this delivery alone waits."""
        whose = self.refused(number)
        everybodys = whose is Whose.EVERYBODYS
        seconds = {Whose.EVERYBODYS: HOLD_SECONDS, Whose.UNKNOWN: UNCLEAR_SECONDS, Whose.THEIRS: REFUSED_SECONDS}[whose]
        after = max(why.after or 0.0, seconds)
        return replace(why, after=after, spends_attempt=whose is Whose.THEIRS, holds_channel=everybodys)
