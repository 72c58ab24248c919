"""Reading a Redis stream without losing anything: a reclaimer beside every reader.

FastStream reads what is new. What a dead process or a failed handler left pending it never reads again, so the
reclaimer does: it takes entries that have lain idle and hands them to the same handler. An entry that fails time and
again is buried as poison, so that it can block nothing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog
from faststream.message import StreamMessage
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.prometheus import RedisPrometheusMiddleware
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.runtime.connections import is_shortage, until_written
from services.runtime.sentinels import reached_at
from services.runtime.streams import Entry

log = structlog.get_logger(__name__)

_POLL: Final = 1000  # milliseconds
_BROKER_CONNECTIONS: Final = 100
"""For FastStream's readers and whatever else it asks; opened only as they are needed."""


@dataclass(frozen=True, slots=True)
class StreamConsumer:
    """A stream that this process reads for a group, and how its entries are handled. Times are in seconds."""

    stream: str
    group: str
    name: str
    """Of this process in the group, see `consumer_name`."""
    handle: Callable[[Entry], Awaitable[None]]
    """Returns: done. Raises: not done, and the reclaimer brings the entry back."""
    bury: Callable[[Entry, int], Awaitable[None]]
    """Called instead of `handle` once an entry was delivered more than `most_deliveries` times."""
    idle: float = 15.0
    """How long an entry lies before it counts as abandoned; longer than a living handler is silent."""
    most_deliveries: int = 5
    workers: int = 1
    together: int = 1
    """How many that came at once are taken in one step, and handled side by side. FastStream's own work, and its
    acknowledgement, are then done once for all of them. Where it is more than one there is one worker."""


def open_broker(url: str, metrics: CollectorRegistry, at_once: int = 0) -> RedisBroker:
    """FastStream's side of the connection. Its line per message is for debugging only; its numbers join ours.

    It fills in no parameters (`apply_types`): for what is not an argument of its own it starts a group of tasks and
    asks a thread, for each message, and our handlers take the message alone.
    `at_once`: how many entries of all streams are worked on at once, since each is acknowledged on a connection.
    """
    address, by_sentinels = reached_at(url)
    connection: dict[str, Any] = {} if by_sentinels is None else {"connection_class": by_sentinels}
    return RedisBroker(
        address,
        **connection,
        max_connections=_BROKER_CONNECTIONS + at_once,
        apply_types=False,
        logger=logging.getLogger("vestka.faststream"),
        log_level=logging.DEBUG,
        middlewares=[RedisPrometheusMiddleware(registry=metrics)],
    )


def consumer_name() -> str:
    """One name a process, so that what a dead one left pending is never mistaken for our own."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


def attach_consumer(broker: RedisBroker, redis: Redis, consumer: StreamConsumer) -> None:
    """Registers FastStream's reader of what is new. `max_records` bounds what one consumer takes at once."""
    if consumer.together > 1:
        _attach_reader_of_many(broker, redis, consumer)
        return
    most = max(10, consumer.workers)
    stream = StreamSub(
        consumer.stream, group=consumer.group, consumer=consumer.name, max_records=most, polling_interval=_POLL
    )

    @broker.subscriber(stream=stream, max_workers=consumer.workers, title=consumer.stream, decoder=_as_it_came)
    async def read(raw: dict[str, Any]) -> None:
        entry = Entry(consumer.stream, raw["message_ids"][0].decode(), _text(raw["data"]))
        async with _kept_alive(redis, consumer, entry):
            await consumer.handle(entry)


def _attach_reader_of_many(broker: RedisBroker, redis: Redis, consumer: StreamConsumer) -> None:
    stream = StreamSub(
        consumer.stream,
        group=consumer.group,
        consumer=consumer.name,
        max_records=consumer.together,
        polling_interval=_POLL,
        batch=True,
    )

    async def as_it_is(raw: dict[str, Any], parse: Callable[..., Awaitable[Any]]) -> Any:
        # FastStream would write all fields as one JSON document, and read that again.
        message = await parse({**raw, "data": []})
        message.raw_message = raw
        return message

    @broker.subscriber(stream=stream, title=consumer.stream, parser=as_it_is, decoder=_as_it_came)
    async def read(raw: dict[str, Any]) -> None:
        pairs = zip(raw["message_ids"], raw["data"], strict=True)
        entries = [Entry(consumer.stream, entry_id.decode(), _text(fields)) for entry_id, fields in pairs]
        async with _kept_alive(redis, consumer, *entries):
            ended = await asyncio.gather(*map(consumer.handle, entries), return_exceptions=True)
        if failed := [error for error in ended if error is not None]:  # FastStream acknowledges all or none
            done = [entry.id for entry, error in zip(entries, ended, strict=True) if error is None]
            if done:
                await until_written(lambda: redis.xack(consumer.stream, consumer.group, *done))
            raise failed[0]


