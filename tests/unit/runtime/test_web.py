from __future__ import annotations

import logging
from http import HTTPStatus
from pathlib import Path

import httpx
from faststream.redis import RedisBroker
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.runtime.consumers import StreamConsumer, attach_consumer, open_broker
from services.runtime.http.web import Problem, common_routes, web_app
from services.runtime.metrics import Metrics
from services.runtime.streams import open_redis

PROBLEM = "application/problem+json"


async def _says_no(_request: Request) -> Response:
    raise Problem(HTTPStatus.CONFLICT, "sample", "What, where, what to do.", {"x-sample": "1"})


async def _breaks(_request: Request) -> Response:
    raise RuntimeError("reader@example.org is in the way")


ROUTES = (Route("/no", _says_no), Route("/breaks", _breaks), Route("/post-only", _says_no, methods=["POST"]))


def asking(app: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://service.example.org")


async def test_a_problem_is_told_as_rfc_9457_has_it() -> None:
    async with asking(web_app(ROUTES)) as client:
        answer = await client.get("/no")
    assert (answer.status_code, answer.headers["content-type"], answer.headers["x-sample"]) == (409, PROBLEM, "1")
    assert answer.json() == {
        "type": "urn:vestka:problem:sample",
        "title": "Conflict",
        "status": 409,
        "detail": "What, where, what to do.",
    }


async def test_what_is_not_there_and_what_is_not_allowed_are_problems_too() -> None:
    async with asking(web_app(ROUTES)) as client:
        for path, status in (("/nothing", 404), ("/post-only", 405)):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
            assert answer.json()["status"] == status


async def test_our_own_fault_says_so_and_shows_nothing_of_it() -> None:
    async with asking(web_app(ROUTES)) as client:
        answer = await client.get("/breaks")
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "reader" not in answer.text
    assert "Traceback" not in answer.text


def service(folder: Path, metrics: Metrics) -> Starlette:
    """A service whose Redis is not there."""
    url = f"unix://{folder / 'no-server-here'}"
    redis, broker = open_redis(url), _broker(url)

    async def measure() -> None:
        metrics.stories_open.set(3)

    return web_app(common_routes(redis, metrics, broker, "Vestka sample", measure))


def _broker(url: str) -> RedisBroker:
    async def never(*_: object) -> None:
        raise AssertionError

    broker = open_broker(url, CollectorRegistry())
    attach_consumer(broker, open_redis(url), StreamConsumer("vestka:sample", "readers", "one", never, never))
    return broker


async def test_a_service_without_redis_is_alive_and_not_ready(tmp_path: Path) -> None:
    async with asking(service(tmp_path, Metrics())) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
    assert str(tmp_path) not in answer.text


async def test_gauges_are_measured_when_they_are_asked_for(tmp_path: Path) -> None:
    async with asking(service(tmp_path, Metrics())) as client:
        answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "vestka_stories_open 3.0" in answer.text


async def test_the_asyncapi_document_is_data_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    async with asking(service(tmp_path, Metrics())) as client:
        answer = await client.get("/asyncapi")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["info"]["title"] == "Vestka sample"
    assert "vestka:sample" in answer.text
    assert "<script" not in answer.text


async def test_the_asyncapi_document_shows_no_password(tmp_path: Path) -> None:
    url = "redis://user:s3cret@db.example.org:6379/0"
    app = web_app(common_routes(open_redis(url), Metrics(), _broker(url), "Vestka sample", _nothing))
    async with asking(app) as client:
        assert "s3cret" not in (await client.get("/asyncapi")).text


async def _nothing() -> None:
    logging.getLogger(__name__).debug("nothing to measure")
