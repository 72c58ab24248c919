"""How often somebody may come: a token bucket for each key, in the memory of this process and nowhere else.

Of a bucket one number is kept: when it will be full again (the generic cell rate algorithm, as ITU-T I.371 has it for
cells). A full bucket needs no memory at all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

_ROUNDING: Final = 1e-6
"""Seconds: what adding up floating-point numbers may be off by."""


class RateLimit:
    """`burst` at once, and `per_minute` in the long run. Beyond `most_keys` whoever came longest ago is forgotten."""

    def __init__(self, per_minute: float, burst: int, most_keys: int = 10_000) -> None:
        self._period = 60.0 / per_minute
        self._depth = burst * self._period
        self._most_keys = most_keys
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def take(self, key: Hashable, now: float) -> float:
        """0 where one more may come, which is counted; else the seconds until one may. `now`: a clock's seconds."""
        wait = self.wait(key, now)
        if not wait:
            self.charge(key, now)
        return wait

    def wait(self, key: Hashable, now: float) -> float:
        """The same, and nothing is counted."""
        wait = self._full_from(key, now) + self._period - now - self._depth
        return wait if wait > _ROUNDING else 0.0

    def charge(self, key: Hashable, now: float, cost: float = 1.0) -> None:
        """Counts without asking: what turned out to weigh more than one; below nought gives back."""
        self._full_at[key] = max(now, self._full_from(key, now) + cost * self._period)
        self._full_at.move_to_end(key)
        while len(self._full_at) > self._most_keys:
            self._full_at.popitem(last=False)

    def _full_from(self, key: Hashable, now: float) -> float:
        return max(now, self._full_at.get(key, now))

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._full_at)
