"""What is turned away at a door: each is counted, and the log says so at most once a minute for each reason.

Neither names a token, an address or a partner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

import structlog

from services.runtime.metrics import Metrics

log = structlog.get_logger(__name__)

_SAYS_EVERY: Final = 60.0  # seconds


class Refusals:
    def __init__(self, metrics: Metrics, clock: Callable[[], float]) -> None:
        """`clock`: seconds that never go back."""
        self._metrics = metrics
        self._clock = clock
        self._unsaid: Counter[tuple[str, str]] = Counter()
        self._said: dict[tuple[str, str], float] = {}

    def note(self, kind: str, reason: str) -> None:
        """`kind`: which doors, like "reports"; `reason`: a slug."""
        self._metrics.refused.labels(kind, reason).inc()
        about, now = (kind, reason), self._clock()
        self._unsaid[about] += 1
        if about in self._said and now - self._said[about] < _SAYS_EVERY:
            return
        self._said[about] = now
        log.warning("requests_refused", kind=kind, reason=reason, requests=self._unsaid.pop(about))
