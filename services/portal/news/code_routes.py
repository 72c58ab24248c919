"""`/code`: is a message ours? Whoever has one types the code at its end, and sees what that message was about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.portal.frame.door_pages import DoorPages
from services.portal.frame.form_fields import fields_of, one_of
from services.portal.frame.page_refused import PageRefused
from services.portal.news.code_book import CodeBook
from services.portal.news.story_card import StoryCards
from services.runtime.http.rate_limit import RateLimit

CHECKS_A_MINUTE: Final = 600
"""Of everybody together, since no address is looked at: far more than readers ask, far fewer than guessing needs."""
_MOST_BYTES: Final = 2_000
_MOST_FIELDS: Final = 5


@dataclass(frozen=True, slots=True)
class CodeHandlers:
    """`clock`: seconds that never go back."""

    pages: DoorPages
    book: CodeBook
    cards: StoryCards
    limit: RateLimit
    clock: Callable[[], float]

    async def answer(self, request: Request) -> Response:
        """One route for both, so that a 405 names all that is allowed."""
        return await (self._check(request) if request.method == "POST" else self._ask(request))

    async def _ask(self, request: Request) -> Response:
        return self.pages.kept_page(request, self.pages.asked(request), "door/code", state="ask", cards=())

    async def _check(self, request: Request) -> Response:
        asked = self.pages.asked(request)
        if self.limit.take("all", self.clock()):
            raise PageRefused.of("too_many", {"retry-after": "60"})
        events = await self.book.stories_of(one_of(await fields_of(request, _MOST_BYTES, _MOST_FIELDS), "code"))
        state = "not_formed" if events is None else "ours" if events else "not_ours"
        cards = [card for _, card in self.cards.several(events or (), asked.language)]
        return self.pages.page(asked, "door/code", state=state, cards=cards)


def code_routes(handlers: CodeHandlers) -> list[BaseRoute]:
    return [Route("/code", handlers.answer, methods=["GET", "HEAD", "POST"])]
