"""A whole notify service, in this process or in one of its own under its supervisor, and an endpoint to reach."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from services.notify.channels import ChannelSettings, WebhookSettings
from services.notify.settings import NotifySettings
from services.runtime.process import Service, run_service
from services.runtime.supervisor import keep_running, service_program
from tests.conformance.receivers import HttpReceiver, listening

_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_LOOPBACK = ("127.0.0.0/8",)


@dataclass(frozen=True)
class Partner:
    """One subscriber, by a file, whose endpoint is `receiver`."""

    receiver: HttpReceiver
    file: Path

    def heard_of(self) -> list[str]:
        """The ids of the events that came, in order."""
        return [request.headers["webhook-id"] for request in self.receiver.requests]

    def settings(self, **changes: object) -> NotifySettings:
        usual = {
            "notify_port": 0,
            "subscribers_file": self.file,
            "channels": ChannelSettings(webhook=WebhookSettings()),
            "allow_http": True,
            "allowed_networks": _LOOPBACK,
        }
        return NotifySettings.model_validate(usual | changes)

    def environment(self, redis_url: str) -> dict[str, str]:
        """The same settings, for a process of its own."""
        return {
            "REDIS_URL": redis_url,
            "VESTKA_NOTIFY_PORT": "0",
            "VESTKA_SUBSCRIBERS_FILE": str(self.file),
            "VESTKA_CHANNELS__WEBHOOK__DEADLINE": "15",
            "VESTKA_ALLOW_HTTP": "true",
            "VESTKA_ALLOWED_NETWORKS": json.dumps(_LOOPBACK),
        }


@asynccontextmanager
async def a_partner(folder: Path) -> AsyncIterator[Partner]:
    receiver = HttpReceiver()
    async with listening(receiver.serve) as port:
        channel = {"channel": "webhook", "target": f"http://127.0.0.1:{port}/alerts", "secrets": [_SECRET]}
        file = folder / "subscribers.yaml"
        file.write_text(json.dumps({"subscribers": [{"id": "partner", "channels": [channel]}]}))
        yield Partner(receiver, file)


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[asyncio.Task[None]]:
    """Runs it until the block ends; gives the task, so that a test can see it end by itself."""
    stop = asyncio.Event()

    async def until_told() -> None:
        await stop.wait()

    service.background.append(until_told)
    task = asyncio.create_task(run_service(service))
    try:
        yield task
    finally:
        stop.set()
        await task


@asynccontextmanager
async def supervised(name: str, environment: Mapping[str, str]) -> AsyncIterator[None]:
    """`vestka run <name>` in a process of its own, started again whenever it ends."""
    task = asyncio.create_task(keep_running(service_program(name), environment, stderr=asyncio.subprocess.DEVNULL))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
