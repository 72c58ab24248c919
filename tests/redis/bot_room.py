"""The bot as the portal opens it, over real HTTP to the stand-in for the Bot API, with the store behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from redis.asyncio import Redis

from services.demo.bot_chat import DISCREET_BOT, USUAL_BOT, ChatMessage
from services.demo.bot_limits import BotLimits, Limit
from services.demo.bot_stand_in import TelegramStandIn
from services.notify.references import References
from services.notify.repair.erasing import eraser_of
from services.portal.bot.open_bot import BotNeeds, OpenBot, open_bot
from services.portal.settings import PortalSettings
from services.runtime.metrics import Metrics
from services.subscribers.keyring import Keyring
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import Vault
from tests.letters import LANGUAGES, renderer_at
from tests.redis.house import Clock
from tests.redis.post_office import PUBLIC
from tests.store import vault_on

TOKEN = "4200:a-token-for-tests-of-the-bot"
SECOND_TOKEN = "4300:a-token-for-tests-of-the-second"
KEYRING = Keyring(b"a key for this test")
TWO = {"name": USUAL_BOT[1], "discreet": {"token": SECOND_TOKEN, "name": DISCREET_BOT[1]}}
READER, GROUP = 7001001337, -4815162342
PATIENCE = 20.0
_LIMITS = BotLimits(overall=Limit(1000, 1), chat=Limit(1000, 1), group=Limit(1000, 1))
_RENDERER = renderer_at()
_SPEAKS = {code: _RENDERER.language(code) for code in LANGUAGES}


@dataclass
class BotRoom:
    """`say` and `press` return when the bot has done with it."""

    redis: Redis
    vault: Vault
    chat: TelegramStandIn
    settings: PortalSettings
    clock: Clock
    metrics: Metrics = field(default_factory=Metrics)
    bot: OpenBot = field(default_factory=OpenBot)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        self.bot = open_bot(BotNeeds(self.settings, self.redis, self.vault, KEYRING, _SPEAKS, self.clock, self.metrics))
        self.tasks = [asyncio.create_task(_run(part)) for part in self.bot.background]

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.bot.close()

    @property
    def second(self) -> BotRoom:
        """The same house as somebody meets it who writes to the other bot."""
        assert self.chat.second is not None
        return replace(self, chat=self.chat.second)

    async def done(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.chat.updates.confirmed()

    async def say(self, text: str, chat_id: int = READER, **more: Any) -> list[ChatMessage]:
        """What the bot said since, not counting what it changed."""
        before = self.chat.kept.total
        await self.chat.people.say(chat_id, text, **more)
        await self.done()
        return self.chat.messages[before - self.chat.kept.total :] if self.chat.kept.total > before else []

    async def press(self, data: str, chat_id: int = READER, message: int | None = None, **more: Any) -> ChatMessage:
        """The message as it is then. `data`: of a button of the newest message, unless another is named."""
        own = [one for one in self.chat.messages if one.chat_id == chat_id]
        number = own[-1].message_id if message is None else message
        await self.chat.people.press(chat_id, number, data, **more)
        await self.done()
        return self.newest(chat_id)

    async def join(self, chat_id: int = READER, *, discreet: bool = False, **more: Any) -> Subscriber:
        await self.say("/start", chat_id, **more)
        await self.press(self.button("join:", chat_id), chat_id, **more)
        if not discreet:
            await self.say("/discreet off", chat_id, **more)
        return await self.reader(chat_id)

    def newest(self, chat_id: int = READER) -> ChatMessage:
        return [one for one in self.chat.messages if one.chat_id == chat_id][-1]

    def button(self, begins: str, chat_id: int = READER) -> str:
        """The data of the newest message's button that begins so."""
        found = [one.data for one in self.newest(chat_id).markup.buttons() if one.data.startswith(begins)]
        assert found, (begins, [one.text for one in self.newest(chat_id).markup.buttons()])
        return found[0]

    async def reader(self, chat_id: int = READER) -> Subscriber:
        found = await self.vault.by_address("telegram", str(chat_id))
        assert found is not None
        return found

    async def nobody(self, chat_id: int = READER) -> bool:
        return await self.vault.by_address("telegram", str(chat_id)) is None


@asynccontextmanager
async def open_bot_room(
    redis: Redis, bot: dict[str, Any] | None = None, *, two: bool = False, **settings: Any
) -> AsyncIterator[BotRoom]:
    """`two`: with the discreet bot beside the usual one."""
    second = TelegramStandIn(SECOND_TOKEN, limits=_LIMITS, named=DISCREET_BOT) if two else None
    chat = TelegramStandIn(TOKEN, limits=_LIMITS, second=second)
    await chat.start()
    given = {
        "public_url": PUBLIC,
        "pages_url": PUBLIC,
        "channels": {
            "telegram": {
                "token": TOKEN,
                "api_base": chat.base_url,
                "overall_per_second": 1000,
                "per_chat_per_second": 1000,
                "per_group_per_minute": 10_000,
                **(TWO if two else {}),
            }
        },
        "bot": {"answers_per_second": 20, "commands_per_minute": 10_000, **(bot or {})},
        **settings,
    }
    clock = Clock()
    seconds, microseconds = await redis.time()
    clock.at = int(seconds) + int(microseconds) / 1e6
    room = BotRoom(
        redis,
        vault_on(redis, erasers=[eraser_of(redis, _references)]),
        chat,
        PortalSettings.model_validate(given),
        clock,
    )
    room.start()
    try:
        yield room
    finally:
        await room.stop()
        await room.chat.stop()


async def _references() -> References:
    return References(KEYRING)


async def _run(part: Any) -> None:
    with suppress(asyncio.CancelledError):
        await part()
