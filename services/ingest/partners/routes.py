"""`POST /v1/reports`: 202 with the id, or a problem that says what, where and what to do; and what became of a report,
for the partner that sent it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.ingest.intake import Accepted, Intake, Sender, id_of
from services.ingest.known_parties import KnownParties
from services.ingest.partners.submission import MOST_BYTES, partner_id, read_submission, to_item
from services.ingest.sources.base import Item
from services.ingest.store import Results
from services.runtime.http.bearer import Doorkeeper, too_many
from services.runtime.http.rate_limit import RateLimit
from services.runtime.http.refusals import Refusals
from services.runtime.http.web import Problem, body_of

log = structlog.get_logger(__name__)

KIND: Final = "reports"
"""What the doorkeeper and the refusals call these routes."""
HINT: Final = "Send 'Authorization: Bearer <token>' with the token that this house gave you as a partner."
_WEIGHS_ONE: Final = 50_000
"""Bytes: a longer body counts as several, since what is accepted is kept for a while."""


@dataclass(frozen=True, slots=True)
class Turnstile:
    """How much each partner may send. Whatever is wrong with a report, it counts; what fails on our side does not."""

    limits: Sequence[RateLimit]
    """All of them hold: for the moment, and for the day."""
    refusals: Refusals
    clock: Callable[[], float]
    """Seconds that never go back."""

    @asynccontextmanager
    async def passing(self, partner: str) -> AsyncIterator[None]:
        """Raises Problem where the partner has to wait; notes why a report was refused."""
        wait = max(limit.wait(partner, self.clock()) for limit in self.limits)
        if wait:
            self.refusals.note(KIND, "too_many")
            raise too_many("too-many-reports", "You send more reports than we take from one partner.", wait)
        self._charge(partner, 1.0)
        try:
            yield
        except Problem as problem:
            self.refusals.note(KIND, problem.slug.replace("-", "_"))
            if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                self._charge(partner, -1.0)
            raise
        except Exception:
            self._charge(partner, -1.0)
            raise

    def weigh(self, partner: str, size: int) -> None:
        """`size`: bytes of a body that was let through."""
        self._charge(partner, size // _WEIGHS_ONE)

    def _charge(self, partner: str, cost: float) -> None:
        for limit in self.limits:
            limit.charge(partner, self.clock(), cost)


@dataclass(frozen=True, slots=True)
class ReportHandlers:
    intake: Intake
    results: Results
    keeper: Doorkeeper
    turnstile: Turnstile
    known: KnownParties
    is_full: Callable[[], bool]
    """Is what is left of our memory for others?"""
    now: Callable[[], float]
    """Unix seconds."""

    async def post(self, request: Request) -> Response:
        partner = self.keeper.admit(request)
        async with self.turnstile.passing(partner):
            if self.is_full():
                raise Problem(
                    HTTPStatus.SERVICE_UNAVAILABLE,
                    "memory",
                    "Our memory is nearly full, and an operator knows. Send the report again in a while.",
                    {"retry-after": "300"},
                )
            body = await body_of(request, MOST_BYTES)
            self.turnstile.weigh(partner, len(body))
            item = to_item(read_submission(body), partner, datetime.fromtimestamp(self.now(), UTC))
            accepted = await self._accept(partner, item, request.headers.get("idempotency-key"))
        return JSONResponse(msgspec.to_builtins(accepted), status_code=HTTPStatus.ACCEPTED)

    async def _accept(self, partner: str, item: Item, key: str | None) -> Accepted:
        if key is not None and not await self.intake.bind_key(item.source_id, key, id_of(item)):
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "This Idempotency-Key came with another body before. Use a new key for a new report.",
            )
        claims = self.known.whose(item.claims_to_be or "")
        accepted = await self.intake.accept(item, Sender(item.source_id, claims))
        log.info("report_accepted", id=accepted.id, duplicate=accepted.duplicate, partner=partner, claims=claims)
        return accepted

    async def get(self, request: Request) -> Response:
        """Of the partner's own reports only: others are as unknown to it as those that never were."""
        partner, item_id = self.keeper.admit(request), request.path_params["item_id"]
        sender = await self.intake.sender(item_id)
        result = await self.results.get(item_id) if sender and sender.source == partner_id(partner) else None
        if sender is None or result is None:
            raise Problem(
                HTTPStatus.NOT_FOUND, "report", "No report of yours with this id was accepted within the last 30 days."
            )
        shown: dict[str, Any] = {"id": item_id, **msgspec.to_builtins(result)}
        return JSONResponse(shown | ({"claims_to_be": sender.claims} if sender.claims else {}))


def report_routes(handlers: ReportHandlers) -> list[BaseRoute]:
    return [
        Route("/v1/reports", handlers.post, methods=["POST"]),
        Route("/v1/reports/{item_id}", handlers.get, methods=["GET"]),
    ]
