"""An ASGI app served on the loop of the test."""

from __future__ import annotations

import httpx
import pytest
from starlette.responses import PlainTextResponse

from services.demo.local_server import LocalServer


async def test_it_serves_on_a_free_port_and_stops() -> None:
    server = LocalServer(PlainTextResponse("here"))
    await server.start()
    assert server.port > 0
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(server.url)
        assert answer.text == "here"
        assert "server" not in answer.headers
        await server.stop()
        with pytest.raises(httpx.ConnectError):
            await client.get(server.url)
    await server.stop()


async def test_a_taken_port_is_explained() -> None:
    server = LocalServer(PlainTextResponse("here"))
    await server.start()
    with pytest.raises(OSError, match="give another port"):
        await LocalServer(PlainTextResponse("too"), port=server.port).start()
    await server.stop()


async def test_it_can_be_started_again() -> None:
    server = LocalServer(PlainTextResponse("here"))
    for _ in range(2):
        await server.start()
        await server.stop()
