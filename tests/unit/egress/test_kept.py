"""Connections at rest: so many, so long, and the newest first."""

from __future__ import annotations

import asyncio

from services.egress import EgressPolicy
from services.egress.kept import KeptConnections
from services.egress.targets import Guard, Target
from services.egress.wire import Connection

HERE, THERE = (Target.of(Guard(EgressPolicy()).read_url(f"https://{name}.example.org/")) for name in ("here", "there"))


class Line(asyncio.Transport):
    """Goes nowhere, and can be cut."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection
        self._closing = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is written."""

    def is_closing(self) -> bool:
        return self._closing

    def abort(self) -> None:
        if not self._closing:
            self._closing = True
            asyncio.get_running_loop().call_soon(self._connection.connection_lost, None)


def opened(kept: KeptConnections) -> Connection:
    connection = Connection()
    connection.connection_made(Line(connection))
    kept.add(connection)
    return connection


async def test_the_one_that_came_last_goes_first_and_only_to_where_it_leads() -> None:
    kept = KeptConnections()
    first, second, elsewhere = opened(kept), opened(kept), opened(kept)
    for target, connection in ((HERE, first), (HERE, second), (THERE, elsewhere)):
        kept.give_back(target, connection)
    assert [kept.take(HERE), kept.take(HERE), kept.take(HERE)] == [second, first, None]
    assert kept.take(THERE) is elsewhere
    await kept.close()


async def test_the_oldest_makes_room() -> None:
    kept = KeptConnections(most=2)
    connections = [opened(kept) for _ in range(3)]
    for connection in connections:
        kept.give_back(HERE, connection)
    assert [connection.stands for connection in connections] == [False, True, True]
    await kept.close()


async def test_none_rests_for_longer_than_it_may() -> None:
    kept = KeptConnections(seconds=0)
    connection = opened(kept)
    kept.give_back(HERE, connection)
    await connection.gone
    assert kept.take(HERE) is None
    await kept.close()


async def test_one_that_ended_while_it_rested_is_not_given_out() -> None:
    kept = KeptConnections()
    alive, ended = opened(kept), opened(kept)
    for connection in (alive, ended):
        kept.give_back(HERE, connection)
    ended.abort()
    assert kept.take(HERE) is alive
    assert kept.take(HERE) is None
    await kept.close()


async def test_closing_ends_those_at_work_too() -> None:
    kept = KeptConnections()
    connections = [opened(kept) for _ in range(3)]
    kept.give_back(HERE, connections[0])
    await kept.close()
    assert all(connection.gone.done() for connection in connections)
