"""The routes of what happened: the list, a story, and the feeds. The same for everybody, so all of it may be kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.contract import Event
from services.portal.frame.asked import Asked
from services.portal.frame.door_pages import DoorPages
from services.portal.frame.page_refused import PageRefused
from services.portal.news.act_marks import ActMarks
from services.portal.news.act_timeline import day_of
from services.portal.news.moments import day_in_minsk
from services.portal.news.story_board import BoardPage, StoryBoard
from services.portal.news.story_card import StoryCards
from services.portal.news.story_revisions import StoryRevisions
from services.portal.news.story_view import story_view
from services.portal.news.timeline_view import TimelineView, timeline_view

BEFORE = "before"
"""The parameter by which a page of the list says where it begins."""


@dataclass(frozen=True, slots=True)
class NewsHandlers:
    """`now`: Unix seconds."""

    pages: DoorPages
    board: StoryBoard
    revisions: StoryRevisions
    marks: ActMarks
    cards: StoryCards
    now: Callable[[], float]

    async def front(self, request: Request) -> Response:
        asked = self.pages.asked(request)
        page = await page_asked(self.board, request)
        cards = [card for _, card in self.cards.several(page.events, asked.language)]
        is_first = BEFORE not in request.query_params
        timeline = await self._timeline(asked, self._today()) if is_first else None
        return self.pages.kept_page(
            request, asked, "door/front", cards=cards, older=page.older, is_first=is_first, timeline=timeline
        )

    async def story(self, request: Request) -> Response:
        asked = self.pages.asked(request)
        event = await self.board.story(request.path_params["story_id"])
        if event is None:
            raise PageRefused.of("not_found")
        view = story_view(
            await self.revisions.of(event), await self.board.removed(event), self.pages.renderer, asked.language
        )
        timeline = await self._timeline(asked, self._last_day(event), event.data.story_id)
        return self.pages.kept_page(request, asked, "door/story", story=view, timeline=timeline)

    async def _timeline(self, asked: Asked, last: date, this: str | None = None) -> TimelineView | None:
        return timeline_view(await self.marks.all(), last, self.pages.words(asked), this)

    def _today(self) -> date:
        return day_in_minsk(self.now())

    def _last_day(self, event: Event) -> date:
        """Of the picture: today, or the story's own for one that is older than all that would be in it."""
        today = self._today()
        day = day_of(event.data.occurred_on, event.time)
        return today if (today - day).days < 365 - 31 else day


async def page_asked(board: StoryBoard, request: Request) -> BoardPage:
    """Raises PageRefused for a place in the list that no page named."""
    try:
        return await board.page(request.query_params.get(BEFORE))
    except ValueError:
        raise PageRefused.of("bad_request") from None


def news_routes(handlers: NewsHandlers) -> list[BaseRoute]:
    return [
        Route("/", handlers.front, methods=["GET"]),
        Route("/s/{story_id}", handlers.story, methods=["GET"]),
    ]
