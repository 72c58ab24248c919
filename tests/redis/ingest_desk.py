"""The road through ingest with real stations, walked by hand, and invented articles to send down it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, ITEMS_STREAM, Event, PartyClass, decode_event
from services.ingest.announced import AnnouncedStories
from services.ingest.article_reading import reading_of
from services.ingest.articles import Article
from services.ingest.evidence import EvidenceStore
from services.ingest.extraction.near_miss import NearMiss
from services.ingest.intake import Intake
from services.ingest.near_misses.near_miss_store import NearMisses
from services.ingest.pipeline import ItemProcessor
from services.ingest.publishing import Publisher
from services.ingest.release.rules import load_rules
from services.ingest.reports import Report
from services.ingest.routes import story_routes
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, Results, Stories
from services.ingest.stories import Step, Story, load_known_acts
from services.operations.alarms import Alarms
from services.runtime.clock import unix_of
from services.runtime.dead_letters import DeadLetters
from services.runtime.http.web import web_app
from services.runtime.metrics import Metrics
from services.runtime.streams import all_entries, entries_between

AT = "2024-12-28T13:00:00Z"
ACTS = load_known_acts((Path(__file__).parents[2] / "infra" / "known_acts.yaml").read_text(encoding="utf-8"))
RULES = load_rules((Path(__file__).parents[2] / "infra" / "release_rules.yaml").read_text(encoding="utf-8"))
PARDON = Item(
    source_id="sample-wire",
    source_name="Sample Wire",
    source_class=PartyClass.MEDIA,
    title="20 people pardoned in Belarus",
    body="Alexander Lukashenko pardoned 20 people on 28 December 2024, his press service said.",
    url="https://sample-wire.example/pardon",
    published=datetime(2024, 12, 28, 12, tzinfo=UTC),
    received=datetime(2024, 12, 28, 13, tzinfo=UTC),
)
ARREST = replace(
    PARDON,
    title="Six people detained in Gomel",
    body="Six people were detained in Gomel on 27 December 2024 under article 342 of the Criminal Code, "
    "the Viasna human rights centre said.",
    url="https://sample-wire.example/arrest",
)
NAMING = replace(
    ARREST,
    source_id="other-wire",
    source_name="Other Wire",
    title="Ryhor Kastusiou detained in Gomel",
    body="Six people were detained in Gomel on 27 December 2024, Other Wire has learnt. They are charged under article "
    "342 of the Criminal Code. Ryhor Kastusiou was detained in Gomel too.",
    url="https://other-wire.example/arrest",
)


async def in_this_process(article: Article) -> tuple[Report, ...] | NearMiss:
    """The worker's way from an article to its reports, walked here."""
    return reading_of(article)


@dataclass
class Desk:
    """Ingest's own side of the road, walked by hand, by a clock that stands until it is put forward."""

    redis: Redis
    at: float = unix_of(AT)
    _read: str = "-"
    processor: ItemProcessor = field(init=False)
    publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        self.publisher = Publisher(self.redis, lambda: self.at, ACTS)
        metrics = Metrics()
        self.processor = ItemProcessor(
            self.publisher,
            Results(self.redis),
            RULES,
            metrics,
            {},
            DeadLetters(self.redis),
            EvidenceStore(self.redis),
            lambda: self.at,
            Alarms(self.redis, metrics, lambda: self.at),
            in_this_process,
            NearMisses(self.redis),
        )

    async def read(self, item: Item) -> ReadResult:
        """Hands it in and reads it through."""
        accepted = await Intake(self.redis).accept(item)
        await self.walk()
        result = await Results(self.redis).get(accepted.id)
        assert result
        return result

    async def walk(self) -> None:
        async for entry in all_entries(self.redis, ITEMS_STREAM, self._read):
            self._read = f"({entry.id}"
            await self.processor.on_item(entry)

    async def told(self, item: Item) -> str:
        """The id of the story that the item opened and that went out."""
        result = await self.read(item)
        assert result.event, result
        return str(result.story)

    async def decide(self, story_id: str, change: Callable[[Story], Step]) -> Event | None:
        events = await self.publisher.amend([story_id], lambda stories, _: [change(stories[0])])
        return events[0] if events else None

    async def story(self, story_id: str) -> Story:
        story = await Stories(self.redis, ACTS).get(story_id)
        assert story
        return story

    async def events(self) -> list[Event]:
        return [decode_event(one.fields["event"]) for one in await entries_between(self.redis, EVENTS_STREAM)]

    async def get(self, path: str, **query: str) -> Any:
        app = web_app(story_routes(AnnouncedStories(self.redis), lambda: self.at))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://ingest.example.org"
        ) as client:
            return (await client.get(path, params=query)).json()


def now() -> datetime:
    return datetime.fromisoformat(AT)
