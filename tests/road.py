"""A whole Vestka for a test: an embedded Redis, both services as processes of their own, and three receivers."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, Event, decode_event
from services.demo.sample_article import SampleArticle
from services.demo.stage import DemoStage, free_ports, hand_in, open_stage, until_ready
from services.ingest.store import ReadResult
from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.streams import all_entries, open_redis
from services.subscribers.key_files import KeyFolder
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault
from tests.forked import ForkedProcess, start_vestka, vestka

PATIENCE = 90.0
"""Seconds that bound a wait. Nothing is measured with it."""


async def eventually(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Waits until the condition holds; fails with `what` where it never does."""
    try:
        async with asyncio.timeout(patience):
            while not condition():
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"it never came to this: {what}") from None


class Road:
    """Starts, kills and asks the services; they log to `log`."""

    def __init__(self, stage: DemoStage, embedded: EmbeddedRedis, folder: Path) -> None:
        self.stage = stage
        self.embedded = embedded
        self.redis: Redis = open_redis(embedded.url)
        self.log = folder / "services.log"
        self.ports = free_ports("ingest", "notify")
        self.environment = {
            **os.environ,
            **stage.environment(folder, self.ports),
            "REDIS_URL": embedded.url,
            "VESTKA_RECLAIM_AFTER": "1.5",
            "VESTKA_READING_WARM": "false",  # a road reads an article or two, and is begun anew a hundred times
            "VESTKA_READING_DEADLINE": "60",  # cold, so within it a busy machine compiles as well
            "VESTKA_CHANNELS__EMAIL__DEADLINE": "3",
            "VESTKA_CHANNELS__WEBHOOK__DEADLINE": "3",
            "VESTKA_CHANNELS__TELEGRAM__DEADLINE": "3",
        }
        self.environment.pop("VESTKA_SUBSCRIBERS_FILE")
        self.keys = KeyFolder(Path(self.environment["VESTKA_KEYS_DIR"]))
        self.vault = Vault(self.redis, self.keys)
        self.processes: dict[str, asyncio.subprocess.Process | ForkedProcess] = {}
        self.forked = True
        """Services start in a fraction of the time; false where it matters what their own command line shows."""

    async def start(self, *names: str) -> None:
        """Starts the services and waits until they are ready."""
        with self.log.open("ab") as log:
            for name in names:
                words = ("run", name, "--unsupervised")
                if self.forked:
                    self.processes[name] = await start_vestka(*words, env=self.environment, stderr=log)
                else:
                    command = (sys.executable, "-m", "services.cli", *words)
                    self.processes[name] = await asyncio.create_subprocess_exec(
                        *command, env=self.environment, stderr=log
                    )
        await until_ready({name: self.ports[name] for name in names}, PATIENCE)

    async def kill(self, name: str) -> None:
        """SIGKILL: it gets to finish nothing."""
        process = self.processes.pop(name)
        process.kill()
        await process.wait()

    async def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        codes = [await process.wait() for process in self.processes.values()]
        await self.redis.aclose()
        assert not any(codes), self.log.read_text()

    async def vestka(self, *words: str, stdin: bytes = b"") -> tuple[int, str, str]:
        """Runs the command as an operator would, where nobody can be asked; its exit code, stdout and stderr."""
        return await vestka(*words, env=self.environment, stdin=stdin)

    async def subscribe(self, channel: str, target: str, *interests: Interest, language: str = "en") -> int:
        """The number of a new subscriber who wants everything, or what the interests say."""
        secrets = (self.stage.secret,) if channel == "webhook" else ()
        subscriber = Subscriber(
            number=0,
            since="2000-01-01T00:00:00.000Z",
            language=language,
            addresses=(StoredAddress(channel=channel, target=target, secrets=secrets),),
            interests=interests or (Interest(),),
        )
        return (await self.vault.add(subscriber)).number

    async def hand_in(self, article: SampleArticle) -> ReadResult:
        return await hand_in(self.redis, article, PATIENCE)

    async def events(self) -> list[Event]:
        return [decode_event(entry.fields["event"]) async for entry in all_entries(self.redis, EVENTS_STREAM)]


@asynccontextmanager
async def open_road(folder: Path) -> AsyncIterator[Road]:
    embedded = EmbeddedRedis(folder / "redis")
    await asyncio.to_thread(embedded.start)
    try:
        async with open_stage() as stage:
            road = Road(stage, embedded, folder)
            try:
                yield road
            finally:
                await road.stop()
    finally:
        await asyncio.to_thread(embedded.stop)
