"""A house for the benchmark: an embedded Redis, notify and the portal as processes of their own on one core, and a mail
server beside them on another."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from redis.asyncio import Redis

from benchmarks.sign_ups.mail_process import Mailbox, open_mailbox
from services.demo.bot_stand_in import TelegramStandIn
from services.demo.inbox import Inbox
from services.demo.stage import DemoStage, free_ports, until_ready
from services.demo.webhooks import WebhookReceiver
from services.runtime.embedded_redis import EmbeddedRedis
from services.runtime.streams import open_redis
from services.subscribers.key_files import KeyFolder
from services.subscribers.vault import Vault

SERVICES: Final = ("notify", "portal")
_PATIENCE: Final = 60.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Ground:
    mailbox: Mailbox
    redis: Redis
    vault: Vault
    base: str
    """Where readers reach the portal."""
    processes: dict[str, int]

    async def cpu(self) -> dict[str, float]:
        """Seconds that each has used since it began."""
        used: Any = await self.redis.info("cpu")
        each = {name: _cpu_of(number) for name, number in self.processes.items()}
        return {**each, "redis": float(used["used_cpu_user"]) + float(used["used_cpu_sys"])}


@asynccontextmanager
async def open_ground() -> AsyncIterator[Ground]:
    """With the limits of sign-ups lifted."""
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="vestka-sign-ups-") as name:
        folder = Path(name)
        embedded = EmbeddedRedis(folder / "redis")
        os.sched_setaffinity(0, cores[:1])  # what is started from here on keeps to it
        await asyncio.to_thread(embedded.start)
        redis = open_redis(embedded.url)
        os.sched_setaffinity(0, cores[-1:])
        try:
            async with open_mailbox() as mailbox:
                os.sched_setaffinity(0, cores[:1])
                async with _services(folder, mailbox.port, embedded.url) as (base, processes):
                    os.sched_setaffinity(0, cores[-1:])
                    yield Ground(mailbox, redis, Vault(redis, KeyFolder(folder / "keys")), base, processes)
        finally:
            os.sched_setaffinity(0, cores)
            await redis.aclose()
            await asyncio.to_thread(embedded.stop)


@asynccontextmanager
async def _services(folder: Path, mail_port: int, redis_url: str) -> AsyncIterator[tuple[str, dict[str, int]]]:
    ports = free_ports("ingest", "notify", "portal", "portal, private")
    environment = {**os.environ, **_environment(folder, mail_port, ports), "REDIS_URL": redis_url}
    environment.pop("VESTKA_SUBSCRIBERS_FILE")
    running = []
    with (folder / "services.log").open("wb") as log:
        for name in SERVICES:
            command = (sys.executable, "-m", "services.cli", "run", name, "--unsupervised")
            running.append(await asyncio.create_subprocess_exec(*command, env=environment, stderr=log))
    try:
        await until_ready({name: ports[name] for name in ("notify", "portal, private")}, _PATIENCE)
        processes = {name: process.pid for name, process in zip(SERVICES, running, strict=True)}
        yield f"http://127.0.0.1:{ports['portal']}", processes
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        await asyncio.gather(*(process.wait() for process in running))


def _environment(folder: Path, mail_port: int, ports: dict[str, int]) -> dict[str, str]:
    stage = DemoStage(
        Inbox(port=mail_port), TelegramStandIn("1:x"), WebhookReceiver("whsec_" + "0" * 32), "", "1:x", ""
    )
    away = [f"VESTKA_CHANNELS__{one}" for one in ("TELEGRAM__TOKEN", "TELEGRAM__API_BASE")]
    found = {name: value for name, value in stage.environment(folder, ports).items() if name not in away}
    return {**found, "VESTKA_JOIN_PER_MINUTE": "0", "VESTKA_JOIN_PER_NETWORK": "0"}


def _cpu_of(process: int) -> float:
    """Its children that ended included."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS
