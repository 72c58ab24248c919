"""One server a test process, on a folder that goes away with it; every test begins on an empty one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.streams import open_redis
from tests.redis.house import House


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(tmp_path_factory.mktemp("redis") / "state")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: EmbeddedRedis) -> str:
    return redis_server.url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = open_redis(redis_url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def house(redis: Redis) -> AsyncIterator[House]:
    house = House(redis)
    await house.changes.open()
    yield house
    await house.changes.close()