async def _as_it_came(message: StreamMessage[Any]) -> Any:
    return message.raw_message


@asynccontextmanager
async def _kept_alive(redis: Redis, consumer: StreamConsumer, *entries: Entry) -> AsyncIterator[None]:
    """Refreshes our claim on entries while they are worked on, so that no reclaimer takes them from a living job."""
    ids: list[Any] = [entry.id for entry in entries]

    async def refresh() -> None:
        while True:
            await asyncio.sleep(consumer.idle / 3)
            try:
                await redis.xclaim(consumer.stream, consumer.group, consumer.name, 0, ids, justid=True)
            except Exception as error:
                if not is_shortage(error):
                    raise
                log.warning("claim_not_refreshed", stream=consumer.stream, entry=ids[0])

    task = asyncio.create_task(refresh())
    try:
        yield
    finally:
        task.cancel()


async def reclaim_forever(redis: Redis, consumer: StreamConsumer) -> None:
    """Until cancelled: brings back what was read and not finished."""
    pause = min(consumer.idle / 2, 5.0)
    while True:
        try:
            await _reclaim_all(redis, consumer)
        except (RedisError, OSError, MemoryError) as error:
            log.warning("reclaim_failed", stream=consumer.stream, error=type(error).__name__)
        await asyncio.sleep(pause)


async def _reclaim_all(redis: Redis, consumer: StreamConsumer) -> None:
    cursor = "0-0"
    while True:
        taken: Any = await redis.xautoclaim(
            consumer.stream,
            consumer.group,
            consumer.name,
            int(consumer.idle * 1000),
            cursor,
            count=max(10, consumer.workers),
        )
        cursor, entries, *_ = taken
        await asyncio.gather(*(_redo(redis, consumer, Entry(consumer.stream, *entry)) for entry in entries))
        if cursor == "0-0":
            return


async def _redo(redis: Redis, consumer: StreamConsumer, entry: Entry) -> None:
    async with _kept_alive(redis, consumer, entry):
        deliveries = await until_written(lambda: _deliveries(redis, consumer, entry.id))
        try:
            if deliveries > consumer.most_deliveries:
                await consumer.bury(entry, deliveries)
            else:
                await consumer.handle(entry)
        except Exception as error:
            if not is_shortage(error):
                log.exception("entry_failed_again", stream=consumer.stream, entry=entry.id, deliveries=deliveries)
                return
            log.warning("entry_waits", stream=consumer.stream, entry=entry.id, error=type(error).__name__)
            await until_written(lambda: _uncount(redis, consumer, entry.id, deliveries))
            return
        await until_written(lambda: redis.xack(consumer.stream, consumer.group, entry.id))


async def _uncount(redis: Redis, consumer: StreamConsumer, entry_id: str, deliveries: int) -> None:
    """We were short of something, so the entry is not at fault: as if it had not been delivered this time."""
    await redis.xclaim(
        consumer.stream, consumer.group, consumer.name, 0, [entry_id], retrycount=max(deliveries - 1, 1), justid=True
    )


async def _deliveries(redis: Redis, consumer: StreamConsumer, entry_id: str) -> int:
    pending: Any = await redis.xpending_range(consumer.stream, consumer.group, entry_id, entry_id, 1)
    return int(pending[0]["times_delivered"]) if pending else 1


def _text(fields: dict[bytes, bytes]) -> dict[str, str]:
    return {_decoded(name): _decoded(value) for name, value in fields.items()}


def _decoded(raw: bytes) -> str:
    return raw.decode(errors="backslashreplace")
