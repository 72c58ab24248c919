"""The portal's composition root: every room adds its routes here, and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from redis.asyncio import Redis

from services.notify.assembly import renderer_of
from services.notify.content.languages import Language
from services.notify.event_types import event_type_routes
from services.notify.opened_vault import keyring_of, vault_of
from services.notify.stop_door import StopDoor, stop_routes
from services.portal.bot.open_bot import BotNeeds, OpenBot, open_bot
from services.portal.frame.door_pages import DoorPages
from services.portal.frame.portal_app import portal_app
from services.portal.manage.readers_routes import readers_routes
from services.portal.news.act_marks import ActMarks
from services.portal.news.code_book import CodeBook
from services.portal.news.code_routes import CHECKS_A_MINUTE, CodeHandlers, code_routes
from services.portal.news.feed_routes import FeedHandlers, feed_routes
from services.portal.news.routes import NewsHandlers, news_routes
from services.portal.news.story_board import StoryBoard
from services.portal.news.story_card import StoryCards
from services.portal.news.story_revisions import StoryRevisions
from services.portal.settings import PortalSettings
from services.runtime.consumers import open_broker
from services.runtime.forgetting import forget_forever
from services.runtime.heartbeat import pulse_forever
from services.runtime.http.rate_limit import RateLimit
from services.runtime.http.web import common_routes, web_app
from services.runtime.metrics import Metrics
from services.runtime.process import PrivateSide, Service
from services.runtime.steady_clock import SteadyClock, watch_clock_forever
from services.runtime.streams import open_redis
from services.subscribers.keyring import Keyring
from services.subscribers.stop_links import StopLinks

ROOMS = (("news", "/"), ("join", "/join"), ("code", "/code"))
"""The links at the head of every page; each room with a page of its own adds one."""


async def build_portal(settings: PortalSettings, redis_url: str) -> Service:
    """Connects what belongs together; nothing runs yet."""
    redis, clock, metrics = open_redis(redis_url), SteadyClock(), Metrics()
    broker = open_broker(redis_url, metrics.registry)
    vault = vault_of(redis, settings)
    await vault.open()
    renderer = renderer_of(settings)
    keyring = await keyring_of(redis, settings)
    links = StopLinks(keyring, settings.public_url, settings.discreet_url)
    telegram = settings.channels.telegram
    discreet_bot = None if telegram is None else telegram.name_of("discreet")
    pages = DoorPages(renderer, settings.portal_exit_url, ROOMS, discreet_bot)
    bot = open_bot(BotNeeds(settings, redis, vault, keyring, _page_languages(pages), clock, metrics))
    public = portal_app(
        pages,
        [
            *news_routes(news := _news(redis, pages, clock)),
            *feed_routes(FeedHandlers(pages, news.board, news.cards, settings.portal_url)),
            *readers_routes(pages, settings, redis, vault, keyring, clock),
            *code_routes(_codes(redis, pages, news.cards, keyring)),
            *stop_routes(StopDoor(vault, links, renderer)),
            *event_type_routes(),
            *bot.routes,
        ],
    )
    private = web_app(common_routes(redis, metrics, broker, "Vestka portal", _nothing_to_measure))
    return Service(
        name="portal",
        broker=broker,
        web=public,
        host=settings.portal_host,
        port=settings.portal_port,
        prepare=partial(clock.look, redis),
        background=[
            partial(pulse_forever, redis, "portal"),
            partial(watch_clock_forever, clock, redis),
            forget_forever,
            *bot.background,
        ],
        close=partial(_close, redis, bot),
        private=PrivateSide(
            private, settings.portal_private_host, settings.portal_private_port, "VESTKA_PORTAL_PRIVATE_PORT"
        ),
    )


def _news(redis: Redis, pages: DoorPages, now: Callable[[], float]) -> NewsHandlers:
    return NewsHandlers(
        pages=pages,
        board=StoryBoard(redis),
        revisions=StoryRevisions(redis),
        marks=ActMarks(redis, time.monotonic),
        cards=StoryCards(pages.renderer),
        now=now,
    )


def _codes(redis: Redis, pages: DoorPages, cards: StoryCards, keyring: Keyring) -> CodeHandlers:
    limit = RateLimit(CHECKS_A_MINUTE, CHECKS_A_MINUTE)
    return CodeHandlers(pages, CodeBook(redis, keyring.every), cards, limit, time.monotonic)


async def _nothing_to_measure() -> None:
    """Its numbers are counters."""


def _page_languages(pages: DoorPages) -> dict[str, Language]:
    return {code: pages.renderer.language(code) for code in pages.languages}


async def _close(redis: Redis, bot: OpenBot) -> None:
    await bot.close()
    await redis.aclose()
