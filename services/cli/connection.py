"""How a command reaches Redis: the given one, or the embedded one, started for as long as the command runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.cli.endings import Code, Ended
from services.runtime.embedded_redis import RedisUnavailable
from services.runtime.logs import configure_logs
from services.runtime.redis_server import Server, redis_server
from services.runtime.settings import RuntimeSettings, SettingsError, load_settings
from services.runtime.streams import open_redis

S = TypeVar("S", bound=RuntimeSettings)
T = TypeVar("T")


def settings_or_end(kind: type[S]) -> S:
    try:
        return load_settings(kind)
    except SettingsError as error:
        raise Ended(Code.USAGE, str(error)) from None


@contextmanager
def server_or_end(settings: RuntimeSettings) -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(redis_server(settings))
        except RedisUnavailable as error:
            raise Ended(Code.DEPENDENCY_DOWN, str(error)) from None
        yield server


@asynccontextmanager
async def connected(settings: RuntimeSettings) -> AsyncIterator[Redis]:
    with server_or_end(settings) as server:
        try:
            redis = open_redis(server.url)
        except ValueError:
            raise Ended(Code.USAGE, "REDIS_URL is no Redis address; it looks like redis://HOST:6379/0.") from None
        try:
            await redis.ping()
            yield redis
        except (RedisError, OSError) as error:
            raise Ended(
                Code.DEPENDENCY_DOWN,
                f"Redis does not answer ({type(error).__name__}). Check REDIS_URL, or unset it for the embedded one.",
            ) from None
        finally:
            await redis.aclose()


def with_redis(work: Callable[[Redis], Coroutine[Any, Any, T]], settings: RuntimeSettings | None = None) -> T:
    """Runs one command's work on a connected client."""
    chosen = settings or settings_or_end(RuntimeSettings)
    configure_logs("warning", "console", "vestka")

    async def run() -> T:
        async with connected(chosen) as redis:
            return await work(redis)

    return asyncio.run(run())
