"""How often an event waits for the store before it leaves, one answer after the other: that is most of its way where
nobody else is told anything. Counted and not timed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from services.contract import EVENTS_STREAM, Event
from services.runtime.connections import open_redis
from services.runtime.streams import Entry, entries_between
from tests.redis.house import House
from tests.redis.samples import pardon

EVENT, WARM = pardon(), pardon("pardon-20241227-bbbbbb")
BEFORE_IT_LEAVES = 3
"""Is it few who ask, beside: a revision was noted. Who they are, beside: what holds it back. And the claim."""
AFTERWARDS = 3
"""That it was routed; how it ended; and that the far side took it."""


class Waits:
    """How often the process waited for the store with nothing else under way there."""

    def __init__(self) -> None:
        self.count = 0
        self._asked = 0

    def ask(self) -> None:
        self.count += not self._asked
        self._asked += 1

    def hear(self) -> None:
        self._asked -= 1


def counting(usual: type[Any], waits: Waits) -> type[Any]:
    class Counted(usual):  # type: ignore[misc]
        """Tells when a command leaves, and when its answers begin to come."""

        _asked = False

        async def send_packed_command(self, *args: Any, **kwargs: Any) -> None:
            if not self._asked:
                self._asked = True
                waits.ask()
            await super().send_packed_command(*args, **kwargs)

        async def read_response(self, *args: Any, **kwargs: Any) -> Any:
            try:
                return await super().read_response(*args, **kwargs)
            finally:
                if self._asked:
                    self._asked = False
                    waits.hear()

    return Counted


@pytest.fixture
async def counted(redis: Redis, redis_url: str) -> AsyncIterator[tuple[House, Waits]]:
    waits, client = Waits(), open_redis(redis_url)
    client.connection_pool.connection_class = counting(client.connection_pool.connection_class, waits)
    told_of = House(redis)
    await told_of.changes.open()
    house = House(client)
    house.notifier = replace(house.notifier, few=10)
    house.senders.update({name: replace(one, changes=told_of.changes) for name, one in house.senders.items()})
    yield house, waits
    await told_of.changes.close()
    await client.aclose()


async def published(house: House, event: Event) -> Entry:
    entry_id = await house.publish(event)
    [entry] = await entries_between(house.redis, EVENTS_STREAM, entry_id, entry_id)
    return entry


async def test_an_event_that_one_reader_asked_for_waits_for_the_store_a_few_times_only(
    counted: tuple[House, Waits],
) -> None:
    house, waits = counted
    house.senders.pop("telegram")
    await house.subscribe()
    await house.deliver(WARM)  # connections stand, and scripts are known
    entry = await published(house, EVENT)
    before = waits.count
    await house.notifier.on_event(entry)
    await house.finish()
    assert [one.event.id for one in house.mail.attempted] == [WARM.id, EVENT.id]
    assert waits.count - before <= BEFORE_IT_LEAVES + AFTERWARDS


async def test_a_write_that_the_network_does_not_take_at_once_arrives_whole(redis: Redis) -> None:
    large = "x" * 8_000_000
    await redis.set("large", large)
    assert await redis.get("large") == large


async def test_a_connection_that_was_cut_is_a_lost_one_and_the_next_command_has_another(redis: Redis) -> None:
    async with redis.client() as alone:
        await alone.set("kept", "1")
        assert alone.connection is not None
        writer = alone.connection._writer
        assert writer is not None
        writer.transport.abort()
        with pytest.raises(RedisConnectionError):
            await alone.connection.send_packed_command([b"*1\r\n$4\r\nPING\r\n"], False)
    assert await redis.get("kept") == "1"
