"""Connections that stand: those at rest by where they lead to, a bound on how many of them, and an end for each."""

from __future__ import annotations

import asyncio
import resource
from functools import partial
from typing import Final

from services.egress.loop_time import loop_time
from services.egress.targets import Origin, Target
from services.egress.wire import Connection

KEPT: Final = 2_000
"""At rest at most, and a quarter of the files that this process may have open. The oldest makes room."""
KEPT_SECONDS: Final = 30.0


def most_kept() -> int:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return KEPT if files == resource.RLIM_INFINITY else max(1, min(KEPT, files // 4))


class KeptConnections:
    """`most`: at rest at once; unless it is said, as many as the process may well keep."""

    def __init__(self, most: int | None = None, seconds: float = KEPT_SECONDS) -> None:
        self._most, self._seconds = most_kept() if most is None else most, seconds
        self._standing: set[Connection] = set()
        self._at_rest: dict[Origin, dict[Connection, None]] = {}
        self._since: dict[Connection, tuple[float, Origin]] = {}
        """The oldest first."""
        self._sweep: asyncio.TimerHandle | None = None

    def add(self, connection: Connection) -> None:
        self._standing.add(connection)
        connection.gone.add_done_callback(partial(self._forget, connection))

    def take(self, target: Target) -> Connection | None:
        """The one that came last, since it is the least likely to be closed by the far side just now."""
        resting = self._at_rest.get(target.origin)
        while resting:
            connection = next(reversed(resting))
            self._wake(connection)
            if connection.stands:
                return connection
        return None

    def give_back(self, target: Target, connection: Connection) -> None:
        if not connection.can_be_kept:
            connection.abort()
            return
        connection.rest()
        origin = target.origin
        resting = self._at_rest.get(origin)
        if resting is None:
            resting = self._at_rest[origin] = {}
        resting[connection] = None
        self._since[connection] = loop_time(), origin
        if len(self._since) > self._most:
            self._drop(next(iter(self._since)))
        if self._sweep is None:
            self._drop_old()

    def drop_all_at_rest(self) -> None:
        for connection in list(self._since):
            self._drop(connection)

    async def close(self) -> None:
        if self._sweep is not None:
            self._sweep.cancel()
        standing = list(self._standing)
        for connection in standing:
            connection.abort()
        await asyncio.gather(*(connection.gone for connection in standing))

    def _forget(self, connection: Connection, _: asyncio.Future[None]) -> None:
        self._standing.discard(connection)
        self._wake(connection)

    def _wake(self, connection: Connection) -> None:
        _, origin = self._since.pop(connection, (0.0, None))
        if origin is not None:
            del self._at_rest[origin][connection]
            if not self._at_rest[origin]:
                del self._at_rest[origin]

    def _drop(self, connection: Connection) -> None:
        self._wake(connection)
        connection.abort()

    def _drop_old(self) -> None:
        loop, self._sweep = asyncio.get_running_loop(), None
        for connection, (since, _) in list(self._since.items()):
            if since + self._seconds > loop_time():
                self._sweep = loop.call_at(since + self._seconds, self._drop_old)
                return
            self._drop(connection)
