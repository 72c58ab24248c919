"""Connections to Redis: a bounded number, in whose line everybody waits; and what of our own troubles is a shortage."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from services.runtime.sentinels import reached_at
from services.runtime.server_words import server_word

log = structlog.get_logger(__name__)
T = TypeVar("T")

CONNECTIONS: Final = 48
"""How many one client opens at most. Fewer than the attempts under way: each talks to Redis for a moment only."""
_PATIENCE: Final = 20.0
"""Seconds to stand in line for one, after which the server counts as away."""
_NOT_NOW: Final = frozenset(
    {"OOM", "READONLY", "MISCONF", "NOREPLICAS", "LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "NOAUTH"}
)
"""A server that answers so would take the same command another time; redis-py cuts the word off where it knows it."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0  # seconds
_SAID_EVERY: Final = 60.0  # seconds
_WRITTEN_AT_ONCE: Final = 32 * 1024
"""Bytes not yet taken by the network, beyond which whoever writes waits."""


def open_redis(url: str, connections: int = CONNECTIONS) -> Redis:
    """A client that speaks text. Bytes that are no text come escaped, fail their check later, and block nothing.

    redis-py's own pool refuses the 101st who asks; here they wait their turn. By sentinels: see `sentinels`.
    """
    address, by_sentinels = reached_at(url)
    pool = _Pool.from_url(
        address,
        max_connections=connections,
        timeout=_PATIENCE,
        decode_responses=True,
        encoding_errors="backslashreplace",
        retry=Retry(ExponentialBackoff(cap=1.0, base=0.05), retries=3),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
        health_check_interval=15,
        socket_connect_timeout=5,
    )
    pool.connection_class = type("SteadyConnection", (_Steady, by_sentinels or pool.connection_class), {})
    return Redis.from_pool(pool)


class _Pool(BlockingConnectionPool):
    """redis-py takes a lock, a timer and a dozen awaits to hand out a connection that lies there, and as many to take
    it back. Where nobody stands in line and it is in order, neither is needed."""

    _in_line = 0

    async def get_connection(self, command_name: Any = None, *keys: Any, **options: Any) -> Any:  # noqa: ARG002
        if not self._in_line and self._available_connections and not self._in_maintenance:
            connection = self.get_available_connection()  # type: ignore[no-untyped-call]
            try:
                if not await _is_in_order(connection):
                    await self.ensure_connection(connection)
            except BaseException:
                await self.release(connection)
                raise
            return connection
        self._in_line += 1
        try:
            return await super().get_connection()  # type: ignore[no-untyped-call]
        finally:
            self._in_line -= 1

    async def release(self, connection: Any) -> None:
        if self._in_line or self._in_maintenance or connection.should_reconnect():
            await super().release(connection)
            return
        self._in_use_connections.remove(connection)
        self._available_connections.append(connection)


async def _is_in_order(connection: Any) -> bool:
    """It stands, and nothing lies in it that nobody asked for."""
    try:
        return connection.is_connected and not await connection.can_read()
    except RedisConnectionError:
        return False


class _Steady:
    """uvloop answers RuntimeError to a write on a connection that was reset: to us that is a lost connection.

    redis-py makes a task and a timer for every write, which costs as much as the rest of a command. Where the network
    takes what was written at once there is nothing to wait for.
    """

    if TYPE_CHECKING:
        _writer: asyncio.StreamWriter
        is_connected: bool
        health_check_interval: float
        next_health_check: float

        async def disconnect(self, nowait: bool = False) -> None: ...

    async def send_packed_command(self, command: Any, check_health: bool = True) -> None:
        try:
            if not self._takes_at_once(command, check_health):
                await super().send_packed_command(command, check_health)  # type: ignore[misc]
                return
            self._writer.writelines(command)
            if self._writer.transport.get_write_buffer_size() > _WRITTEN_AT_ONCE:
                await super().send_packed_command([], False)  # type: ignore[misc]
        except RuntimeError as error:
            await self.disconnect(nowait=True)
            raise RedisConnectionError("the connection was lost while we wrote") from error

    def _takes_at_once(self, command: Any, check_health: bool) -> bool:
        if not isinstance(command, list) or not self.is_connected or self._writer.transport.is_closing():
            return False
        due = check_health and self.health_check_interval
        return not due or asyncio.get_running_loop().time() <= self.next_health_check


def is_shortage(error: BaseException) -> bool:
    """Whether we lacked something (Redis, memory, file descriptors, the network), so that the work is not at fault."""
    if isinstance(error, ResponseError):
        return server_word(error, _NOT_NOW) is not None
    return isinstance(error, (RedisError, OSError, MemoryError))


async def until_written(write: Callable[[], Awaitable[T]]) -> T:
    """Tries again until Redis has it, for as long as this process lives. `write` must bear being done twice."""
    pause, said = _FIRST_PAUSE, 0.0
    clock = asyncio.get_running_loop().time
    while True:
        try:
            return await write()
        except Exception as error:
            if not is_shortage(error):
                raise
            if clock() - said >= _SAID_EVERY or not said:
                log.warning("not_written_yet", error=type(error).__name__)
                said = clock()
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
