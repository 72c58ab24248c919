"""From when on a condition is an alarm; the settings VESTKA_ALARM_… set it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlarmLimits:
    """Seconds, but for `retries_pending`, which counts deliveries."""

    unreachable_after: float = 60.0
    retries_pending: int = 1000
    endpoint_failing_after: float = 3600.0
    undelivered_after: float = 900.0
    pending_after: float = 300.0
