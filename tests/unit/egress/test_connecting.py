"""The connect step, with a resolver of ours and a connector that only takes notes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import httpcore
import pytest

from services.egress import Egress, ForbiddenTarget, TimedOut, Unreachable

PUBLIC, OTHER = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


class NoteTaker(httpcore.AsyncNetworkBackend):
    def __init__(self, hangs: bool = False) -> None:
        self.asked: list[str] = []
        self._hangs = hangs

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.asked.append(host)
        if self._hangs:
            await asyncio.Event().wait()
        raise httpcore.ConnectError("nobody is there")


class Names:
    """Answers in turn, so that a name can change under our feet."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self._answers = list(answers)
        self.questions: list[str] = []

    async def __call__(self, host: str) -> tuple[str, ...]:
        self.questions.append(host)
        return self._answers.pop(0)


async def ask(names: Names, connector: NoteTaker, url: str = "https://partner.example.org/") -> None:
    egress = Egress(resolve=names, connector=connector)
    try:
        await egress.request("POST", url, content=b"x", deadline=0.2, max_bytes=10)
    finally:
        await egress.close()


async def test_the_connection_goes_to_the_very_address_that_was_checked() -> None:
    names, connector = Names((PUBLIC,), ("127.0.0.1",)), NoteTaker()
    with pytest.raises(Unreachable):
        await ask(names, connector)
    assert names.questions == ["partner.example.org"], "a second look-up might tell another story"
    assert connector.asked == [PUBLIC]


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "::ffff:10.0.0.1", "10.0.0.1", "64:ff9b::7f00:1", "fe80::1%2"])
async def test_one_address_inside_closes_the_name(inside: str) -> None:
    connector = NoteTaker()
    for answer in ((inside,), (PUBLIC, inside), (PUBLIC, OTHER, PUBLIC, OTHER, inside)):
        with pytest.raises(ForbiddenTarget):
            await ask(Names(answer), connector)
    assert connector.asked == []


async def test_every_address_has_its_turn() -> None:
    connector = NoteTaker()
    with pytest.raises(Unreachable):
        await ask(Names((OTHER, PUBLIC)), connector)
    assert connector.asked == [OTHER, PUBLIC]


async def test_a_name_without_addresses_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        await ask(Names(()), NoteTaker())


async def test_a_connection_that_never_comes_about_ends_with_the_deadline() -> None:
    with pytest.raises(TimedOut):
        await ask(Names((PUBLIC,)), NoteTaker(hangs=True))
