"""Whether the Redis we are given keeps what it is given: asked before a service starts, and by `vestka doctor`.

Only INFO is asked, which managed servers allow where they forbid CONFIG.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from services.runtime.settings import SettingsError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unfit:
    """What is wrong with a server, and what to do. `fatal`: nothing may start on it."""

    what: str
    fatal: bool


def unfitness(info: Mapping[str, Any]) -> Iterator[Unfit]:
    """What INFO tells against a server. A part that INFO lacks tells nothing."""
    policy = info.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield Unfit(
            f"REDIS_URL: this Redis has maxmemory-policy {policy}, so it may throw away events and subscribers to make "
            "room. Set 'maxmemory-policy noeviction', in its configuration as well, and start again",
            fatal=True,
        )
    if info.get("redis_mode") == "cluster" or int(info.get("cluster_enabled", 0)):
        yield Unfit(
            "REDIS_URL: this Redis runs in cluster mode, where what belongs into one transaction lies on several "
            "servers. Give a single server, or one with replicas (cluster-enabled no)",
            fatal=True,
        )
    if not int(info.get("aof_enabled", 1)):
        yield Unfit(
            "this Redis keeps no append-only file: a crash of it loses what was accepted and whom we sent to. Set "
            "'appendonly yes'",
            fatal=False,
        )


async def check_server(redis: Redis) -> None:
    """Logs what a person should mend. Raises SettingsError where nothing may start, and RedisError."""
    found = list(unfitness(await info_of(redis)))
    if fatal := [one.what for one in found if one.fatal]:
        raise SettingsError("\n".join(fatal))
    for one in found:
        log.warning("redis_unfit", what=one.what)


async def info_of(redis: Redis) -> Mapping[str, Any]:
    """Empty where the server forbids to ask."""
    try:
        info: Mapping[str, Any] = await redis.info()
    except ResponseError as error:
        log.warning("redis_not_examined", word=str(error).partition(" ")[0])
        return {}
    return info
