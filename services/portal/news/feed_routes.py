"""The feeds: what happened, for programs that read for somebody, in any of our languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.contract import Event
from services.portal.frame.asked import Asked
from services.portal.frame.conditional import SharedAnswer, conditional
from services.portal.frame.door_pages import DoorPages
from services.portal.news.atom_document import ATOM_TYPE, atom_document
from services.portal.news.feed_entry import Feed, FeedEntry, feed_entry
from services.portal.news.json_document import JSON_FEED_TYPE, json_document
from services.portal.news.routes import BEFORE, page_asked
from services.portal.news.story_board import BoardPage, StoryBoard
from services.portal.news.story_card import StoryCard, StoryCards

_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'",
    "access-control-allow-origin": "*",  # a reader of feeds that is a web page; there is nothing here but what all see
}
_BEGINNING: Final = "1970-01-01T00:00:00Z"
"""When a feed without any entry was last changed."""


@dataclass(frozen=True, slots=True)
class FeedHandlers:
    """`base`: where our pages are reached from outside."""

    pages: DoorPages
    board: StoryBoard
    cards: StoryCards
    base: str

    async def answer(self, write: Callable[[Feed], bytes], media_type: str, request: Request) -> Response:
        asked = self.pages.asked(request)
        feed = self._feed(asked, await page_asked(self.board, request), request.query_params.get(BEFORE))
        answer = SharedAnswer(write(feed), media_type, asked.language, by_language=not asked.chosen)
        return conditional(request, answer, _HEADERS)

    def _feed(self, asked: Asked, page: BoardPage, before: str | None) -> Feed:
        words = self.pages.words(asked)
        here = {BEFORE: before} if before is not None else {}
        told = self.cards.several(page.events, asked.language)
        return Feed(
            title=f"{words.phrase('door.frame.name')}: {words.phrase('door.news.title')}",
            subtitle=words.phrase("door.frame.who_we_are"),
            language=asked.language,
            base=self.base,
            here=self.base + asked.to(asked.path, **here),
            front=self.base + asked.to("/"),
            older=self.base + asked.to(asked.path, **{BEFORE: page.older}) if page.older else None,
            entries=tuple(self._entry(event, card, asked) for event, card in told),
            updated=max((event.time for event in page.events), default=_BEGINNING),
        )

    def _entry(self, event: Event, card: StoryCard, asked: Asked) -> FeedEntry:
        html = self.pages.renderer.page("door/feed_entry", language=asked.language, card=card)
        return feed_entry(event, card, html.strip(), self.base + asked.to(card.path))


def feed_routes(handlers: FeedHandlers) -> list[BaseRoute]:
    return [
        Route("/feed.atom", partial(handlers.answer, atom_document, ATOM_TYPE), methods=["GET"]),
        Route("/feed.json", partial(handlers.answer, json_document, JSON_FEED_TYPE), methods=["GET"]),
    ]
