"""Whoever stands at a door: tokens, networks, and what is said of those that are turned away."""

from __future__ import annotations

import pytest
from prometheus_client import generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from services.runtime.http.bearer import WRONG_TOKENS
from services.runtime.http.callers import Callers
from services.runtime.http.web import web_app
from tests.partner_routes import EMBASSY, NEWSROOM, PARTNERS, Gates, asking

SALT = b"sixteen bytes and more"


def an_app(gates: Gates, tokens: dict[str, str]) -> Starlette:
    keeper = gates.house.keeper("sample", tokens, "Send a token.")

    async def who(request: Request) -> Response:
        return PlainTextResponse(keeper.admit(request))

    return web_app([Route("/", who)])


async def get(app: Starlette, token: str | None, host: str = "192.0.2.7", **headers: str) -> tuple[int, str]:
    async with asking(app, token, host) as client:
        answer = await client.get("/", headers=headers)
    return answer.status_code, answer.headers.get("retry-after", "")


async def test_each_token_has_its_name() -> None:
    app = an_app(Gates(), PARTNERS)
    for token, name in ((NEWSROOM, "newsroom"), (EMBASSY, "embassy")):
        async with asking(app, token) as client:
            assert (await client.get("/")).text == name


async def test_too_many_wrong_tokens_of_one_network_are_told_to_wait() -> None:
    gates = Gates()
    app = an_app(gates, PARTNERS)
    answers = [await get(app, f"guess {number}") for number in range(WRONG_TOKENS + 3)]
    assert [status for status, _ in answers] == [401] * WRONG_TOKENS + [429] * 3
    assert answers[-1] == (429, "6")
    assert (await get(app, "a guess", host="198.51.100.1"))[0] == 401
    gates.at += 6.0
    assert (await get(app, "a guess"))[0] == 401
    assert (await get(app, None))[0] == 429, "no token at all is a wrong one"
    assert (gates.refused("sample", "token"), gates.refused("sample", "wrong_tokens")) == (WRONG_TOKENS + 2, 4)


async def test_a_right_token_is_let_in_however_many_wrong_ones_came_from_its_address() -> None:
    """Behind a proxy everybody has one address."""
    app = an_app(Gates(), PARTNERS)
    for _ in range(WRONG_TOKENS * 3):
        await get(app, "a guess")
    assert (await get(app, NEWSROOM))[0] == 200


async def test_the_doors_of_a_process_count_wrong_tokens_together() -> None:
    gates = Gates()
    one, other = an_app(gates, PARTNERS), an_app(gates, {"maria": "another-token-of-this-very-test"})
    for _ in range(WRONG_TOKENS):
        await get(one, "a guess")
    assert (await get(other, NEWSROOM))[0] == 429


async def test_nobody_gets_another_address_by_saying_so() -> None:
    app = an_app(Gates(), PARTNERS)
    forwarded = {"x-forwarded-for": "203.0.113.9", "forwarded": "for=203.0.113.9"}
    for number in range(WRONG_TOKENS + 1):
        status, _ = await get(app, "a guess", **{**forwarded, "x-real-ip": f"203.0.113.{number}"})
    assert status == 429


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        (None, "", True),
        ("no address", "192.0.2.7", False),
    ],
)
def test_a_network_is_an_ipv4_address_or_what_one_subscriber_has_of_ipv6(
    one: str | None, other: str | None, same: bool
) -> None:
    callers = Callers(SALT)
    assert (callers.key(one) == callers.key(other)) is same


def test_of_an_address_nothing_is_kept_that_another_process_could_match() -> None:
    key = Callers(SALT).key("192.0.2.7")
    assert key != Callers(SALT[::-1]).key("192.0.2.7")
    assert b"\xc0\x00\x02\x07" not in key


async def test_a_flood_is_one_line_a_minute_with_neither_token_nor_address() -> None:
    gates = Gates()
    app = an_app(gates, PARTNERS)
    with capture_logs() as logs:
        for number in range(50):
            await get(app, f"secret guess {number}")
        gates.at += 61
        await get(app, "secret guess")
    told = [(line["reason"], line["requests"]) for line in logs if line["event"] == "requests_refused"]
    assert told == [("token", 1), ("wrong_tokens", 1), ("token", WRONG_TOKENS)]
    shown = str(logs) + generate_latest(gates.metrics.registry).decode()
    assert "secret" not in shown
    assert "192.0.2" not in shown


async def test_a_token_of_letters_beyond_ascii_is_no_error_of_ours() -> None:
    app = an_app(Gates(), PARTNERS)
    async with asking(app, None) as client:
        answer = await client.get("/", headers={b"authorization": b"Bearer \xff\xfe"})
    assert answer.status_code == 401
