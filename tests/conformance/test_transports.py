"""What every way of carrying a request has to keep to: whom it speaks to, when it speaks, and what it believes."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from services.egress import (
    Answer,
    BadAnswer,
    Egress,
    EgressError,
    EgressPolicy,
    TimedOut,
    TlsFailed,
    Unreachable,
    WireTransport,
)
from services.egress.by_httpx import HttpxTransport
from services.egress.by_wire import dial_tcp
from services.egress.client import OpenTransport
from tests.conformance.certificates import Authority
from tests.conformance.receivers import Badly, HttpReceiver, Raw, Reply, listening

LOOPBACK = EgressPolicy(allow_http=True, allowed_networks=("127.0.0.0/8",))
NAME = "partner.example.org"


@pytest.fixture(params=[HttpxTransport, WireTransport], ids=["httpx", "sender"])
def transport(request: pytest.FixtureRequest) -> OpenTransport:
    return cast("OpenTransport", request.param)


@pytest.fixture
async def egress(transport: OpenTransport) -> AsyncIterator[Egress]:
    client = Egress(LOOPBACK, transport=transport, resolve=at_home)
    yield client
    await client.close()


@pytest.fixture
async def server() -> AsyncIterator[HttpReceiver]:
    receiver = HttpReceiver()
    async with listening(receiver.serve) as port:
        receiver.port = port
        yield receiver


async def at_home(host: str) -> tuple[str, ...]:
    return ("127.0.0.1",)


async def get(egress: Egress, port: int, *, max_bytes: int = 1000, deadline: float = 5) -> Answer:
    return await egress.request("GET", f"http://{NAME}:{port}/", deadline=deadline, max_bytes=max_bytes)


async def said(egress: Egress, server: HttpReceiver, answer: bytes) -> Answer:
    server.will(Raw(answer))
    return await get(egress, server.port)


class TlsSide:
    """Answers over TLS, and notes by which name it was asked for."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self.names: list[str | None] = []
        self.receiver = HttpReceiver()
        self.tls = tls
        tls.sni_callback = lambda _socket, name, _context: self.names.append(name)


async def ask_over_tls(
    transport: OpenTransport, side: TlsSide, trusted: ssl.SSLContext | None, name: str = NAME
) -> Answer:
    egress = Egress(LOOPBACK, transport=transport, resolve=at_home, ssl_context=trusted)
    async with listening(side.receiver.serve, tls=side.tls) as port:
        try:
            url = f"https://{name}:{port}/hook?a=b"
            await egress.request("POST", url, content=b"x", deadline=5, max_bytes=10)
            return await egress.request("POST", url, content=b"y", deadline=5, max_bytes=10)
        finally:
            await egress.close()


async def test_the_name_is_asked_for_and_proven_although_only_its_address_is_connected_to(
    transport: OpenTransport, tmp_path: Path
) -> None:
    authority = Authority()
    side = TlsSide(authority.server(NAME, tmp_path))
    assert (await ask_over_tls(transport, side, authority.trusted())).status == 200
    assert side.names == [NAME], "and the connection is used again"
    first, second = side.receiver.requests
    assert (first.path, first.body, second.body) == ("/hook?a=b", b"x", b"y")
    assert first.headers["host"].partition(":")[0] == NAME


async def test_a_certificate_of_another_name_is_none(transport: OpenTransport, tmp_path: Path) -> None:
    authority = Authority()
    side = TlsSide(authority.server("another.example.org", tmp_path))
    with pytest.raises(TlsFailed) as caught:
        await ask_over_tls(transport, side, authority.trusted())
    assert NAME not in str(caught.value)
    assert side.receiver.requests == []


async def test_a_certificate_of_an_authority_we_do_not_know_is_none(transport: OpenTransport, tmp_path: Path) -> None:
    side = TlsSide(Authority().server(NAME, tmp_path))
    with pytest.raises(TlsFailed):
        await ask_over_tls(transport, side, None)
    assert side.receiver.requests == []


async def test_a_handshake_that_never_ends_meets_the_deadline() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    egress = Egress(LOOPBACK, transport=WireTransport, resolve=at_home)
    async with listening(hang) as port:
        with pytest.raises(TimedOut) as caught:
            await egress.request("GET", f"https://{NAME}:{port}/", deadline=0.2, max_bytes=9)
        assert not caught.value.sent
    await egress.close()


