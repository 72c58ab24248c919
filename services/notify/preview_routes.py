"""`POST /v1/preview`: how many would get an event that is still to go out, and what they would read. Private.

Whoever may ask could make up an event about a person and learn from the count whether anybody follows them; so the door
is closed unless it has a token of its own, and every look is logged.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.contract import Event, Undecodable, decode_event, event_id
from services.notify.content.rendering import RenderingFailed
from services.notify.preview import Previewer, preview_document
from services.runtime.http.web import Problem, body_of

log = structlog.get_logger(__name__)

_MOST_BYTES: Final = 200_000
_MOST_REVISIONS: Final = 1_000
"""The ledger is asked about each that came before."""


@dataclass(frozen=True, slots=True)
class PreviewDoor:
    previewer: Previewer
    token: str | None
    """What a request must bear; None: nobody may ask."""

    async def answer(self, request: Request) -> Response:
        self._admit(request)
        event = _event(await body_of(request, _MOST_BYTES))
        try:
            found = await self.previewer.preview(event)
        except RenderingFailed as error:
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "rendering", f"It cannot be rendered as it stands: {error}."
            ) from None
        log.info("previewed", type=event.type, readers=sum(found.by_channel.values()))
        return JSONResponse(preview_document(found), headers={"cache-control": "no-store"})

    def _admit(self, request: Request) -> None:
        if self.token is None:
            raise Problem(
                HTTPStatus.FORBIDDEN, "preview-closed", "Nobody may look ahead over HTTP: see VESTKA_PREVIEW_TOKEN."
            )
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(given.encode(), self.token.encode())
        if scheme.lower() != "bearer" or not right:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "token",
                "Send 'Authorization: Bearer <token>' with the token that VESTKA_PREVIEW_TOKEN holds.",
                {"www-authenticate": "Bearer"},
            )


def preview_routes(door: PreviewDoor) -> list[BaseRoute]:
    return [Route("/v1/preview", door.answer, methods=["POST"])]


def _event(body: bytes) -> Event:
    """Raises Problem."""
    try:
        event = decode_event(body)
    except Undecodable as error:
        raise _refused(f"{error}; send one of the events that a dry run gave") from None
    data = event.data
    if not 1 <= data.revision <= _MOST_REVISIONS or event.id != event_id(data.story_id, data.revision):
        raise _refused("its id does not follow from its story and revision; send one that a dry run gave, unchanged")
    return event


def _refused(says: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "event", f"The event cannot be used: {says}.")
