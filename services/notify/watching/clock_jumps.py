"""The clock jumped: whatever notify judges by, it judges by the seconds that went by."""

from __future__ import annotations

from typing import Final

from services.operations.alarms import Found
from services.runtime.steady_clock import SteadyClock


class ClockWatch:
    """As notify sees it; ingest sounds its own."""

    kinds: Final = frozenset({"notify_clock_wrong"})

    def __init__(self, clock: SteadyClock) -> None:
        self._clock = clock

    async def look(self, _now: float) -> list[Found]:
        wrong = self._clock.wrong
        return [Found("notify_clock_wrong", wrong.about, wrong.says)] if wrong is not None else []
