"""All that a server holds, as text: for tests that look for what must not be there."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis


async def everything_in(redis: Redis) -> str:
    """Every key and what it holds. Not by DUMP, which may compress."""
    held = [(key, await _content(redis, key)) async for key in redis.scan_iter()]
    return repr(held)


async def streams_in(redis: Redis) -> str:
    held = [(key, await redis.xrange(key)) async for key in redis.scan_iter(_type="stream")]
    return repr(held)


async def _content(redis: Redis, key: str) -> Any:
    match await redis.type(key):
        case "string":
            return await redis.get(key)
        case "hash":
            return await redis.hgetall(key)
        case "set":
            return await redis.smembers(key)
        case "zset":
            return await redis.zrange(key, 0, -1)
        case "list":
            return await redis.lrange(key, 0, -1)
        case "stream":
            return await redis.xrange(key)
        case kind:
            raise AssertionError(f"{key!r} is a {kind!r}, which no test can look into yet")
