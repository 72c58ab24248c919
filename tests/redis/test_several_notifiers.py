"""`vestka run notify --processes 2`: each delivery once, by whoever is free; one that is killed comes back."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, NOTIFY_GROUP
from services.demo.stage import free_port
from services.runtime.clock import rfc3339
from tests.conformance.receivers import HttpReceiver, listening
from tests.redis.running import Partner
from tests.redis.samples import pardon, put_event
from tests.redis.waiting import eventually

READERS = 36
LATER = rfc3339(4e9)
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_SENT = 'vestka_deliveries_total{channel="webhook",outcome="sent",reason=""}'


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@dataclass
class Notifiers:
    """The command that keeps two processes, who is reached by them, and what came."""

    command: asyncio.subprocess.Process
    redis: Redis
    receiver: HttpReceiver
    url: str
    log: Path

    async def pids(self) -> set[int]:
        """Of the processes that read the stream and live."""
        group: Any = await self.redis.xinfo_groups(EVENTS_STREAM) if await self.redis.exists(EVENTS_STREAM) else []
        consumers: Any = await self.redis.xinfo_consumers(EVENTS_STREAM, NOTIFY_GROUP) if group else []
        named = {int(consumer["name"].rsplit("-", 2)[1]) for consumer in consumers}
        return {pid for pid in named if lives(pid)}

    async def both_read(self) -> bool:
        return len(await self.pids()) == 2

    async def publish(self, *stories: str) -> Counter[tuple[str, str]]:
        """What is due: each event once at each reader's path."""
        events = [pardon(f"pardon-20241228-{story}", time=LATER) for story in stories]
        for event in events:
            await put_event(self.redis, event)
        return Counter((f"/{number}", event.id) for number in range(READERS) for event in events)

    @property
    def came(self) -> Counter[tuple[str, str]]:
        return Counter((request.path, request.headers["webhook-id"]) for request in self.receiver.requests)

    async def sent_by_metrics(self) -> set[float]:
        """What several askers are told, each over a connection of its own and so by whoever takes it."""
        found: set[float] = set()
        for _ in range(6):
            async with httpx.AsyncClient() as client:
                lines = (await client.get(f"{self.url}/metrics", timeout=20)).text.splitlines()
            found.update(float(line.rpartition(" ")[2]) for line in lines if line.startswith(_SENT))
        return found

    async def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        await eventually(lambda: not lives(pid))


@asynccontextmanager
async def two_notifiers(redis: Redis, redis_url: str, folder: Path) -> AsyncIterator[Notifiers]:
    receiver, file, log, port = HttpReceiver(), folder / "subscribers.yaml", folder / "log", free_port(0)
    async with listening(receiver.serve) as far:
        targets = [f"http://127.0.0.1:{far}/{number}" for number in range(READERS)]
        entries = [
            {"id": f"reader-{number}", "channels": [{"channel": "webhook", "target": target, "secrets": [_SECRET]}]}
            for number, target in enumerate(targets)
        ]
        file.write_text(json.dumps({"subscribers": entries}))
        environment = Partner(receiver, file).environment(redis_url)
        environment |= {"VESTKA_NOTIFY_PORT": str(port), "VESTKA_RECLAIM_AFTER": "1.5"}
        environment |= {"VESTKA_STATE_DIR": str(folder / "state"), "VESTKA_KEYS_DIR": str(folder / "keys")}
        with log.open("wb") as written:
            command = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "services.cli", "run", "notify", "--processes", "2"),
                env={**os.environ, **environment},
                stderr=written,
            )
        notifiers = Notifiers(command, redis, receiver, f"http://127.0.0.1:{port}", log)
        try:
            await eventually(notifiers.both_read)
            yield notifiers
        finally:
            if command.returncode is None:
                command.terminate()
            await command.wait()


async def test_both_share_the_work_and_each_delivery_is_made_once(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    async with two_notifiers(redis, redis_url, tmp_path) as notifiers:
        before = await notifiers.pids()
        due = await notifiers.publish("aaaaaa", "bbbbbb", "cccccc", "dddddd")
        await eventually(lambda: len(notifiers.came) == len(due))
        await eventually(lambda: _is_told(notifiers, due.total()))
        assert notifiers.came == due
        assert await notifiers.pids() == before, "both lived through it"

        notifiers.command.terminate()
        assert await notifiers.command.wait() == 0, notifiers.log.read_text()
        assert not await notifiers.pids(), "one signal ends all"
        assert notifiers.came == due


async def _is_told(notifiers: Notifiers, count: float) -> bool:
    """By whichever process is asked."""
    return await notifiers.sent_by_metrics() == {count}


async def test_whichever_is_killed_everything_arrives_and_it_comes_back(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    async with two_notifiers(redis, redis_url, tmp_path) as notifiers:
        due = await notifiers.publish("aaaaaa")
        await eventually(lambda: notifiers.came == due)
        await eventually(lambda: _is_told(notifiers, READERS))
        one, other = sorted(await notifiers.pids())

        await notifiers.kill(one)
        due += await notifiers.publish("bbbbbb", "cccccc")
        await eventually(lambda: notifiers.came == due)
        await eventually(notifiers.both_read)
        assert one not in await notifiers.pids()
        await eventually(lambda: _is_told(notifiers, due.total()))  # what the dead one had counted, too

        due += await notifiers.publish("dddddd", "eeeeee", "ffffff", "abcdef")
        await notifiers.kill(other)  # in the midst of it
        await eventually(lambda: notifiers.came.keys() == due.keys())
        await eventually(notifiers.both_read)

        later = await notifiers.publish("fedcba")
        await eventually(lambda: later.keys() <= notifiers.came.keys())
        assert {one: notifiers.came[one] for one in later} == later
