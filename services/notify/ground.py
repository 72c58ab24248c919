"""What every part of notify stands on: the store, the clock, the keys, the channels, the letters' renderer."""

from __future__ import annotations

from dataclasses import dataclass

from redis.asyncio import Redis

from services.notify.assembly import open_notify_channels, renderer_of
from services.notify.channels.base import Channel
from services.notify.content.rendering import Renderer
from services.notify.opened_vault import keyring_of, vault_of
from services.notify.references import References
from services.notify.settings import NotifySettings
from services.notify.ways_out import WaysOut
from services.operations.alarms import Alarms
from services.runtime.metrics import Metrics
from services.runtime.steady_clock import SteadyClock
from services.runtime.streams import open_redis
from services.subscribers.keyring import Keyring
from services.subscribers.stop_links import StopLinks
from services.subscribers.vault import Vault


@dataclass(frozen=True)
class Ground:
    settings: NotifySettings
    redis: Redis
    clock: SteadyClock
    metrics: Metrics
    alarms: Alarms
    vault: Vault
    keyring: Keyring
    links: StopLinks
    references: References
    channels: dict[str, Channel]
    ways_out: WaysOut
    renderer: Renderer

    async def close(self) -> None:
        for channel in self.channels.values():
            await channel.close()
        await self.ways_out.close()
        await self.redis.aclose()


async def open_ground(settings: NotifySettings, redis_url: str) -> Ground:
    """Raises StoreFault, RenderingFailed."""
    redis, clock, metrics = open_redis(redis_url), SteadyClock(), Metrics()
    vault = vault_of(redis, settings)
    await vault.open()
    keyring = await keyring_of(redis, settings, move=True)
    channels, ways_out = open_notify_channels(settings, redis, clock)
    return Ground(
        settings=settings,
        redis=redis,
        clock=clock,
        metrics=metrics,
        alarms=Alarms(redis, metrics, clock),
        vault=vault,
        keyring=keyring,
        links=StopLinks(keyring, settings.public_url, settings.discreet_url),
        references=References(keyring),
        channels=channels,
        ways_out=ways_out,
        renderer=renderer_of(settings),
    )
