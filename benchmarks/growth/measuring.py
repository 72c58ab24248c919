"""Compares the CPU time of a text with that of half of it, and never with a clock on the wall or a number of seconds.

What is measured grows by doubling, so that whatever grows faster than the text is seen while it is still short: the
timer that ends it counts in multiples of the half's own time.
"""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final

FACTOR: Final = 3.0
"""Linear is 2, quadratic 4."""

FLOOR: Final = 0.02
"""CPU seconds below which a measurement is noise, and counts as so much."""

_REPEATS: Final = 10
"""A text found to grow is measured anew so often at most, in turns with its half, and the fastest times count: others
at work on the machine make any one of them slow, and one of the two alone."""

SHORTEST: Final = 16


class _TookTooLong(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Growth:
    """At `length` characters the text took more than FACTOR times what half of it took."""

    length: int
    half: float
    whole: float | None
    """CPU seconds; None where it was stopped."""

    def __str__(self) -> str:
        took = "was stopped" if self.whole is None else f"took {self.whole / max(self.half, FLOOR):.1f} times as long"
        return f"{self.length} characters: {took} ({self.half:.3f} s for half of it)"


def growth(read: Callable[[str], object], text_of: Callable[[int], str], most: int) -> Growth | None:
    """None where `read` stays linear in `text_of(length)`, for every doubling up to `most` characters.

    In the main thread only, since it sets a signal's handler.
    """
    at_once = _cpu(read, text_of(most), _allowed(None))
    if at_once is not None and at_once <= _allowed(None):
        return None  # the longest is read in what the shortest may take, so no doubling on the way can be too much
    length, half = SHORTEST, _cpu(read, text_of(SHORTEST), None)
    while length < most:
        length = min(length * 2, most)
        whole = _cpu(read, text_of(length), _allowed(half))
        if whole is None or whole > _allowed(half):
            before, whole = _measured_anew(read, text_of, length)
            if whole is None or whole > _allowed(before):
                return Growth(length, before, whole)
        half = whole
    return None


def _measured_anew(
    read: Callable[[str], object], text_of: Callable[[int], str], length: int
) -> tuple[float, float | None]:
    """Of half of the text and of all of it, the fastest times; None: it was stopped each time."""
    half, whole = float("inf"), None
    for _ in range(_REPEATS):
        half = min(half, _cpu(read, text_of(length // 2), None) or 0.0)
        again = _cpu(read, text_of(length), _allowed(half))
        whole = min((each for each in (whole, again) if each is not None), default=None)
        if whole is not None and whole <= _allowed(half):
            break
    return half, whole


def _allowed(half: float | None) -> float:
    return FACTOR * max(half or 0.0, FLOOR)


def _cpu(read: Callable[[str], object], text: str, most: float | None) -> float | None:
    """CPU seconds; None where it was stopped after `most` of them."""
    with _collecting_nothing():
        try:
            with _stopped_after(most):
                start = time.process_time()
                read(text)
                return time.process_time() - start
        except _TookTooLong:
            return None


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    gc.collect(0)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _stopped_after(cpu_seconds: float | None) -> Iterator[None]:
    """The engine of `re` looks for signals while it matches, so a pattern that never ends is ended by one."""

    def stop(_signum: int, _frame: FrameType | None) -> None:
        raise _TookTooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, 0.0 if cpu_seconds is None else cpu_seconds * 1.2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)
