"""A house that sends digests too, by the clock of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time
from typing import ClassVar, Final

from redis.asyncio import Redis

from services.notify.channels.base import Delivery, Rendered
from services.notify.content.render_cache import RenderCache
from services.notify.content.rendering import Renderer
from services.notify.delivery.due_queue import DueQueue
from services.notify.digests.digest_desk import DigestDesk
from services.notify.digests.digest_tasks import open_digest_desk
from services.runtime.clock import unix_of
from services.subscribers.topics import Interest
from tests.letters import renderer_at
from tests.redis.far_side import ChatSide, FarSide, MailSide
from tests.redis.house import House

DAILY: Final = Interest(frequency="daily")
WEEKLY: Final = Interest(frequency="weekly")
EIGHT: Final = time(8)
DAY: Final = 86_400.0
_RENDERER: Final = renderer_at()


class WholeMail(MailSide):
    parts: ClassVar[tuple[str, ...]] = ("subject", "text", "html")


class WholeChat(ChatSide):
    parts: ClassVar[tuple[str, ...]] = ("html", "plain")


class DigestHouse(House):
    """It is Saturday, a quarter past one in Minsk."""

    def __init__(self, redis: Redis, mail: FarSide | None = None, render_cache: RenderCache | None = None) -> None:
        super().__init__(redis, render_cache)
        self.mail, self.chat = mail or WholeMail(), WholeChat()
        for side in (self.mail, self.chat):
            self.add(side)
            self.queues[side.name] = DueQueue(redis, side.name, self.clock)
        self.desk = self.opened()

    def opened(self, renderer: Renderer = _RENDERER) -> DigestDesk:
        """As a process has it that begins now."""
        return open_digest_desk(self.redis, self.senders, renderer, EIGHT, 3600, self.clock, self.clock)

    async def digests_at(self, moment: str) -> None:
        """What leaves at the moment (RFC 3339), to its end."""
        self.clock.at = unix_of(moment)
        await self.desk.begin_due()
        await self.finish_digests()

    async def digests_due(self) -> None:
        """What waits and is due, to its end."""
        for sender in self.desk.senders.values():
            await self.desk.take_up(sender)
        await self.finish_digests()

    async def finish_digests(self) -> None:
        for sender in self.desk.senders.values():
            await sender.sender.drain(patience=10.0)

    def digests(self, channel: str = "email") -> list[Delivery]:
        side = self.mail if channel == "email" else self.chat
        return [one for one in side.taken if one.event.id.startswith("digest-")]

    def texts(self, channel: str = "email") -> list[str]:
        """What the digests taken say, as plain text."""
        side, part = (self.mail, "text") if channel == "email" else (self.chat, "plain")
        return [
            rendered.parts[part]
            for delivery, by_language in zip(side.taken, side.rendered, strict=True)
            for rendered in by_language.values()
            if delivery.event.id.startswith("digest-") and isinstance(rendered, Rendered)
        ]


@asynccontextmanager
async def open_digest_house(redis: Redis) -> AsyncIterator[DigestHouse]:
    house = DigestHouse(redis)
    await house.changes.open()
    await house.desk.begin_due()  # from now on the hours are looked at
    yield house
    await house.changes.close()
