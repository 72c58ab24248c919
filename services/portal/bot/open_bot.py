"""The bot, put together: what answers, what runs beside it, what is to be closed."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from redis.asyncio import Redis
from starlette.routing import BaseRoute

from services.egress import Egress, EgressPolicy, ForbiddenTarget, origin_of
from services.notify.channels.telegram.channel import TelegramSettings
from services.notify.content.languages import Language
from services.notify.throttle.shared_send_rate import SharedSendRateLimit
from services.portal.bot.answer_share import AnswerShare
from services.portal.bot.bot_api import BotApi
from services.portal.bot.chat_desk import ChatDesk
from services.portal.bot.chat_sender import ChatSender
from services.portal.bot.chat_visit import BotHouse
from services.portal.bot.handled_updates import HandledUpdates
from services.portal.bot.polling import LEASE_LASTS, Polling
from services.portal.bot.update_handler import UpdateHandler
from services.portal.bot.webhook_routes import WebhookDoor, WebhookSecrets, webhook_routes
from services.portal.settings import PortalSettings
from services.runtime.http.rate_limit import RateLimit
from services.runtime.lease import Lease
from services.runtime.steady_clock import seconds_gone_by
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


def open_bot(
    settings: PortalSettings,
    redis: Redis,
    vault: Vault,
    keyring: Keyring,
    languages: Mapping[str, Language],
    now: Callable[[], float],
) -> OpenBot:
    """One that does nothing where there is no token, or the bot is off. `now`: Unix seconds."""
    telegram = settings.channels.telegram
    if telegram is None or telegram.token is None or settings.bot.updates == "off":
        return OpenBot()
    egress = Egress(_policy(telegram))
    api = BotApi(egress, telegram)
    handler = _handler(settings, telegram, api, redis, house_of(settings, vault, keyring, languages, now), keyring)
    if settings.bot.updates == "webhook":
        door = WebhookDoor(api, handler, WebhookSecrets.of(keyring), settings.portal_url)
        return OpenBot(webhook_routes(door), [door.run], egress)
    lease = Lease(redis, "bot", secrets.token_hex(8), LEASE_LASTS)
    return OpenBot([], [Polling(api, handler, lease).run], egress)


def house_of(
    settings: PortalSettings,
    vault: Vault,
    keyring: Keyring,
    languages: Mapping[str, Language],
    now: Callable[[], float],
) -> BotHouse:
    pages = (settings.pages_url or settings.about_url).rstrip("/")
    links = ManageLinks(keyring, settings.discreet_url or settings.about_url) if settings.about_url else None
    buttons = derived(keyring.current, "bot buttons")

    def tag(key: str) -> str:
        return "n" + _tag(buttons, key)

    return BotHouse(vault, languages, pages, links, tag, now)


def _handler(
    settings: PortalSettings, telegram: TelegramSettings, api: BotApi, redis: Redis, house: BotHouse, keyring: Keyring
) -> UpdateHandler:
    rate_limit, share = SharedSendRateLimit(telegram.rates, redis), AnswerShare(redis, settings.bot.answers_per_second)
    chats, updates = derived(keyring.current, "bot chats"), derived(keyring.current, "bot updates")
    sender = ChatSender(api, rate_limit, share, seconds_gone_by, asyncio.sleep, chats)
    desk = ChatDesk(house, api.is_administrator)
    done = HandledUpdates(redis, updates)
    pace = RateLimit(settings.bot.commands_per_minute, settings.bot.commands_per_minute // 2 + 1)
    return UpdateHandler(desk, sender, done, questions_in(house.languages), seconds_gone_by, chats, pace)


def questions_in(languages: Mapping[str, Language]) -> dict[str, str]:
    """Verbs by the texts by which we ask for what follows them, in whatever language and mode."""
    return {
        language.phrase(f"door.bot.ask.{verb}{mode}"): verb
        for language in languages.values()
        for verb in ("watch", "place")
        for mode in ("", "_discreet")
    }


def _tag(key: bytes, text: str) -> str:
    return as_letters(hmac.digest(key, text.encode(), "sha256")[:10])


def _policy(telegram: TelegramSettings) -> EgressPolicy:
    """As notify has it: a server that an operator names is open by its own scheme, host and port."""
    try:
        return EgressPolicy(named=origin_of(telegram.api_base))
    except ForbiddenTarget:
        return EgressPolicy()
