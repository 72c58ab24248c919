"""The operator's desk over HTTP: what waits, what was decided, and the verbs of `vestka story`, for whoever bears an
operator's token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.ingest.desk.correction_request import UnusableCorrection, UnusableReason
from services.ingest.desk.decisions import Decision, Desk, Operator
from services.ingest.desk.documents import (
    Background,
    decision_document,
    story_row,
    story_whole,
    trial_document,
)
from services.ingest.desk.foreseen import ChangedMeanwhile
from services.ingest.desk.requests import read_request
from services.ingest.evidence import EvidenceStore
from services.ingest.publishing import UnknownStory
from services.ingest.store import Reports, Stories
from services.ingest.stories import StoryState, WrongState
from services.ingest.watching.removals import Removals
from services.operations.alarms import Alarms
from services.operations.audit import AUDIT, REPORTS_AUDIT, Audit
from services.runtime.clock import unix_of
from services.runtime.http.bearer import Doorkeeper
from services.runtime.http.idempotency import Idempotency
from services.runtime.http.paging import moment_asked, page_of
from services.runtime.http.web import Problem, body_of
from services.runtime.metrics import Metrics

log = structlog.get_logger(__name__)

KIND: Final = "desk"
"""What the doorkeeper calls these routes."""
HINT: Final = "Send 'Authorization: Bearer <token>' with an operator's token, one of VESTKA_OPERATOR_TOKENS."
MOST_BYTES: Final = 100_000
_AUDITS: Final = {"decisions": AUDIT, "reports": REPORTS_AUDIT}


@dataclass(frozen=True, slots=True)
class DeskHandlers:
    desk: Desk
    stories: Stories
    reports: Reports
    removals: Removals
    evidence: EvidenceStore
    audit: Audit
    alarms: Alarms
    idempotency: Idempotency
    metrics: Metrics
    keeper: Doorkeeper
    """Knows the operators."""
    now: Callable[[], float]

    async def list_stories(self, request: Request) -> Response:
        self.admit(request)
        wanted = request.query_params.get("state")
        since, until = moment_asked(request, "since", self.now), moment_asked(request, "until", self.now)
        found = await (self.stories.preexisting() if wanted == StoryState.PREEXISTING else self.stories.open())
        rows = {
            f"{story.updated_at}~{story.id}": story
            for story in found
            if wanted in (None, story.state) and _is_within(unix_of(story.updated_at), since, until)
        }
        newest_first = sorted(rows.items(), key=lambda row: row[0], reverse=True)
        return page_of(request, newest_first, lambda story: story_row(story, self.now()))

    async def show_story(self, request: Request) -> Response:
        self.admit(request)
        story = await self.stories.get(request.path_params["story_id"])
        if story is None:
            raise _unknown()
        reports = await self.reports.of(story)
        sources = [report.source for report in reports.values()]
        background = Background(
            await self.removals.dates(source.url for source in sources),
            await self.evidence.of((source.evidence for source in sources), self.now()),
        )
        return JSONResponse(story_whole(story, reports.values(), self.now(), background))

    async def list_audit(self, request: Request) -> Response:
        self.admit(request)
        entries = await self.audit.entries(
            story=request.query_params.get("story"),
            since=moment_asked(request, "since", self.now),
            until=moment_asked(request, "until", self.now),
            of=_audit_asked(request),
        )
        return page_of(request, [(entry.id, entry) for entry in entries], msgspec.structs.asdict)

    async def list_alarms(self, request: Request) -> Response:
        self.admit(request)
        return JSONResponse({"data": [msgspec.to_builtins(alarm) for alarm in await self.alarms.list()]})

    async def decide(self, request: Request) -> Response:
        """Does what the verb in the path says. The same Idempotency-Key again only gets the first answer; with
        `dry_run=true` nothing is done at all, so a key means nothing."""
        operator = self.admit(request)
        story_id, verb = request.path_params["story_id"], request.path_params["verb"]
        is_dry, desk = is_dry_run(request), _as_asked(request, self.desk)
        body = await body_of(request, MOST_BYTES)
        ask = read_request(verb, body)
        if is_dry:
            trial = trial_document(await or_problem(lambda: ask(desk.on_trial(), operator, story_id)))
            return JSONResponse(trial, headers={"etag": f'"{trial["fingerprint"]}"'})

        async def work() -> dict[str, Any]:
            decision = await or_problem(lambda: ask(desk, operator, story_id))
            for event in decision.events:
                self.metrics.events.labels(event.type).inc()
            log.info(
                "decided", who=operator.name, what=verb, story=story_id, events=[one.id for one in decision.events]
            )
            return decision_document(decision)

        key = request.headers.get("idempotency-key")
        if key is None:
            return JSONResponse(await work())
        said = b"\0".join((operator.name.encode(), verb.encode(), story_id.encode(), body))
        return JSONResponse(await self.idempotency.once(f"{operator.name} {key}", said, work))

    def admit(self, request: Request) -> Operator:
        if not self.keeper.admits_anybody:
            raise Problem(
                HTTPStatus.FORBIDDEN, "desk-closed", "No operator may decide over HTTP: see VESTKA_OPERATOR_TOKENS."
            )
        return Operator(self.keeper.admit(request), "http")


def desk_routes(handlers: DeskHandlers) -> list[BaseRoute]:
    return [
        Route("/v1/desk/stories", handlers.list_stories, methods=["GET"]),
        Route("/v1/desk/stories/{story_id}", handlers.show_story, methods=["GET"]),
        Route("/v1/desk/stories/{story_id}/{verb}", handlers.decide, methods=["POST"]),
        Route("/v1/desk/audit", handlers.list_audit, methods=["GET"]),
        Route("/v1/desk/alarms", handlers.list_alarms, methods=["GET"]),
    ]


def is_dry_run(request: Request) -> bool:
    """Raises Problem: whoever mistypes it must not decide in earnest."""
    given = request.query_params.getlist("dry_run")
    if given not in ([], ["true"], ["false"]):
        raise Problem(HTTPStatus.BAD_REQUEST, "dry-run", "dry_run is true or false, and given once.")
    return given == ["true"]


def _as_asked(request: Request, desk: Desk) -> Desk:
    """With If-Match it is done only if it comes to what a dry run showed under that ETag (RFC 9110, 13.1.1)."""
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return desk
    return desk.if_still([one.strip().strip('"') for one in given.split(",")])


def _audit_asked(request: Request) -> str:
    of = request.query_params.get("of", "decisions")
    if of not in _AUDITS:
        raise Problem(HTTPStatus.BAD_REQUEST, "of", f"'of' takes: {', '.join(_AUDITS)}.")
    return _AUDITS[of]


def _is_within(moment: float, since: float | None, until: float | None) -> bool:
    return (since is None or since <= moment) and (until is None or moment <= until)


async def or_problem(work: Callable[[], Awaitable[Decision]]) -> Decision:
    try:
        return await work()
    except UnknownStory:
        raise _unknown() from None
    except ChangedMeanwhile as error:
        raise Problem(HTTPStatus.PRECONDITION_FAILED, "changed-meanwhile", f"{error}.") from None
    except UnusableReason as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "reason", f"{error}.") from None
    except UnusableCorrection as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "correction", f"{error}.") from None
    except WrongState as error:
        raise Problem(HTTPStatus.CONFLICT, "state", f"{error}.") from None


def _unknown() -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, "story", "There is no story of this id; GET /v1/desk/stories lists them.")
