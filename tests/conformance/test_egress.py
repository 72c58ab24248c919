"""The guarded HTTP client against servers that misbehave: by each transport."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from typing import cast

import pytest

from services.egress import (
    AnswerTooLarge,
    BadAnswer,
    BadRequest,
    Egress,
    EgressPolicy,
    ForbiddenTarget,
    TimedOut,
    TlsFailed,
    Unreachable,
    WireTransport,
)
from services.egress.by_httpx import HttpxTransport
from services.egress.client import OpenTransport
from tests.conformance.receivers import Badly, HttpReceiver, Reply, listening

LOOPBACK = EgressPolicy(allow_http=True, allowed_networks=("127.0.0.0/8",))


@pytest.fixture(params=[HttpxTransport, WireTransport], ids=["httpx", "sender"])
def transport(request: pytest.FixtureRequest) -> OpenTransport:
    return cast("OpenTransport", request.param)


@pytest.fixture
async def egress(transport: OpenTransport) -> AsyncIterator[Egress]:
    client = Egress(LOOPBACK, transport=transport)
    yield client
    await client.close()


@pytest.fixture
async def server() -> AsyncIterator[HttpReceiver]:
    receiver = HttpReceiver()
    async with listening(receiver.serve) as port:
        receiver.port = port
        yield receiver


def url(server: HttpReceiver, path: str = "/") -> str:
    return f"http://127.0.0.1:{server.port}{path}"


async def test_an_answer_has_status_headers_and_body(egress: Egress, server: HttpReceiver) -> None:
    server.will(Reply(404, b"not here", (("X-Two", "a"), ("x-two", "b"))))
    answer = await egress.request("GET", url(server), deadline=5, max_bytes=100)
    assert (answer.status, answer.body) == (404, b"not here")
    assert answer.headers["x-two"] == "a, b"


async def test_a_redirect_is_an_answer(egress: Egress, server: HttpReceiver) -> None:
    server.will(Reply(302, headers=(("location", "/elsewhere"),)))
    assert (await egress.request("GET", url(server), deadline=5, max_bytes=100)).status == 302
    assert len(server.requests) == 1


async def test_a_proxy_of_the_environment_is_not_used(
    egress: Egress, server: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await egress.request("GET", url(server), deadline=5, max_bytes=100)).status == 200


async def test_plain_bodies_are_asked_for(egress: Egress, server: HttpReceiver) -> None:
    await egress.request("GET", url(server), deadline=5, max_bytes=100)
    assert server.requests[0].headers["accept-encoding"] == "identity"


async def test_a_body_that_unfolds_without_end_is_too_large(egress: Egress, server: HttpReceiver) -> None:
    server.will(Reply(200, gzip.compress(b"0" * 3_000_000), (("content-encoding", "gzip"),)))
    with pytest.raises(AnswerTooLarge):
        await egress.request("GET", url(server), deadline=5, max_bytes=100_000)


async def test_a_body_that_never_ends_meets_the_deadline(egress: Egress, server: HttpReceiver) -> None:
    server.will(Reply(200, b"beginning", unframed=True))
    with pytest.raises(TimedOut):
        await egress.request("GET", url(server), deadline=0.3, max_bytes=100)


async def test_a_glance_is_content_with_the_beginning(egress: Egress, server: HttpReceiver) -> None:
    server.will(Reply(200, b"beginning", unframed=True))
    answer = await egress.request("GET", url(server), deadline=30, max_bytes=5, body="glance")
    assert (answer.status, answer.body) == (200, b"begin")


async def test_a_server_that_breaks_off_is_unreachable(egress: Egress, server: HttpReceiver) -> None:
    server.will(Badly.BREAKS_OFF)
    with pytest.raises(Unreachable):
        await egress.request("GET", url(server), deadline=5, max_bytes=100)


async def test_a_port_without_a_server_is_unreachable(egress: Egress) -> None:
    async with listening(HttpReceiver().serve) as port:
        pass
    with pytest.raises(Unreachable):
        await egress.request("GET", f"http://127.0.0.1:{port}/", deadline=5, max_bytes=100)


@pytest.mark.parametrize("said", [b"220 mail.example.org ESMTP\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n", b"\x00" * 64])
async def test_what_is_not_http_is_a_bad_answer(egress: Egress, said: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()

    async with listening(serve) as port:
        with pytest.raises(BadAnswer):
            await egress.request("GET", f"http://127.0.0.1:{port}/", deadline=5, max_bytes=100)


async def test_who_does_not_speak_tls_is_no_secure_endpoint(egress: Egress, server: HttpReceiver) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with listening(serve) as port:
        with pytest.raises(TlsFailed):
            await egress.request("GET", f"https://127.0.0.1:{port}/", deadline=5, max_bytes=100)


async def test_a_header_that_cannot_be_sent_is_our_mistake(egress: Egress, server: HttpReceiver) -> None:
    for value in ("a\r\nx-injected: 1", "ё"):
        with pytest.raises(BadRequest):
            await egress.request("GET", url(server), headers={"x-a": value}, deadline=5, max_bytes=100)
    assert server.requests == []


async def test_nothing_of_the_address_is_logged_or_said(
    caplog: pytest.LogCaptureFixture, transport: OpenTransport
) -> None:
    caplog.set_level(logging.DEBUG)
    client, receiver = Egress(LOOPBACK, transport=transport), HttpReceiver()
    async with listening(receiver.serve) as port:
        said = []
        for does in (Reply(), Badly.HANGS, Badly.BREAKS_OFF):
            receiver.will(does)
            try:
                said.append(repr(await client.request(
                    "GET", f"http://127.0.0.1:{port}/bot7:SECRET", deadline=0.2, max_bytes=9
                )))  # fmt: skip
            except (TimedOut, Unreachable) as error:
                said.append(repr(error) + str(error))
    with pytest.raises(ForbiddenTarget) as caught:
        client.check_url("https://10.0.0.1/bot7:SECRET")
    await client.close()
    written = "\n".join([*said, repr(caught.value), *(str(record.__dict__) for record in caplog.records)])
    assert "SECRET" not in written
    assert str(port) not in written


async def test_fifty_requests_that_hang_at_one_address_delay_no_other(transport: OpenTransport) -> None:
    async def at_home(host: str) -> tuple[str, ...]:
        return ("127.0.0.1",)

    full, asked = asyncio.Event(), 0

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        if asked == LOOPBACK.per_address:
            full.set()
        await asyncio.Event().wait()

    client = Egress(LOOPBACK, transport=transport, resolve=at_home)
    async with listening(hang) as dead, listening(HttpReceiver().serve) as well:
        address = f"http://dead.example.org:{dead}/"
        waiting = [asyncio.create_task(client.request("GET", address, deadline=60, max_bytes=9)) for _ in range(50)]
        await full.wait()
        answer = await client.request("GET", f"http://well.example.org:{well}/", deadline=60, max_bytes=9)
        assert answer.status == 200
        assert not any(task.done() for task in waiting)
        assert asked == LOOPBACK.per_address, "the others wait for their turn"
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    await client.close()


async def test_an_address_that_was_slow_has_all_its_turns_again(egress: Egress, server: HttpReceiver) -> None:
    server.will(Badly.HANGS)
    many = [egress.request("GET", url(server), deadline=0.2, max_bytes=9) for _ in range(40)]
    assert all(isinstance(one, TimedOut) for one in await asyncio.gather(*many, return_exceptions=True))
    server.will(Reply())
    assert (await egress.request("GET", url(server), deadline=5, max_bytes=9)).status == 200
