"""How long to leave a source alone. Pure: a table in the form of two functions."""

from __future__ import annotations

from typing import Final

_LONGEST_BACK_OFF: Final = 3600.0
_JITTER: Final = 0.1


def pause_after(every: float, failures: int, retry_after: float | None, dice: float) -> float:
    """Seconds to the next asking: doubled with every trouble in a row, never sooner than the site asks for, at most an
    hour (or `every`, if that is more); jitter only adds, up to a tenth."""
    doubled = every * 2.0 ** min(max(failures - 1, 0), 16)
    wanted = min(max(doubled, retry_after or 0.0), max(_LONGEST_BACK_OFF, every))
    return wanted * (1 + _JITTER * dice)


def interval(every: float, hint: float | None, slowest: float) -> float:
    """Seconds between two askings of a healthy site: as configured, or as rarely as it hints, but not beyond `slowest`:
    a template's "once a day" must not make us deaf."""
    return max(every, min(hint or 0.0, slowest))
