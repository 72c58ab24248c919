"""What was deleted goes from Redis' files too: has them written anew, and sees it done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import ResponseError

log = structlog.get_logger(__name__)

_STALE: Final = "vestka:subscribers:files-stale"
"""Something was deleted that the files of Redis may still hold."""
_LONGEST: Final = 55.0  # seconds
_LOOK_EVERY: Final = 0.05  # seconds


class FilesNotRewritten(Exception):
    """What was deleted may still be read in the files of Redis. The text says why and what to do."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"it is gone from Redis, but its files were not written anew ({why}), so it may still be read there: run "
            "BGREWRITEAOF, and BGSAVE where snapshots are kept, and see that both end well"
        )


async def rewrite_files(redis: Redis, patience: float = _LONGEST) -> None:
    """Returns when no file of the server holds anything that was deleted before this was called.

    Raises FilesNotRewritten after `patience` seconds, or where the server does not let us.
    """
    try:
        async with asyncio.timeout(patience):
            before = await _state(redis)
            if before.get("aof_enabled"):
                await _anew(redis, redis.bgrewriteaof, "aof_rewrite_in_progress", "aof_last_bgrewrite_status")
            if await _takes_snapshots(redis, before):
                await _anew(redis, redis.bgsave, "rdb_bgsave_in_progress", "rdb_last_bgsave_status")
    except ResponseError as error:
        raise FilesNotRewritten(f"Redis answered {str(error).partition(' ')[0]}") from None
    except TimeoutError:
        raise FilesNotRewritten(f"it took longer than {patience:.0f} s") from None


async def mark_stale(redis: Redis) -> None:
    """Before something is deleted that must not stay in a file."""
    await redis.set(_STALE, "1")


async def clean_files(redis: Redis) -> None:
    """Where something was deleted so. What fails is tried again when the store is opened the next time."""
    if not await redis.exists(_STALE):
        return
    try:
        await rewrite_files(redis)
    except FilesNotRewritten as error:
        log.error("files_not_rewritten", todo=str(error))
    else:
        await redis.delete(_STALE)


async def _anew(redis: Redis, begin: Callable[[], Awaitable[Any]], under_way: str, ended: str) -> None:
    """One that was under way may have begun before the deletion, so it does not count."""
    await _until_idle(redis, under_way)
    while True:
        try:
            await begin()
            break
        except ResponseError as error:
            if "in progress" not in str(error) and "already" not in str(error):
                raise
            await asyncio.sleep(_LOOK_EVERY)
    await _until_idle(redis, under_way)
    if (await _state(redis)).get(ended) != "ok":
        raise FilesNotRewritten("the server says that it failed; its log says why")


async def _until_idle(redis: Redis, under_way: str) -> None:
    while True:
        state = await _state(redis)
        if not state.get(under_way) and not state.get("aof_rewrite_scheduled"):
            return
        await asyncio.sleep(_LOOK_EVERY)


async def _takes_snapshots(redis: Redis, state: dict[str, Any]) -> bool:
    """By its configuration, or since somebody asked for one."""
    try:
        found: Any = await redis.config_get("save")
    except ResponseError:  # managed servers forbid CONFIG
        return True
    return bool(found.get("save")) or bool(state.get("rdb_saves"))


async def _state(redis: Redis) -> dict[str, Any]:
    found: Any = await redis.info("persistence")
    return dict(found)
