"""Ingest's HTTP routes beside the intake: the stories as readers know them. Open to everybody, so nothing that waits
for an operator, and no word of one, is ever shown here.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.contract import Event, EventType
from services.ingest.announced import AnnouncedStories, PageEnd
from services.runtime.http.paging import moment_asked, page_limit
from services.runtime.http.web import Problem


def story_document(event: Event) -> dict[str, Any]:
    """What may be shown of a story, by the last event that told of it: its `data`; open, retracted or merged."""
    shown: dict[str, Any] = msgspec.to_builtins(event.data)
    del shown["sequence"]
    state = "retracted" if event.type is EventType.STORY_RETRACTED else "merged" if event.data.merged_into else "open"
    return {"claims": [], "persons": [], "sources": [], **shown, "state": state, "updated_at": event.time}


def story_routes(announced: AnnouncedStories, now: Callable[[], float]) -> list[BaseRoute]:
    async def listing(request: Request) -> Response:
        page = await announced.page(
            page_limit(request),
            after=_after(request),
            since=moment_asked(request, "since", now),
            until=moment_asked(request, "until", now),
        )
        return JSONResponse(
            {
                "data": [story_document(event) for event in page.events],
                "iterator": str(page.end) if page.end else None,
                "done": page.done,
            }
        )

    async def one(request: Request) -> Response:
        event = await announced.get(request.path_params["story_id"])
        if event is None:
            raise Problem(HTTPStatus.NOT_FOUND, "story", "No published story has this id; GET /v1/stories lists them.")
        return JSONResponse(story_document(event))

    return [Route("/v1/stories", listing, methods=["GET"]), Route("/v1/stories/{story_id}", one, methods=["GET"])]


def _after(request: Request) -> PageEnd | None:
    iterator = request.query_params.get("iterator")
    if iterator is None:
        return None
    try:
        return PageEnd.read(iterator)
    except ValueError:
        raise Problem(
            HTTPStatus.BAD_REQUEST, "iterator", "This 'iterator' is not one that a page gave; start without it."
        ) from None
