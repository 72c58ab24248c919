"""What a running service cannot mend, it ends for: it is started again and sends nothing twice."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, NOTIFY_GROUP, deliveries_stream
from services.notify.app import build_notify
from services.runtime.clock import rfc3339
from services.runtime.heartbeat import WritesRefused, heartbeat_key
from services.runtime.process import run_service
from tests.redis.running import a_partner, running, supervised
from tests.redis.samples import pardon, put_event
from tests.redis.waiting import eventually

LATER = rfc3339(4e9)
"""After the subscriber of the file came, whenever the test runs."""


async def _group_is_read_up(redis: Redis, stream: str) -> bool:
    """By a reader that is there: one that only starts would make a group anew that is deleted under it."""
    groups: Any = await redis.xinfo_groups(stream) if await redis.exists(stream) else []
    return any(
        one["name"] == NOTIFY_GROUP and one["consumers"] and one["pending"] == 0 and not one["lag"] for one in groups
    )


@pytest.mark.parametrize("stream", [EVENTS_STREAM, deliveries_stream("webhook")])
async def test_the_service_ends_when_its_group_is_deleted(
    redis: Redis, redis_url: str, tmp_path: Path, stream: str
) -> None:
    async with a_partner(tmp_path) as partner:
        service = await build_notify(partner.settings(), redis_url)
        async with running(service) as task:
            await eventually(lambda: _group_is_read_up(redis, stream))
            await redis.xgroup_destroy(stream, NOTIFY_GROUP)
            await eventually(task.done, within=45)


async def test_the_service_ends_when_its_stream_is_deleted(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    async with a_partner(tmp_path) as partner:
        service = await build_notify(partner.settings(), redis_url)
        async with running(service) as task:
            await eventually(lambda: _group_is_read_up(redis, EVENTS_STREAM))
            await redis.delete(EVENTS_STREAM)
            await eventually(task.done, within=45)


async def test_the_service_ends_when_the_server_refuses_writes(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    """FastStream's reader would ask again a thousand times a second; the supervisor's pauses grow."""
    async with a_partner(tmp_path) as partner:
        service = await build_notify(partner.settings(), redis_url)
        task = asyncio.create_task(run_service(service))
        await eventually(lambda: redis.exists(heartbeat_key("notify")))  # all runs: a start refused ends otherwise
        await redis.config_set("min-replicas-to-write", 1)
        try:
            await eventually(task.done, within=45)
        finally:
            await redis.config_set("min-replicas-to-write", 0)
        assert isinstance(task.exception(), WritesRefused)


async def test_a_service_started_again_reads_from_the_start_and_sends_nothing_twice(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    async with a_partner(tmp_path) as partner, supervised("notify", partner.environment(redis_url)):
        first = pardon("pardon-20241228-aaaaaa", time=LATER)
        await put_event(redis, first)
        await eventually(lambda: partner.heard_of() == [first.id], within=30)

        await redis.xgroup_destroy(EVENTS_STREAM, NOTIFY_GROUP)
        await eventually(lambda: _group_is_read_up(redis, EVENTS_STREAM), within=30)

        second = pardon("pardon-20241228-bbbbbb", time=LATER)
        await put_event(redis, second)
        await eventually(lambda: second.id in partner.heard_of(), within=30)
        await eventually(lambda: _group_is_read_up(redis, deliveries_stream("webhook")), within=30)
        assert partner.heard_of() == [first.id, second.id]
