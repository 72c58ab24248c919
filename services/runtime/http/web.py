"""What every service answers over HTTP: alive, ready, its numbers, its AsyncAPI document; and how it says no."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any, Final

import structlog
from faststream.redis import RedisBroker
from faststream.specification import AsyncAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.runtime.backlog import Backlog, Stuck
from services.runtime.metrics import Metrics
from services.runtime.server_words import server_word
from services.runtime.shared_numbers import shown
from services.version import VERSION

log = structlog.get_logger(__name__)

_PATIENCE = 3.0
"""Seconds Redis has to answer whoever asks for our health or our numbers; they wait about ten."""

_COME_AGAIN = 5
"""Seconds: what we say in Retry-After while Redis is away."""

_BODY_PATIENCE = 60.0
"""Seconds for a body of a megabyte, over the slowest line that anybody has."""


class Problem(Exception):
    """An answer of RFC 9457 (application/problem+json). `detail` says what, where and what to do, without values."""

    def __init__(self, status: HTTPStatus, slug: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.slug = slug
        self.detail = detail
        self.headers = headers or {}


def problem_response(problem: Problem) -> Response:
    body = {
        "type": f"urn:vestka:problem:{problem.slug}",
        "title": problem.status.phrase,
        "status": int(problem.status),
        "detail": problem.detail,
    }
    return JSONResponse(
        body, status_code=int(problem.status), headers=problem.headers, media_type="application/problem+json"
    )


async def _say_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(error)


async def _say_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})  # a 405 must say what is allowed (RFC 9110, 15.5.6)
    return problem_response(Problem(status, status.name.lower(), status.description or status.phrase, headers))


async def _say_internal(_request: Request, _error: Exception) -> Response:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return problem_response(Problem(status, "internal", "The fault is ours; the log of the service tells more."))


_REFUSES: Final = frozenset(
    {"OOM", "READONLY", "MISCONF", "NOREPLICAS", "MASTERDOWN", "CLUSTERDOWN", "NOAUTH", "NOPERM"}
)
"""Words by which a server says that it cannot do now what it is asked; other words are about what we asked."""


async def _say_redis(request: Request, error: Exception) -> Response:
    """Whoever asks does no harm by asking again: nothing was accepted, or it is known by its content or its key."""
    if isinstance(error, ResponseError) and server_word(error, _REFUSES) is None:
        log.error("redis_error", error=type(error).__name__, method=request.method)
        return await _say_internal(request, error)
    detail = "Our store does not answer; nothing is wrong with your request. Send it again, unchanged."
    wait = {"retry-after": str(_COME_AGAIN)}
    return problem_response(Problem(HTTPStatus.SERVICE_UNAVAILABLE, "redis", detail, wait))


def web_app(routes: Sequence[BaseRoute]) -> Starlette:
    return Starlette(
        routes=list(routes),
        exception_handlers={
            Problem: _say_problem,
            HTTPException: _say_http,
            RedisError: _say_redis,
            Exception: _say_internal,
        },
    )


async def body_of(request: Request, most: int, patience: float = _BODY_PATIENCE) -> bytes:
    """Stops reading at so many bytes, whatever Content-Length says, and after so many seconds. Raises Problem."""
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise Problem(
                        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", f"The body may have {most:,} bytes at most."
                    )
    except TimeoutError:
        slow = f"The body did not come within {patience:.0f} s; send it again."
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, "too-slow", slow, {"connection": "close"}) from None
    except ClientDisconnect:  # anybody may hang up; as a fault of ours each would be a traceback in the log
        raise Problem(HTTPStatus.BAD_REQUEST, "cut-short", "The body broke off; send it again.") from None
    return bytes(body)


def _refuse_stuck(stuck: Sequence[Stuck]) -> None:
    if stuck:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "stuck", "; ".join(one.says for one in stuck))


def common_routes(
    redis: Redis,
    metrics: Metrics,
    broker: RedisBroker,
    title: str,
    measure: Callable[[], Awaitable[None]],
    backlog: Backlog | None = None,
) -> list[BaseRoute]:
    """/healthz /readyz /metrics /asyncapi. `measure` refreshes the gauges before they are shown, if Redis lets it.
    `backlog`: what has to get done for the service to count as ready."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> Response:
        try:
            async with asyncio.timeout(_PATIENCE):
                await redis.ping()
                stuck = await backlog.stuck(redis) if backlog is not None else ()
        except (RedisError, OSError):  # TimeoutError is an OSError
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE, "redis", "Redis does not answer; the service goes on when it does."
            ) from None
        _refuse_stuck(stuck)
        return JSONResponse({"status": "ready"})

    async def numbers(_request: Request) -> Response:
        try:
            async with asyncio.timeout(_PATIENCE):
                await measure()
        except (RedisError, OSError) as error:  # the counters are ours, and wanted most when something is down
            log.warning("gauges_not_refreshed", error=type(error).__name__)
        return Response(generate_latest(shown(metrics.registry)), media_type=CONTENT_TYPE_LATEST)

    async def asyncapi(_request: Request) -> Response:
        # The document only: FastStream's page for it loads scripts from elsewhere.
        specification: Any = AsyncAPI(broker, title=title, version=VERSION).to_specification()
        return JSONResponse(specification.to_jsonable())

    return [
        Route("/healthz", alive),
        Route("/readyz", ready),
        Route("/metrics", numbers),
        Route("/asyncapi", asyncapi),
    ]
