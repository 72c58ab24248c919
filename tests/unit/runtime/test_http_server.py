from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from services.runtime.http.server import HttpServer, listen


def test_port_0_takes_a_free_one() -> None:
    with closing(listen("127.0.0.1", 0)) as one, closing(listen("127.0.0.1", 0)) as other:
        assert one.getsockname()[1] != other.getsockname()[1]


def test_a_taken_port_is_a_clear_error() -> None:
    with closing(listen("127.0.0.1", 0)) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"127\.0\.0\.1:{port}: .+; stop what listens there"):
            listen("127.0.0.1", port)


async def test_it_answers_until_it_is_told_to_stop_and_takes_no_signals() -> None:
    before = signal.getsignal(signal.SIGTERM)
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])
    listener = listen("127.0.0.1", 0)
    server = HttpServer(app, patience=1)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await asyncio.wait_for(server.ready.wait(), 60)
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    assert answer.text == "here"
    assert "server" not in answer.headers
    assert signal.getsignal(signal.SIGTERM) is before
    server.should_exit = True
    await task


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """Its address."""
    listener = listen("127.0.0.1", 0)
    server = HttpServer(app, patience=1)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await asyncio.wait_for(server.ready.wait(), 60)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    server.should_exit = True
    await task


async def test_who_connects_is_who_asks_whatever_a_header_says() -> None:
    async def who(request: Request) -> PlainTextResponse:
        assert request.client
        return PlainTextResponse(request.client.host)

    async with serving(Starlette(routes=[Route("/", who)])) as address, httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(address, headers={"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"})
    assert answer.text == "127.0.0.1"
