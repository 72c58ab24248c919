"""When to try again: the schedule as a table."""

from __future__ import annotations

from typing import Final

SCHEDULE: Final = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds to wait after attempt 1, 2, …: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
ATTEMPTS: Final = len(SCHEDULE) + 1
LONGEST_ASKED: Final = 86_400.0
"""Seconds: what a far side asks for beyond this is not obeyed."""
MOST_JITTER: Final = 0.1


def wait_before_next(attempt: int, asked: float | None, dice: float) -> float | None:
    """Seconds to wait after `attempt` (from 1) failed; None when it was the last.

    `asked` only ever pushes later. `dice` in [0, 1) adds up to 10 %: what failed together returns apart.
    """
    if attempt >= ATTEMPTS:
        return None
    scheduled = SCHEDULE[attempt - 1] * (1 + MOST_JITTER * dice)
    return max(scheduled, min(asked or 0.0, LONGEST_ASKED))
