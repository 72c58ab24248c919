"""Streams of Redis: their entries, their groups from the start, how old what waits in them is, and their trimming."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from services.runtime.connections import open_redis as open_redis
from services.runtime.retention import Retention

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a stream. `fields` are our own plain ones, readable by any Redis client."""

    stream: str
    id: str
    fields: dict[str, str]


async def entries_between(
    redis: Redis, stream: str, first: str = "-", last: str = "+", count: int | None = None
) -> list[Entry]:
    found: Any = await redis.xrange(stream, first, last, count)
    return [Entry(stream, entry_id, fields) for entry_id, fields in found]


async def all_entries(redis: Redis, stream: str, first: str = "-", last: str = "+") -> AsyncIterator[Entry]:
    """Page by page, so that a long stream is never held whole."""
    while page := await entries_between(redis, stream, first, last, _PAGE):
        for entry in page:
            yield entry
        first = f"({page[-1].id}"


async def ensure_group(redis: Redis, stream: str, group: str) -> None:
    """Creates the group at 0: one created at `$`, as FastStream would, loses what was written before it."""
    try:
        await redis.xgroup_create(stream, group, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise


async def oldest_pending_seconds(redis: Redis, stream: str, group: str, now: float) -> float:
    """Age of the oldest entry read and not finished; 0 where there is none."""
    pending: Any = await redis.xpending(stream, group)
    if not pending["pending"]:
        return 0.0
    return max(0.0, now - milliseconds_of(pending["min"]) / 1000)


async def oldest_unfinished_seconds(redis: Redis, stream: str, group: str, now: float) -> float:
    """As above, and of what nobody has even read; 0 where there is neither, or no such group."""
    try:
        groups: Any = await redis.xinfo_groups(stream)
    except ResponseError:  # no such stream
        return 0.0
    read_to = next((one["last-delivered-id"] for one in groups if one["name"] == group), None)
    if read_to is None:
        return 0.0
    unread = await entries_between(redis, stream, f"({read_to}", count=1)
    waiting = max(0.0, now - milliseconds_of(unread[0].id) / 1000) if unread else 0.0
    return max(waiting, await oldest_pending_seconds(redis, stream, group, now))


async def trim(redis: Redis, stream: str, older_than: float, now: float) -> int:
    """Removes entries older than `older_than` seconds, and never one that some group has not finished with."""
    groups: Any = await redis.xinfo_groups(stream)
    floors = [f"{int((now - older_than) * 1000)}-0"]
    for group in groups:
        pending: Any = await redis.xpending(stream, group["name"])
        floors.append(pending["min"] if pending["pending"] else group["last-delivered-id"])
    floor = min(floors, key=_order)
    return int(await redis.xtrim(stream, minid=floor, approximate=False))


def _order(entry_id: str) -> tuple[int, int]:
    milliseconds, _, number = entry_id.partition("-")
    return int(milliseconds), int(number)


async def forget_consumers(redis: Redis, stream: str, group: str) -> None:
    """Removes the names of processes long gone that left nothing unfinished."""
    consumers: Any = await redis.xinfo_consumers(stream, group)
    for consumer in consumers:
        if consumer["pending"] == 0 and consumer["idle"] > Retention.CONSUMERS * 1000:
            await redis.xgroup_delconsumer(stream, group, consumer["name"])


def milliseconds_of(entry_id: str) -> int:
    """When the entry was written, Unix milliseconds by the server's clock."""
    return int(entry_id.split("-")[0])
