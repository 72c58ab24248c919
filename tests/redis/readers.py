"""A reader and its reclaimer running as in a service, on a stream and a handler of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from services.runtime.consumers import StreamConsumer, attach_consumer, open_broker, reclaim_forever
from services.runtime.streams import Entry, ensure_group, open_redis

STREAM, GROUP = "sample:work", "readers"


@dataclass
class Hands:
    """Handles entries and keeps what it saw; `does` is what a test wants to happen besides."""

    does: Callable[[Entry], Awaitable[None]] | None = None
    begun: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    buried: list[tuple[str, int]] = field(default_factory=list)

    async def handle(self, entry: Entry) -> None:
        self.begun.append(entry.fields["n"])
        if self.does is not None:
            await self.does(entry)
        self.done.append(entry.fields["n"])

    async def bury(self, entry: Entry, deliveries: int) -> None:
        self.buried.append((entry.fields["n"], deliveries))

    def consumer(self, name: str = "one", **changes: Any) -> StreamConsumer:
        usual = StreamConsumer(STREAM, GROUP, name, self.handle, self.bury, idle=0.4)
        return replace(usual, **changes)


@asynccontextmanager
async def reading(url: str, consumer: StreamConsumer, reclaims: bool = True) -> AsyncIterator[None]:
    """As in a service: the group first, then the reader, and the reclaimer beside it."""
    redis = open_redis(url)
    broker = open_broker(url, CollectorRegistry())
    await ensure_group(redis, consumer.stream, consumer.group)
    attach_consumer(broker, redis, consumer)
    await broker.start()
    reclaimer = asyncio.create_task(reclaim_forever(redis, consumer)) if reclaims else None
    try:
        yield
    finally:
        if reclaimer is not None:
            reclaimer.cancel()
            await asyncio.gather(reclaimer, return_exceptions=True)
        await broker.stop()
        await redis.aclose()


async def put(redis: Redis, *numbers: object) -> None:
    for number in numbers:
        await redis.xadd(STREAM, {"n": str(number)})


async def pending(redis: Redis, stream: str = STREAM, group: str = GROUP) -> int:
    found: Any = await redis.xpending(stream, group)
    return int(found["pending"])


async def take_and_die(redis: Redis, consumer: str = "dead") -> None:
    """What a consumer that was killed leaves behind: entries read, never acknowledged."""
    await ensure_group(redis, STREAM, GROUP)
    await redis.xreadgroup(GROUP, consumer, {STREAM: ">"})