WELL_FORMED = {
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
    "chunks and a trailer": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\nX-A: a\r\n\r\n",
    "a length": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
    "until the end": b"HTTP/1.1 200 OK\r\n\r\nabcde",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\nabcde",
    "an interim answer": b"HTTP/1.1 103 Hints\r\nX-B: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
}


@pytest.mark.parametrize("answer", WELL_FORMED.values(), ids=WELL_FORMED)
async def test_a_body_is_whole_however_it_is_framed(egress: Egress, server: HttpReceiver, answer: bytes) -> None:
    read = await said(egress, server, answer)
    assert (read.status, read.body) == (200, b"abcde")
    assert "x-a" not in read.headers, "a trailer is no header"
    assert "x-b" not in read.headers, "nor is what an interim answer says"


@pytest.mark.parametrize("status", [204, 304])
async def test_some_answers_have_no_body_whatever_they_say(egress: Egress, server: HttpReceiver, status: int) -> None:
    read = await said(egress, server, b"HTTP/1.1 %d Said\r\nContent-Length: 5\r\n\r\n" % status)
    assert (read.status, read.body) == (status, b"")


CUT = {
    "a length": b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcde",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
}


@pytest.mark.parametrize("answer", CUT.values(), ids=CUT)
async def test_a_body_that_is_cut_is_never_taken_for_a_whole_one(
    egress: Egress, server: HttpReceiver, answer: bytes
) -> None:
    with pytest.raises(BadAnswer):
        await said(egress, server, answer)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nX-A: a"])
async def test_a_connection_that_ends_before_the_head_does_was_no_answer(
    egress: Egress, server: HttpReceiver, answer: bytes
) -> None:
    with pytest.raises(Unreachable):
        await said(egress, server, answer)


