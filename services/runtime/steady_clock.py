"""The time by which a service judges: the server's at the start, and from then on as many seconds as really went by.

A wall clock may jump (a lost time server, a slip of the hand), and what is judged by it in those seconds is wrong for
good: today's news is a year old. So a jump is noticed and told, and nothing is judged by it. What lasts for an hour is
taken to be right.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

_BOOT: Final[int | None] = getattr(time, "CLOCK_BOOTTIME", None)
MOST_APART: Final = 60.0
"""Seconds that two clocks may differ."""
_BELIEVED_AFTER: Final = 3600.0
"""Seconds after which a jump of the server's clock is taken to be a correction."""
_LOOK_EVERY: Final = 5.0


@dataclass(frozen=True, slots=True)
class ClockWrong:
    """A condition as `alarms` takes it."""

    says: str
    kind: str = field(default="clock_wrong", init=False)
    about: str = field(default="clock", init=False)


def clock_wrong(server_ahead: float, wall_ahead: float) -> ClockWrong | None:
    """How far the server's clock and this machine's are ahead of the steady one, in seconds."""
    off = {"the clock of Redis": server_ahead, "this machine's clock": wall_ahead}
    told = [f"{name} is {by:+.0f} s off" for name, by in off.items() if abs(by) > MOST_APART]
    if not told:
        return None
    return ClockWrong(
        f"{' and '.join(told)} against the seconds that went by: nothing is judged by it. Set the clock right (NTP); "
        "if it is right now, restart the service, or wait an hour"
    )


def seconds_gone_by() -> float:
    """Since the machine started, asleep or not, where the system tells; no setting of the clock changes it."""
    return time.monotonic() if _BOOT is None else time.clock_gettime(_BOOT)


class SteadyClock:
    """Called, it gives Unix seconds. Until the first `look` they are those of the wall clock."""

    def __init__(self, gone_by: Callable[[], float] = seconds_gone_by, wall: Callable[[], float] = time.time) -> None:
        self._gone_by = gone_by
        self._wall = wall
        self._zero = wall() - gone_by()
        """Unix seconds of the moment from which `gone_by` counts."""
        self._is_set = False
        self._apart_since: float | None = None
        self.wrong: ClockWrong | None = None

    def __call__(self) -> float:
        return self._zero + self._gone_by()

    async def look(self, redis: Redis) -> None:
        """Compares with the server's clock and the wall clock. Raises RedisError."""
        self.compare(await server_time(redis))

    def compare(self, server: float) -> None:
        """`server`: Unix seconds by the server's clock, now."""
        ahead = server - self()
        if not self._is_set or abs(ahead) <= MOST_APART or self._lasts():
            self._zero, self._is_set, self._apart_since = server - self._gone_by(), True, None
            ahead = 0.0
        elif self._apart_since is None:
            self._apart_since = self._gone_by()
        self._tell(clock_wrong(ahead, self._wall() - self()))

    def _lasts(self) -> bool:
        return self._apart_since is not None and self._gone_by() - self._apart_since > _BELIEVED_AFTER

    def _tell(self, wrong: ClockWrong | None) -> None:
        if wrong is not None and self.wrong is None:
            log.error("clock_wrong", what=wrong.says)
        if wrong is None and self.wrong is not None:
            log.info("clock_right_again")
        self.wrong = wrong


async def server_time(redis: Redis) -> float:
    """Unix seconds by the server's clock."""
    now: Any = await redis.time()
    return int(now[0]) + int(now[1]) / 1e6


async def watch_clock_forever(clock: SteadyClock, redis: Redis) -> None:
    """Until cancelled."""
    while True:
        try:
            await clock.look(redis)
        except RedisError as error:
            log.warning("clock_not_compared", error=type(error).__name__)
        await asyncio.sleep(_LOOK_EVERY)
