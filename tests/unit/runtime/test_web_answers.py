"""How the doors answer when a method is the wrong one, or Redis is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

import httpx
import pytest
from faststream.redis import RedisBroker
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.runtime.http.web import Problem, body_of, common_routes, web_app
from services.runtime.metrics import Metrics
from services.runtime.streams import open_redis


async def _here(_request: Request) -> Response:
    return Response("here")


def asking(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service.example.org")


async def test_a_body_that_does_not_come_is_waited_for_only_so_long() -> None:
    async def take(request: Request) -> Response:
        return Response(await body_of(request, most=100, patience=0.01))

    async def endless() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.Event().wait()

    async with asking(web_app([Route("/take", take, methods=["POST"])])) as client:
        asked = client.build_request("POST", "/take", content=endless())
        answer = await client.send(asked)
    assert (answer.status_code, answer.json()["type"]) == (408, "urn:vestka:problem:too-slow")
    assert answer.headers["connection"] == "close"


async def test_whoever_hangs_up_within_a_body_is_no_fault_of_ours() -> None:
    async def hung_up() -> dict[str, str]:
        return {"type": "http.disconnect"}

    request = Request({"type": "http", "method": "POST", "path": "/take", "headers": []}, hung_up)
    with pytest.raises(Problem, match="broke off"):
        await body_of(request, most=100)


async def test_a_method_that_is_not_allowed_is_answered_with_those_that_are() -> None:
    async with asking(web_app([Route("/here", _here, methods=["GET", "POST"])])) as client:
        answer = await client.put("/here")
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert {one.strip() for one in answer.headers["allow"].split(",")} == {"GET", "HEAD", "POST"}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "trouble", [RedisConnectionError("away"), ResponseError("NOGROUP"), TimeoutError(), ConnectionRefusedError()]
)
async def test_the_numbers_are_told_while_redis_is_away(trouble: Exception) -> None:
    metrics = Metrics()
    metrics.events.labels("pardon.announced").inc(3)

    async def measure() -> None:
        raise trouble

    app = web_app(common_routes(open_redis("redis://localhost"), metrics, RedisBroker(), "Sample", measure))
    async with asking(app) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == HTTPStatus.OK
    assert 'vestka_events_total{type="pardon.announced"} 3.0' in answer.text


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/asyncapi"])
async def test_what_can_be_read_can_be_asked_for_its_head(path: str) -> None:
    async def measure() -> None:
        pass

    app = web_app(common_routes(open_redis("redis://localhost"), Metrics(), RedisBroker(), "Sample", measure))
    async with asking(app) as client:
        assert (await client.head(path)).status_code == HTTPStatus.OK
