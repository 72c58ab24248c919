"""The connect step of every transport, with a resolver of ours and a dial that only takes notes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from functools import partial
from typing import cast

import httpcore
import pytest

from services.egress import Egress, ForbiddenTarget, TimedOut, Unreachable, WireTransport
from services.egress.by_httpx import HttpxTransport
from services.egress.client import OpenTransport

PUBLIC, OTHER = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


class Notes:
    """Who would have been connected to, of a transport whose every dial fails or hangs."""

    def __init__(self, hangs: bool = False) -> None:
        self.asked: list[str] = []
        self._hangs = hangs

    async def note(self, address: str) -> None:
        self.asked.append(address)
        if self._hangs:
            await asyncio.Event().wait()


class OfSender(Notes):
    @property
    def transport(self) -> OpenTransport:
        return partial(WireTransport, dial=self.dial)

    async def dial(self, address: str, port: int, patience: float) -> socket.socket:
        await self.note(address)
        raise Unreachable


class OfHttpx(Notes, httpcore.AsyncNetworkBackend):
    @property
    def transport(self) -> OpenTransport:
        return partial(HttpxTransport, connector=self)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        await self.note(host)
        raise httpcore.ConnectError("nobody is there")


NoteTaker = type[OfSender] | type[OfHttpx]


@pytest.fixture(params=[OfSender, OfHttpx])
def note_taker(request: pytest.FixtureRequest) -> NoteTaker:
    return cast("NoteTaker", request.param)


class Names:
    """Answers in turn, so that a name can change under our feet."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self._answers = list(answers)
        self.questions: list[str] = []

    async def __call__(self, host: str) -> tuple[str, ...]:
        self.questions.append(host)
        return self._answers.pop(0)


async def ask(names: Names, notes: OfSender | OfHttpx, url: str = "https://partner.example.org/") -> None:
    egress = Egress(resolve=names, transport=notes.transport)
    try:
        await egress.request("POST", url, content=b"x", deadline=0.2, max_bytes=10)
    finally:
        await egress.close()


async def test_the_connection_goes_to_the_very_address_that_was_checked(note_taker: NoteTaker) -> None:
    names, notes = Names((PUBLIC,), ("127.0.0.1",)), note_taker()
    with pytest.raises(Unreachable):
        await ask(names, notes)
    assert names.questions == ["partner.example.org"], "a second look-up might tell another story"
    assert notes.asked == [PUBLIC]


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "::ffff:10.0.0.1", "10.0.0.1", "64:ff9b::7f00:1", "fe80::1%2"])
async def test_one_address_inside_closes_the_name(note_taker: NoteTaker, inside: str) -> None:
    notes = note_taker()
    for answer in ((inside,), (PUBLIC, inside), (PUBLIC, OTHER, PUBLIC, OTHER, inside)):
        with pytest.raises(ForbiddenTarget):
            await ask(Names(answer), notes)
    assert notes.asked == []


async def test_every_address_has_its_turn(note_taker: NoteTaker) -> None:
    notes = note_taker()
    with pytest.raises(Unreachable):
        await ask(Names((OTHER, PUBLIC)), notes)
    assert notes.asked == [OTHER, PUBLIC]


async def test_a_name_without_addresses_is_unreachable(note_taker: NoteTaker) -> None:
    with pytest.raises(Unreachable):
        await ask(Names(()), note_taker())


async def test_a_connection_that_never_comes_about_ends_with_the_deadline(note_taker: NoteTaker) -> None:
    with pytest.raises(TimedOut):
        await ask(Names((PUBLIC,)), note_taker(hangs=True))
