"""The portal's rooms for readers over HTTP, with notify's post office and a real mail server behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from redis.asyncio import Redis

from services.demo.form_browser import FormBrowser, OpenedPage
from services.demo.inbox import Inbox
from services.notify.stop_door import StopDoor, stop_routes
from services.portal.app import ROOMS
from services.portal.frame.door_pages import DoorPages
from services.portal.frame.portal_app import portal_app
from services.portal.manage.readers_routes import readers_routes
from services.portal.settings import PortalSettings
from services.subscribers.keyring import Keyring
from services.subscribers.stop_links import StopLinks
from services.subscribers.vault import Vault
from tests.letters import renderer_at
from tests.redis.house import Clock
from tests.redis.post_office import PUBLIC, PostRoom, channel_to
from tests.store import vault_on

KEYRING = Keyring(b"a key for this test")
_RENDERER = renderer_at()


class PortalRoom(PostRoom):
    browser: FormBrowser
    portal_clock: Clock

    async def link_in_newest(self) -> str:
        """The path of the link in the newest letter, after all that waited was sent."""
        await self.work()
        (link,) = [line for line in self.inbox.messages[-1].text.splitlines() if line.startswith(PUBLIC)]
        return urlsplit(link).path

    async def asked_to_join(self, address: str = "mother@mail.example.org", **fields: Any) -> OpenedPage:
        form = await self.browser.open("/join/email?lang=en")
        return await self.browser.send(form, "/join/email", email=address, **fields)

    async def joined(self, address: str = "mother@mail.example.org", **fields: Any) -> OpenedPage:
        await self.asked_to_join(address, **fields)
        return await self.browser.send(await self.browser.open(await self.link_in_newest()))

    async def managing(self, address: str = "mother@mail.example.org") -> OpenedPage:
        asking = await self.browser.open("/manage?lang=en")
        await self.browser.send(asking, "/manage", email=address)
        return await self.browser.open(await self.link_in_newest())


def portal_on(redis: Redis, vault: Vault, clock: Clock, *, two_bots: bool = False, **settings: Any) -> Any:
    given = PortalSettings.model_validate({"public_url": PUBLIC, "join_per_minute": 0, **settings})
    pages = DoorPages(_RENDERER, given.portal_exit_url, ROOMS, "small_notes_bot" if two_bots else None)
    return portal_app(
        pages,
        [
            *readers_routes(pages, given, redis, vault, KEYRING, clock),
            *stop_routes(StopDoor(vault, StopLinks(KEYRING, PUBLIC), _RENDERER)),
        ],
    )


@asynccontextmanager
async def open_portal_room(redis: Redis, **settings: Any) -> AsyncIterator[PortalRoom]:
    vault, inbox, clock = vault_on(redis), Inbox(), Clock()
    seconds, microseconds = await redis.time()
    clock.at = int(seconds) + int(microseconds) / 1e6
    await inbox.start()
    room = PortalRoom(redis, vault, inbox, KEYRING, channel_to(inbox))
    room.portal_clock = clock
    transport = httpx.ASGITransport(portal_on(redis, vault, clock, **settings))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
            room.browser = FormBrowser(client)
            yield room
    finally:
        await room.channel.close()
        await inbox.stop()
