"""The Redis a process uses: the one that REDIS_URL names, else an embedded one for as long as it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.settings import RuntimeSettings


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    embedded: EmbeddedRedis | None = None
    """Ours to keep running, where no REDIS_URL was given."""


@contextmanager
def redis_server(settings: RuntimeSettings) -> Iterator[Server]:
    """Raises RedisUnavailable where an embedded one is wanted and cannot be had; a given one is not asked."""
    if settings.redis_url is not None:
        yield Server(settings.redis_url.get_secret_value())
        return
    embedded = EmbeddedRedis(settings.state_dir / "redis", settings.redis_maxmemory)
    embedded.start()
    try:
        yield Server(embedded.url, embedded)
    finally:
        embedded.stop()
