"""Connections to Redis are shared by everybody, a few for many: each answer is whose question it answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from services.runtime.connections import open_redis
from tests.redis.waiting import eventually


@pytest.fixture
async def narrow(redis_url: str) -> AsyncIterator[Redis]:
    client = open_redis(redis_url, connections=2)
    yield client
    await client.aclose()


async def test_more_who_ask_than_there_are_connections_are_all_answered(redis: Redis, narrow: Any) -> None:
    async def ask(number: int) -> str:
        for _ in range(5):
            await narrow.echo("before")
        return str(await narrow.echo(str(number)))

    assert await asyncio.gather(*map(ask, range(40))) == [str(number) for number in range(40)]
    assert len([one for one in await redis.client_list() if one["cmd"] == "echo"]) <= 2


async def test_who_gave_up_standing_in_line_keeps_nobody_back(narrow: Any) -> None:
    pool: Any = narrow.connection_pool
    held = [await pool.get_connection() for _ in range(2)]
    waiting = [asyncio.create_task(narrow.echo("never")) for _ in range(3)]
    await asyncio.sleep(0)
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for connection in held:
        await pool.release(connection)
    assert list(await asyncio.gather(*map(narrow.echo, "abc"))) == ["a", "b", "c"]


async def test_a_connection_that_the_server_closed_while_it_rested_is_replaced(redis: Redis, narrow: Any) -> None:
    mine = await narrow.client_id()
    await redis.client_kill_filter(_id=mine)
    await eventually(lambda: _is_gone(redis, mine))
    assert await narrow.echo("still") == "still"
    assert await narrow.client_id() != mine


async def _is_gone(redis: Redis, client_id: int) -> bool:
    return all(int(one["id"]) != client_id for one in await redis.client_list())


async def test_an_answer_that_nobody_took_is_not_the_next_ones(narrow: Any) -> None:
    pool: Any = narrow.connection_pool
    connection = await pool.get_connection()
    await connection.send_command("ECHO", "of another")
    await eventually(connection.can_read)
    await pool.release(connection)
    assert await narrow.echo("mine") == "mine"


async def test_a_connection_that_broke_in_use_is_not_lost_to_the_others(redis: Redis, narrow: Any) -> None:
    for _ in range(5):
        asked = asyncio.create_task(narrow.blpop(["nothing:comes"], timeout=0))
        await eventually(lambda: _blocked(redis))
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        await eventually(lambda: _none_blocked(redis))
    assert list(await asyncio.gather(*map(narrow.echo, "abc"))) == ["a", "b", "c"]


async def _blocked(redis: Redis) -> bool:
    found: Any = await redis.info("clients")
    return int(found["blocked_clients"]) > 0


async def _none_blocked(redis: Redis) -> bool:
    return not await _blocked(redis)
