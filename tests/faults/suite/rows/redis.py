"""What Redis, and the way to it, can do to us."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path
from typing import Final

from services.runtime.embedded_redis import server_binary
from services.runtime.redis_server import Server
from tests.faults.suite.case import Asked, Case
from tests.faults.suite.house import House, open_house
from tests.faults.suite.partner import hand_in
from tests.faults.suite.proxy import Mode
from tests.faults.suite.table import Row

_LASTS: Final = 20.0
"""Seconds of an outage."""
_PATIENCE: Final = 345.0


def _killed(name: str, what: str, *, proxied: bool) -> Case:
    async def run(_asked: Asked) -> list[Row]:
        async with open_house(20, 20, 20) as house:
            if not proxied:
                house.changes["REDIS_URL"] = house.embedded.url
            for side in house.far_sides:
                side.thinks = 0.2
            await house.start("ingest", "notify")
            for _ in range(3):
                await house.publish(2)
                await house.until_sending("email", "telegram", "webhook")
                await asyncio.sleep(random.uniform(0, 0.5))
                with house.fault():
                    await house.kill_redis()
                    await asyncio.sleep(2)
                    await house.revive_redis()
                await asyncio.sleep(2)
            await house.publish()
            await house.settle(_PATIENCE)
            return [house.row(f"Redis killed and started three times while sending, {what}", await _buried(house))]

    return Case(name, f"Redis is killed and comes back, {what}", run)


async def _down(_asked: Asked) -> list[Row]:
    """Reports are refused in a way that a partner understands, and accepted when it is back."""
    async with open_house(10, 10, 10) as house:
        await house.start("ingest", "notify")
        await house.publish()
        await house.until_sending("email")
        begin = time.time()
        with house.fault():
            await house.kill_redis()
            handing_in = asyncio.create_task(hand_in(house, 3))
            await asyncio.sleep(1)
            answer = await house.report(999)
            ready = await house.get("notify", "/readyz")
            await asyncio.sleep(max(0.0, begin + _LASTS - time.time()))
            await house.revive_redis()
        await handing_in
        await house.settle(_PATIENCE)
        status = 0 if answer is None else answer.status_code
        said = status == 503 and answer is not None and "retry-after" in answer.headers
        remarks = (
            "" if said else f"POST /v1/reports answered {status}, not 503 with Retry-After",
            "/readyz is 200 while Redis is away" if ready == 200 else "",
            await _buried(house),
        )
        return [house.row("Redis away for 20 s, reports come in meanwhile", *remarks)]


def _line(mode: Mode, what: str) -> Case:
    async def run(_asked: Asked) -> list[Row]:
        async with open_house(20, 20, 20) as house:
            for side in house.far_sides:
                side.thinks = 0.2
            await house.start("notify")
            await house.publish(2)
            await house.until_sending("email", "telegram", "webhook")
            with house.fault():
                house.proxy.be(mode)
                await asyncio.sleep(1)
                await house.publish()
                await asyncio.sleep(_LASTS)
                house.proxy.be("pass")
            await house.settle(_PATIENCE)
            return [house.row(f"the line to Redis {what} for 20 s", await _buried(house))]

    return Case(f"line-{mode}", f"the line to Redis {what}", run)


def _refuses(name: str, what: str, begin: tuple[str, ...], end: tuple[str, ...]) -> Case:
    async def run(_asked: Asked) -> list[Row]:
        async with open_house(20, 20, 20) as house:
            for side in house.far_sides:
                side.thinks = 0.4
            await house.start("ingest", "notify")
            await house.publish(2)
            await house.until_sending("email", "telegram", "webhook")
            with house.fault():
                await house.redis.execute_command(*begin)  # type: ignore[no-untyped-call]
                handing_in = asyncio.create_task(hand_in(house, 2))
                await asyncio.sleep(_LASTS)
                await house.redis.execute_command(*end)  # type: ignore[no-untyped-call]
            await handing_in
            await house.settle(_PATIENCE)
            return [house.row(f"Redis refuses writes ({what}) for 20 s", await _buried(house))]

    return Case(name, f"Redis refuses writes: {what}", run)


async def _evicting(_asked: Asked) -> list[Row]:
    async with open_house(email=1) as house:
        await house.redis.config_set("maxmemory-policy", "allkeys-lru")
        return [await _refused(house, "Redis with allkeys-lru")]


async def _clustered(_asked: Asked) -> list[Row]:
    async with open_house(email=1) as house:
        socket = house.folder / "cluster.sock"
        process = await asyncio.create_subprocess_exec(*_cluster(house.folder, socket))
        try:
            while not socket.exists():
                await asyncio.sleep(0.1)
            house.changes["REDIS_URL"] = Server(f"unix://{socket}").url
            return [await _refused(house, "Redis in cluster mode")]
        finally:
            process.kill()
            await process.wait()


def _cluster(folder: Path, socket: Path) -> tuple[str, ...]:
    """Without a port a cluster has no bus; any free one will do."""
    files = ("--dir", str(folder), "--logfile", str(folder / "cluster.log"), "--unixsocket", str(socket))
    return (server_binary(), *files, "--bind", "127.0.0.1", "--port", "0", "--cluster-enabled", "yes", "--save", "")


async def _refused(house: House, fault: str) -> Row:
    """A service must end by itself, and say in its log what is wrong."""
    await house.start("notify", ready=False)
    end = time.time() + 30
    while time.time() < end and not house.programs.ended("notify"):
        await asyncio.sleep(0.2)
    ended = house.programs.ended("notify")
    said = any(word in house.programs.log.read_text() for word in ("evict", "noeviction", "cluster"))
    return house.row(fault, "" if ended else "notify starts all the same", "" if said else "nothing is said of it")


async def _buried(house: House) -> str:
    """No fault of Redis makes anything poison: only what cannot be composed or rendered is."""
    answer = await house.vestka("dead", "list", "--output", "json")
    count = answer.out.count('"poison"')
    return f"{count} buried as poison" if count else ""


CASES = (
    _killed("redis-killed", "straight", proxied=False),
    _killed("redis-killed-proxied", "behind a proxy that accepts and resets", proxied=True),
    Case("redis-away", "Redis is away while reports come in", _down),
    _line("reset", "accepts and resets"),
    _line("swallow", "is a black hole"),
    _line("slow", "takes 300 ms each way"),
    _refuses("redis-full", "out of memory", ("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "1gb")),
    _refuses("redis-read-only", "read-only", ("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
    Case("redis-evicting", "a Redis that throws keys away is refused by name", _evicting),
    Case("redis-cluster", "a Redis in cluster mode is refused by name", _clustered),
)
