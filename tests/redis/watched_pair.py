"""A master, its replica and a sentinel on loopback: real servers, for as long as a test needs them."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.runtime.embedded_redis import server_binary
from tests.redis.waiting import eventually

PASSWORD: Final = "s3cret"
SENTINELS_OWN: Final = "s3cret-too"


class WatchedPair:
    """`url` is what REDIS_URL would say. The first address in it is of nobody."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.first, self.second, self.sentinel, nobody = free_ports(4)
        self.url = (
            f"redis+sentinel://:{PASSWORD}@127.0.0.1:{nobody},127.0.0.1:{self.sentinel}/main/0"
            f"?sentinel_password={SENTINELS_OWN}"
        )

    async def begin(self) -> None:
        """Returns when the replica follows and the sentinel knows of it."""
        auth = f"requirepass {PASSWORD}\nmasterauth {PASSWORD}\n"
        usual = f'{auth}save ""\nappendonly yes\nrepl-diskless-sync-delay 0\n'
        self._start(self.first, usual)
        self._start(self.second, f"{usual}replicaof 127.0.0.1 {self.first}\n")
        await eventually(lambda: self._says(self.second, "master_link_status", "up"))
        self._start(
            self.sentinel,
            f"requirepass {SENTINELS_OWN}\n"
            f"sentinel monitor main 127.0.0.1 {self.first} 1\nsentinel auth-pass main {PASSWORD}\n"
            "sentinel down-after-milliseconds main 500\nsentinel failover-timeout main 3000\n",
            "--sentinel",
        )
        await eventually(self._replica_is_known, within=30)

    async def kill_the_master(self) -> None:
        """As a machine that is lost: after the replica has what was written."""
        async with self.at(self.first) as master:
            await master.wait(1, 5_000)
        self._processes[self.first].kill()
        self._processes[self.first].wait()

    async def order_a_failover(self) -> None:
        """Both servers live on, in each other's place."""
        async with self._asked() as sentinel:
            await sentinel.sentinel_failover("main")
        await eventually(lambda: self._says(self.first, "role", "slave"), within=30)

    async def change_places(self) -> None:
        """By hand, with no sentinel to see it: nobody's connection is closed."""
        self._processes[self.sentinel].kill()
        async with self.at(self.first) as master, self.at(self.second) as replica:
            await replica.replicaof("NO", "ONE")
            await master.replicaof("127.0.0.1", str(self.second))

    def at(self, port: int) -> Redis:
        return Redis(host="127.0.0.1", port=port, password=PASSWORD, decode_responses=True)

    def end(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.wait()

    def _start(self, port: int, text: str, *words: str) -> None:
        folder = self._folder / str(port)
        folder.mkdir()
        file = folder / "server.conf"
        file.write_text(f"port {port}\nbind 127.0.0.1\ndir {folder}\n{text}")
        command = [server_binary(), str(file), *words]
        self._processes[port] = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _asked(self) -> Redis:
        return Redis(host="127.0.0.1", port=self.sentinel, password=SENTINELS_OWN, decode_responses=True)

    async def _says(self, port: int, name: str, value: str) -> bool:
        try:
            async with self.at(port) as server:
                return bool((await server.info("replication")).get(name) == value)
        except RedisError:
            return False

    async def _replica_is_known(self) -> bool:
        try:
            async with self._asked() as sentinel:
                known: Any = await sentinel.sentinel_slaves("main")
        except RedisError:
            return False
        return any(one["port"] == self.second and not one["is_disconnected"] for one in known)


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in held]


@asynccontextmanager
async def a_watched_pair(folder: Path) -> AsyncIterator[WatchedPair]:
    pair = WatchedPair(folder)
    try:
        await pair.begin()
        yield pair
    finally:
        pair.end()
