"""How a command reaches Redis: the given one, or the embedded one, started for as long as the command runs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from services.cli.exits import CliExit, Code
from services.runtime.embedded_redis import RedisUnavailable, UnusableFolder
from services.runtime.logs import configure_logs
from services.runtime.redis_server import Server, redis_server
from services.runtime.settings import RuntimeSettings, SettingsError, load_settings
from services.runtime.streams import open_redis
from services.subscribers.persistence import FilesNotRewritten
from services.subscribers.store_faults import StoreFault

S = TypeVar("S", bound=RuntimeSettings)
T = TypeVar("T")


def settings_or_end(kind: type[S]) -> S:
    try:
        return load_settings(kind)
    except SettingsError as error:
        raise CliExit(Code.USAGE, str(error)) from None


@contextmanager
def server_or_end(settings: RuntimeSettings) -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(redis_server(settings))
        except UnusableFolder as error:
            raise CliExit(Code.USAGE, str(error)) from None
        except RedisUnavailable as error:
            raise CliExit(Code.DEPENDENCY_DOWN, str(error)) from None
        yield server


@contextmanager
def redis_or_end() -> Iterator[None]:
    """Ends with DEPENDENCY_DOWN where the connection fails. What Redis refuses to do is told apart: it is there."""
    try:
        yield
    except (RedisConnectionError, RedisTimeoutError) as error:
        raise CliExit(
            Code.DEPENDENCY_DOWN,
            f"Redis cannot be reached or does not let us in ({type(error).__name__}). "
            "Check REDIS_URL, or unset it for the embedded one.",
        ) from None
    except ResponseError as error:
        # Only its first word, like READONLY or NOPERM: the rest may quote what we sent.
        raise CliExit(
            Code.FAILED, f"Redis refused a command ({str(error).partition(' ')[0]}); 'vestka doctor' may tell why."
        ) from None


@contextmanager
def store_or_end() -> Iterator[None]:
    """Ends where the store of subscribers cannot be opened, or something erased may still stand in a file."""
    try:
        yield
    except StoreFault as error:
        raise CliExit(Code.USAGE, str(error)) from None
    except FilesNotRewritten as error:
        raise CliExit(Code.FAILED, str(error)) from None


@asynccontextmanager
async def connected(settings: RuntimeSettings) -> AsyncIterator[Redis]:
    with server_or_end(settings) as server:
        redis = open_redis(server.url)
        try:
            with redis_or_end(), store_or_end():
                await redis.ping()
                yield redis
        finally:
            await redis.aclose()


def with_redis(work: Callable[[Redis], Coroutine[Any, Any, T]], settings: RuntimeSettings | None = None) -> T:
    """Runs one command's work on a connected client."""
    chosen = settings or settings_or_end(RuntimeSettings)
    configure_logs("warning", "console" if sys.stderr.isatty() else chosen.log_format, "vestka")

    async def run() -> T:
        async with connected(chosen) as redis:
            return await work(redis)

    return asyncio.run(run())
