"""The embedded server: private, persistent, shared, and gone with its owner."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import redis
from redis.exceptions import RedisError

from services.runtime.embedded_redis import EmbeddedRedis, RedisUnavailable
from services.runtime.streams import open_redis
from tests.redis.readers import STREAM, Hands, put, reading
from tests.redis.waiting import eventually

_OWNER = """
import sys, pathlib
from services.runtime.embedded_redis import EmbeddedRedis
server = EmbeddedRedis(pathlib.Path(sys.argv[1]))
server.start()
print("started", flush=True)
sys.stdin.read()
"""


@contextmanager
def started(folder: Path) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def another_owner(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own that has the server running; killed at the end at the latest."""
    command = [sys.executable, "-c", _OWNER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout
        assert owner.stdout.readline() == b"started\n"
        try:
            yield owner
        finally:
            owner.kill()


def ask(server: EmbeddedRedis) -> redis.Redis:
    return redis.Redis.from_url(server.url, decode_responses=True)


def process_of(server: EmbeddedRedis) -> int:
    with closing(ask(server)) as client:
        return int(client.info("server")["process_id"])


def runs_anew(server: EmbeddedRedis, since: int) -> bool:
    """It answers, and as another process than `since`."""
    try:
        return process_of(server) != since
    except RedisError:
        return False


def answers(server: EmbeddedRedis) -> bool:
    try:
        with closing(ask(server)) as client:
            return bool(client.ping())
    except RedisError:
        return False


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_keeps_what_streams_need(tmp_path: Path) -> None:
    with started(tmp_path / "redis") as server, closing(ask(server)) as client:
        wanted = {"appendonly": "yes", "maxmemory-policy": "noeviction", "save": "", "port": "0"}
        assert {name: client.config_get(name)[name] for name in wanted} == wanted


def test_it_has_a_limit_of_memory_that_its_owner_sets(tmp_path: Path) -> None:
    with started(tmp_path / "redis") as server, closing(ask(server)) as client:
        assert client.config_get("maxmemory")["maxmemory"] == str(2**30)
    server = EmbeddedRedis(tmp_path / "redis", "64mb")
    server.start()
    try:
        with closing(ask(server)) as client:
            assert client.config_get("maxmemory")["maxmemory"] == str(64 * 2**20)
    finally:
        server.stop()


def test_it_is_private_to_its_user(tmp_path: Path) -> None:
    with started(tmp_path / "redis") as server, closing(ask(server)) as client:
        client.set("somebody", "watched")
        assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.socket.stat().st_mode) & 0o077 == 0
        inside = [path for path in server.folder.rglob("*") if not path.is_socket()]
        assert {path.name for path in inside if stat.S_IMODE(path.stat().st_mode) & 0o077 and path.is_file()} == set()


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "redis"
    folder.mkdir(mode=0o755)
    with started(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_long_path_gets_a_short_private_socket_of_its_own(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    with started(deep) as server:
        assert len(str(server.socket)) < 104
        assert answers(server)
        assert stat.S_IMODE(server.socket.parent.stat().st_mode) == 0o700
        assert EmbeddedRedis(deep).socket == server.socket
        assert EmbeddedRedis(deep / "other").socket != server.socket


def test_it_stops_with_its_owner_and_is_there_again_with_everything(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        process = process_of(server)
        with closing(ask(server)) as client:
            client.xadd(STREAM, {"n": "1"})
    assert not lives(process)
    assert not answers(server)
    server.stop()
    with started(tmp_path) as again, closing(ask(again)) as client:
        assert client.xlen(STREAM) == 1


async def test_what_was_written_survives_a_killed_server(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        with closing(ask(server)) as client:
            client.xgroup_create(STREAM, "readers", id="0", mkstream=True)
            for number in range(100):
                client.xadd(STREAM, {"n": str(number)})
            client.xreadgroup("readers", "one", {STREAM: ">"}, count=30)
        process = process_of(server)
        keeper = asyncio.create_task(server.keep())
        os.kill(process, signal.SIGKILL)
        await eventually(lambda: runs_anew(server, process))
        keeper.cancel()
        with closing(ask(server)) as client:
            assert client.xlen(STREAM) == 100
            assert client.xpending(STREAM, "readers")["pending"] == 30


async def test_a_reader_reads_on_when_a_killed_server_is_back(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        client = open_redis(server.url)
        keeper = asyncio.create_task(server.keep())
        hands = Hands()
        async with reading(server.url, hands.consumer(idle=1.0)):
            await put(client, 1)
            await eventually(lambda: hands.done == ["1"])
            process = process_of(server)
            os.kill(process, signal.SIGKILL)
            await eventually(lambda: runs_anew(server, process))
            await put(client, 2)
            await eventually(lambda: "2" in hands.done, within=30)
        keeper.cancel()
        await client.aclose()


def test_what_was_written_survives_a_killed_owner_and_the_server_goes_with_it(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    with another_owner(tmp_path) as owner:
        with closing(ask(server)) as client:
            client.xadd(STREAM, {"n": "1"})
        process = process_of(server)
        owner.kill()
        owner.wait()
    asyncio.run(eventually(lambda: not lives(process)))
    with started(tmp_path) as again, closing(ask(again)) as client:
        assert client.xlen(STREAM) == 1


def test_two_starters_share_one_server_and_the_second_goes_without_it(tmp_path: Path) -> None:
    with started(tmp_path) as first:
        process = process_of(first)
        with started(tmp_path) as second:
            assert second.url == first.url
            assert process_of(second) == process
        assert process_of(first) == process


async def test_when_the_first_keeper_goes_the_next_takes_over_with_everything(tmp_path: Path) -> None:
    with another_owner(tmp_path) as first, started(tmp_path) as second:
        with closing(ask(second)) as client:
            client.xadd(STREAM, {"n": "1"})
        process = process_of(second)
        keeper = asyncio.create_task(second.keep())
        first.kill()
        await eventually(lambda: runs_anew(second, process))
        keeper.cancel()
        with closing(ask(second)) as client:
            assert client.xlen(STREAM) == 1


def test_starting_twice_in_one_process_starts_once(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        process = process_of(server)
        server.start()
        assert process_of(server) == process


def test_a_killed_guard_does_not_leave_a_server_behind(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    server.start()
    process = process_of(server)
    try:
        assert server._guard
        server._guard.kill()
        server._guard.wait()
        server.stop()
        asyncio.run(eventually(lambda: not lives(process)))
    finally:
        if lives(process):
            os.kill(process, signal.SIGTERM)


def test_a_folder_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    blocked = tmp_path / "state"
    blocked.write_text("a file stands where the folder should be")
    with pytest.raises((RedisUnavailable, OSError)):
        EmbeddedRedis(blocked).start()
