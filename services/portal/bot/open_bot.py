"""The bots, put together: what answers, what runs beside it, what is to be closed."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from redis.asyncio import Redis
from starlette.routing import BaseRoute

from services.egress import Egress, EgressPolicy, ForbiddenTarget, origin_of
from services.notify.channels.telegram.channel import TelegramSettings
from services.notify.content.languages import Language
from services.notify.throttle.shared_send_rate import SharedSendRateLimit
from services.portal.bot.answer_share import AnswerShare
from services.portal.bot.bot_api import BotApi
from services.portal.bot.chat_desk import ChatDesk
from services.portal.bot.chat_pace import ChatPace
from services.portal.bot.chat_sender import ChatSender
from services.portal.bot.chat_visit import BotHouse
from services.portal.bot.handled_updates import HandledUpdates
from services.portal.bot.polling import LEASE_LASTS, Polling
from services.portal.bot.update_handler import UpdateHandler
from services.portal.bot.webhook_routes import WebhookDoor, WebhookSecrets, webhook_routes
from services.portal.settings import PortalSettings
from services.runtime.lease import Lease
from services.runtime.metrics import Metrics
from services.runtime.steady_clock import seconds_gone_by
from services.subscribers.address import Bot
from services.subscribers.keyring import Keyring, derived
from services.subscribers.manage_links import ManageLinks
from services.subscribers.sealing import as_letters
from services.subscribers.vault import Vault


@dataclass(frozen=True, slots=True)
class OpenBot:
    routes: list[BaseRoute] = field(default_factory=list)
    background: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    egress: Egress | None = None

    async def close(self) -> None:
        if self.egress is not None:
            await self.egress.close()


@dataclass(frozen=True, slots=True)
class BotNeeds:
    """What the bot is made of. `languages`: those that it speaks; `now`: Unix seconds."""

    settings: PortalSettings
    redis: Redis = field(repr=False)
    vault: Vault = field(repr=False)
    keyring: Keyring = field(repr=False)
    languages: Mapping[str, Language] = field(repr=False)
    now: Callable[[], float] = field(repr=False)
    metrics: Metrics = field(repr=False)

    def key(self, purpose: str, bot: Bot | None = None) -> bytes:
        """`bot`: of whose, where each has its own."""
        return derived(self.keyring.current, f"{bot} bot {purpose}" if bot else f"bot {purpose}")


def open_bot(needs: BotNeeds) -> OpenBot:
    """One that does nothing where there is no token, or the bot is off. Where there are two bots, both."""
    settings, telegram = needs.settings, needs.settings.channels.telegram
    if telegram is None or settings.bot.updates == "off":
        return OpenBot()
    bots = [bot for bot, token in telegram.bots.items() if token is not None]
    if not bots:
        return OpenBot()
    egress = Egress(_policy(telegram))
    handlers = [_handler(needs, telegram, BotApi(egress, telegram, bot)) for bot in bots]
    if settings.bot.updates == "webhook":
        doors = [
            WebhookDoor(one.sender.api, one, WebhookSecrets.of(needs.keyring, bot), settings.portal_url)
            for bot, one in zip(bots, handlers, strict=True)
        ]
        return OpenBot(webhook_routes(doors), [door.run for door in doors], egress)
    asking = [
        Polling(one.sender.api, one, Lease(needs.redis, _LEASES[bot], secrets.token_hex(8), LEASE_LASTS))
        for bot, one in zip(bots, handlers, strict=True)
    ]
    return OpenBot([], [one.run for one in asking], egress)


def unreachable_bot(settings: PortalSettings) -> Iterator[str]:
    """What keeps Telegram from calling us, though each setting by itself can be used."""
    telegram, away = settings.channels.telegram, settings.portal_url.startswith("https://")
    own_server = telegram is not None and not telegram.api_base.startswith("https://api.telegram.org")
    if settings.bot.updates == "webhook" and not away and not own_server:
        yield (
            "VESTKA_BOT__UPDATES: webhook needs an https:// address that Telegram reaches: set VESTKA_PAGES_URL or "
            "VESTKA_PUBLIC_URL, or take polling"
        )


def house_of(needs: BotNeeds, bot: Bot | None = None) -> BotHouse:
    telegram = needs.settings.channels.telegram
    other = None if telegram is None else telegram.name_of(None if bot else "discreet")
    settings, buttons = needs.settings, needs.key("buttons")
    pages = (settings.pages_url or settings.about_url).rstrip("/")
    base = settings.discreet_url or settings.about_url
    links = ManageLinks(needs.keyring, base) if settings.about_url else None

    def tag(key: str) -> str:
        return "n" + as_letters(hmac.digest(buttons, key.encode(), "sha256")[:10])

    return BotHouse(needs.vault, needs.languages, pages, links, tag, needs.now, bot, other)


def _handler(needs: BotNeeds, telegram: TelegramSettings, api: BotApi) -> UpdateHandler:
    settings, redis, bot = needs.settings.bot, needs.redis, api.bot
    chats = needs.key("chats", bot)
    sender = ChatSender(
        api,
        SharedSendRateLimit(telegram.rates, redis, bot),
        AnswerShare(redis, settings.answers_per_second, bot),
        seconds_gone_by,
        asyncio.sleep,
        chats,
        needs.metrics.bot_answers,
    )
    return UpdateHandler(
        ChatDesk(house_of(needs, bot), api.is_administrator),
        sender,
        HandledUpdates(redis, needs.key("updates", bot)),
        questions_in(needs.languages),
        ChatPace(chats, seconds_gone_by, settings.commands_per_minute),
        needs.metrics.bot_updates,
    )


_LEASES: Final[dict[Bot | None, str]] = {None: "bot", "discreet": "bot-discreet"}
"""Of who asks for a bot's updates."""
_ASKED: Final = {"watch": "watch", "place": "place", "articles": "list articles", "not": "list not"}


def questions_in(languages: Mapping[str, Language]) -> dict[str, str]:
    """Verbs, perhaps with their first word, by the texts by which we ask for what follows, in any language and mode."""
    return {
        language.phrase(f"door.bot.ask.{asked}{mode}"): verb
        for language in languages.values()
        for asked, verb in _ASKED.items()
        for mode in ("", "_discreet")
    }


def _policy(telegram: TelegramSettings) -> EgressPolicy:
    """As notify has it: a server that an operator names is open by its own scheme, host and port."""
    try:
        return EgressPolicy(named=origin_of(telegram.api_base))
    except ForbiddenTarget:
        return EgressPolicy()