async def test_whoever_changes_the_protocol_has_not_answered(egress: Egress, server: HttpReceiver) -> None:
    with pytest.raises(EgressError):
        await said(egress, server, b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nabcde")


@pytest.mark.parametrize("again", [b"HTTP/1.1 100 Continue\r\n\r\n" * 100, b"x-a: a\r\n" * 100])
async def test_a_head_that_never_comes_to_an_end_is_given_up(egress: Egress, again: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 100 Continue\r\nx-b: b\r\n" + (b"" if again.startswith(b"x") else b"\r\n"))
        while True:
            writer.write(again)
            await writer.drain()

    async with listening(serve) as port:
        with pytest.raises((BadAnswer, TimedOut)):
            await get(egress, port, deadline=1)


async def test_a_body_that_comes_a_drop_at_a_time_meets_the_deadline(egress: Egress) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b".")
            await asyncio.sleep(0.02)

    async with listening(serve) as port:
        with pytest.raises(TimedOut):
            await get(egress, port, deadline=0.3)


async def test_what_is_said_beyond_the_answer_is_no_answer_to_the_next_request() -> None:
    egress, conversations = Egress(LOOPBACK, transport=WireTransport, resolve=at_home), 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal conversations
        conversations += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
        await reader.read()

    async with listening(serve) as port:
        for _ in range(3):
            assert (await get(egress, port)).status == 200
        await egress.close()
    assert conversations == 3


async def test_what_is_said_unasked_is_no_answer_to_the_next_request(egress: Egress) -> None:
    conversations, asked = 0, asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal conversations
        conversations += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await asked.wait()
        writer.write(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")
        await reader.read()

    async with listening(serve) as port:
        assert (await get(egress, port)).status == 200
        asked.set()
        await turns_of_the_loop()
        assert (await get(egress, port)).status == 200
    assert conversations == 2


async def turns_of_the_loop() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_connection_that_the_far_side_closed_is_not_used_again(egress: Egress, server: HttpReceiver) -> None:
    for _ in range(3):
        assert (await said(egress, server, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")).body == b"ok"
        await turns_of_the_loop()


async def test_a_connection_is_used_again(egress: Egress) -> None:
    receiver, conversations = HttpReceiver(), 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal conversations
        conversations += 1
        await receiver.serve(reader, writer)

    async with listening(serve) as port:
        for _ in range(3):
            await get(egress, port)
    assert (conversations, len(receiver.requests)) == (1, 3)


async def test_all_has_left_where_the_far_side_read_it_and_said_nothing(egress: Egress, server: HttpReceiver) -> None:
    for does, error in ((Badly.HANGS, TimedOut), (Badly.BREAKS_OFF, Unreachable)):
        server.will(does)
        with pytest.raises(error) as caught:
            await egress.request("POST", f"http://{NAME}:{server.port}/", content=b"x", deadline=0.3, max_bytes=9)
        assert caught.value.sent


async def test_not_all_has_left_where_the_far_side_reads_nothing(egress: Egress) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with listening(hang) as port:
        with pytest.raises(TimedOut) as caught:
            await egress.request("POST", f"http://{NAME}:{port}/", content=b"x" * 30_000_000, deadline=0.5, max_bytes=9)
    assert not caught.value.sent


async def test_nothing_has_left_where_nobody_listens(egress: Egress) -> None:
    async with listening(HttpReceiver().serve) as port:
        pass
    with pytest.raises(Unreachable) as caught:
        await get(egress, port)
    assert not caught.value.sent


class Stopped(Exception):
    pass


async def test_whoever_is_stopped_on_a_kept_connection_gets_not_a_byte_more(
    egress: Egress, server: HttpReceiver
) -> None:
    async def stop() -> None:
        raise Stopped

    url = f"http://{NAME}:{server.port}/"
    await egress.request("POST", url, content=b"first", deadline=5, max_bytes=9)
    with pytest.raises(Stopped):
        await egress.request("POST", url, content=b"second", deadline=5, max_bytes=9, before=stop)
    await egress.request("POST", url, content=b"third", deadline=5, max_bytes=9)
    assert [request.body for request in server.requests] == [b"first", b"third"]


async def test_a_request_that_is_given_up_closes_its_connection(egress: Egress) -> None:
    asked, closed = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        try:
            await reader.read()
        finally:
            closed.set()

    async with listening(serve) as port:
        task = asyncio.create_task(get(egress, port))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(closed.wait(), 60)


@pytest.mark.parametrize("reply", [Reply(200, b"x" * 100_000), Reply(200, b"beginning", unframed=True)])
async def test_a_glance_leaves_no_connection_behind_whose_answer_was_not_read(
    egress: Egress, server: HttpReceiver, reply: Reply
) -> None:
    url = f"http://{NAME}:{server.port}/"
    server.will(reply, Reply(202))
    first = await egress.request("POST", url, content=b"x", deadline=30, max_bytes=4, body="glance")
    second = await egress.request("POST", url, content=b"x", deadline=5, max_bytes=4, body="glance")
    assert (first.status, second.status) == (200, 202)


async def test_a_kept_connection_that_ends_while_we_ask_is_replaced_and_asked_for_again() -> None:
    receiver, kept = HttpReceiver(), list[asyncio.StreamWriter]()
    egress, asked = Egress(LOOPBACK, transport=WireTransport, resolve=at_home), 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kept.append(writer)
        await receiver.serve(reader, writer)

    async def still_wanted() -> None:
        nonlocal asked
        asked += 1
        kept[0].close()
        await turns_of_the_loop()

    async with listening(serve) as port:
        await get(egress, port)
        url = f"http://{NAME}:{port}/"
        answer = await egress.request("POST", url, content=b"x", deadline=5, max_bytes=9, before=still_wanted)
        assert (answer.status, receiver.requests[-1].body) == (200, b"x")
        assert (asked, len(kept)) == (2, 2)
        await egress.close()


async def test_where_we_lack_descriptors_it_is_nobodys_fault_and_what_rests_makes_room() -> None:
    receiver, left, dialled = HttpReceiver(), asyncio.Event(), 0

    async def dial(address: str, port: int, patience: float) -> socket.socket:
        nonlocal dialled
        dialled += 1
        if dialled > 1:
            raise OSError(errno.EMFILE, "too many open files")
        return await dial_tcp(address, port, patience)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await receiver.serve(reader, writer)
        finally:
            left.set()

    egress = Egress(LOOPBACK, transport=partial(WireTransport, dial=dial), resolve=at_home)
    async with listening(serve) as port:
        await get(egress, port)
        with pytest.raises(OSError, match="too many open files"):
            await egress.request("GET", f"http://other.example.org:{port}/", deadline=5, max_bytes=9)
        await asyncio.wait_for(left.wait(), 60)
    await egress.close()
