"""Ingest's HTTP doors beside the intake: the stories as they stand, for partners and operators."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.ingest.store import Stories
from services.ingest.stories import Story, event_data
from services.runtime.web import Problem

_MOST = 200


def story_document(story: Story) -> dict[str, Any]:
    """What may be shown of a story: what its event would say, and the state it is in."""
    data = event_data(story, sequence=0, changes=(), replaces=story.last_event_id)
    shown: dict[str, Any] = msgspec.to_builtins(data)
    del shown["sequence"]
    return {**shown, "state": story.state, "hold_reason": story.hold_reason, "updated_at": story.updated_at}


def story_routes(stories: Stories) -> list[BaseRoute]:
    async def listing(request: Request) -> Response:
        limit = _limit(request)
        found = [story for story in await stories.open() if story.told is not None]
        start = _start(request, found)
        page = found[start : start + limit]
        done = start + limit >= len(found)
        return JSONResponse(
            {
                "data": [story_document(story) for story in page],
                "iterator": page[-1].id if page else None,
                "done": done,
            }
        )

    async def one(request: Request) -> Response:
        story = await stories.get(request.path_params["story_id"])
        if story is None or story.told is None:
            raise Problem(HTTPStatus.NOT_FOUND, "story", "No published story has this id; GET /v1/stories lists them.")
        return JSONResponse(story_document(story))

    return [Route("/v1/stories", listing, methods=["GET"]), Route("/v1/stories/{story_id}", one, methods=["GET"])]


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "50")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST:
        raise Problem(HTTPStatus.BAD_REQUEST, "limit", f"'limit' is a whole number from 1 to {_MOST}.")
    return int(text)


def _start(request: Request, found: list[Story]) -> int:
    iterator = request.query_params.get("iterator")
    if iterator is None:
        return 0
    for place, story in enumerate(found):
        if story.id == iterator:
            return place + 1
    raise Problem(HTTPStatus.BAD_REQUEST, "iterator", "This 'iterator' is not one that a page gave; start without it.")
