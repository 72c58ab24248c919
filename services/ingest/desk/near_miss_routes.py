"""Near misses over HTTP, for whoever bears an operator's token: what waits, and the two answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.ingest.desk.decisions import Decision, Operator
from services.ingest.desk.documents import decision_document, trial_document
from services.ingest.desk.near_miss_desk import NearMissDesk, NewsAnswer
from services.ingest.desk.near_miss_documents import near_miss_row, near_miss_whole
from services.ingest.desk.requests import Id, ReasonText, read_body
from services.ingest.desk.routes import MOST_BYTES, DeskHandlers, is_dry_run, or_problem
from services.ingest.near_misses.near_miss_store import UnknownNearMiss
from services.runtime.http.paging import page_of
from services.runtime.http.web import Problem, body_of


class NewsBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Id
    number: int | None = None
    names: Annotated[tuple[str, ...], msgspec.Meta(max_length=1000)] = ()
    said_by: Id | None = None
    occurred_on: Id | None = None
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class DismissBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: ReasonText


@dataclass(frozen=True, slots=True)
class NearMissHandlers:
    desk: NearMissDesk
    operators: DeskHandlers
    """Who may, the clock, and what counts."""

    async def list_near_misses(self, request: Request) -> Response:
        self.operators.admit(request)
        now = self.operators.now()
        found = await self.desk.near_misses.waiting(now)
        rows = [(f"{one.since:020.3f}~{one.id}", one) for one in found]
        return page_of(request, rows, lambda one: near_miss_row(one, now))

    async def show_near_miss(self, request: Request) -> Response:
        self.operators.admit(request)
        one = await self.desk.near_misses.find(request.path_params["near_miss_id"])
        if one is None:
            raise _unknown()
        return JSONResponse(near_miss_whole(one, self.operators.now()))

    async def news(self, request: Request) -> Response:
        def ask(desk: NearMissDesk, by: Operator, near_miss_id: str, body: bytes) -> Awaitable[Decision]:
            given = read_body(body, NewsBody)
            answer = NewsAnswer(given.kind, given.number, given.names, given.said_by, given.occurred_on)
            return desk.news(by, near_miss_id, answer, given.reason)

        return await self._answer(request, "news", ask)

    async def dismiss(self, request: Request) -> Response:
        def ask(desk: NearMissDesk, by: Operator, near_miss_id: str, body: bytes) -> Awaitable[Decision]:
            return desk.dismiss(by, near_miss_id, read_body(body, DismissBody).reason)

        return await self._answer(request, "dismiss", ask)

    async def _answer(
        self, request: Request, verb: str, ask: Callable[[NearMissDesk, Operator, str, bytes], Awaitable[Decision]]
    ) -> Response:
        """With an Idempotency-Key the same answer again only gets the first one's document."""
        operator = self.operators.admit(request)
        near_miss_id = request.path_params["near_miss_id"]
        body = await body_of(request, MOST_BYTES)
        if is_dry_run(request):
            trial = await _known(lambda: ask(self.desk.on_trial(), operator, near_miss_id, body))
            return JSONResponse(trial_document(trial))

        async def work() -> dict[str, Any]:
            decision = await _known(lambda: ask(self.desk, operator, near_miss_id, body))
            for event in decision.events:
                self.operators.metrics.events.labels(event.type).inc()
            return decision_document(decision)

        key = request.headers.get("idempotency-key")
        if key is None:
            return JSONResponse(await work())
        said = b"\0".join((operator.name.encode(), verb.encode(), near_miss_id.encode(), body))
        return JSONResponse(await self.operators.idempotency.once(f"{operator.name} {key}", said, work))


def near_miss_routes(handlers: NearMissHandlers) -> list[BaseRoute]:
    one = "/v1/desk/near-misses/{near_miss_id}"
    return [
        Route("/v1/desk/near-misses", handlers.list_near_misses, methods=["GET"]),
        Route(one, handlers.show_near_miss, methods=["GET"]),
        Route(f"{one}/news", handlers.news, methods=["POST"]),
        Route(f"{one}/dismiss", handlers.dismiss, methods=["POST"]),
    ]


async def _known(work: Callable[[], Awaitable[Decision]]) -> Decision:
    try:
        return await or_problem(work)
    except UnknownNearMiss:
        raise _unknown() from None


def _unknown() -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, "near-miss", "There is none of this id; GET /v1/desk/near-misses lists them.")
