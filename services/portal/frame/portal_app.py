"""The portal's web application: whatever goes wrong, whoever reads gets a page in their language."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

import structlog
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from services.portal.frame.door_pages import DoorPages
from services.portal.frame.page_refused import PageRefused
from services.runtime.http.web import Problem, problem_response

log = structlog.get_logger(__name__)

_COME_AGAIN = {"retry-after": "5"}
_KEPT = {"cache-control": "public, max-age=86400"}


def portal_app(pages: DoorPages, routes: Sequence[BaseRoute]) -> Starlette:
    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, PageRefused)
        return pages.refusal(request, error)

    def by_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return pages.refusal(request, PageRefused.by_status(error.status_code, error.headers))

    def without_store(request: Request, error: Exception) -> Response:
        log.warning("store_away", error=type(error).__name__)
        return pages.refusal(request, PageRefused.of("unavailable", _COME_AGAIN))

    def ours(request: Request, _error: Exception) -> Response:
        return pages.refusal(request, PageRefused.of("internal"))

    app = Starlette(
        routes=[*routes, *_for_programs()],
        exception_handlers={
            PageRefused: refused,
            Problem: _for_partners,
            HTTPException: by_http,
            RedisError: without_store,
            Exception: ours,
        },
    )
    app.router.redirect_slashes = False  # it would answer with whatever Host somebody sent
    return app


def _for_partners(_request: Request, error: Exception) -> Response:
    """What partners ask for is answered as everywhere else."""
    assert isinstance(error, Problem)
    return problem_response(error)


def _for_programs() -> list[BaseRoute]:
    async def robots(_request: Request) -> Response:
        # A name that was told and taken back must not stand in an index for years.
        return PlainTextResponse("User-agent: *\nDisallow: /\n", headers=_KEPT)

    async def no_icon(_request: Request) -> Response:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=_KEPT)

    return [Route("/robots.txt", robots), Route("/favicon.ico", no_icon)]
