"""What an endpoint gets, judged by libraries that others wrote, and what its answers lead to."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http
from cloudevents.core.formats.json import JSONFormat
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.egress import Egress, EgressPolicy, WireTransport
from services.notify.channels import WebhookChannel, WebhookSettings
from services.notify.channels.base import Outcome, Reason, Refused, Retry, Sent
from services.subscribers.address import Address, InvalidAddress
from tests.conformance.far_sides import SIGNING_SECRET, Endpoint, endpoint
from tests.conformance.receivers import Badly, Raw, Reply, Request, listening
from tests.conformance.samples import HEADLINE, delivery, event, hand_over, rendered
from tests.conformance.sloppy import SLOPPY

OLD_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BOTH = {"ru": rendered("ru"), "en": rendered("en")}


@pytest.fixture
async def partner() -> AsyncIterator[Endpoint]:
    async with endpoint() as side:
        yield side


async def received(partner: Endpoint, **changes: Any) -> Request:
    await hand_over(partner.channel, delivery(partner.address, **changes), BOTH)
    return partner.receiver.requests[-1]


async def outcome_of(partner: Endpoint, *answers: Reply | Raw | Badly) -> Outcome:
    partner.receiver.will(*answers)
    return await hand_over(partner.channel, delivery(partner.address), BOTH)


async def test_the_signature_is_that_of_the_official_library(partner: Endpoint) -> None:
    request = await received(partner)
    Webhook(SIGNING_SECRET).verify(request.body, request.headers)


async def test_the_signature_covers_every_byte(partner: Endpoint) -> None:
    request = await received(partner)
    with pytest.raises(WebhookVerificationError):
        Webhook(SIGNING_SECRET).verify(request.body.replace(b"20", b"21"), request.headers)


async def test_while_a_secret_rotates_both_the_old_and_the_new_verify(partner: Endpoint) -> None:
    both = Address("webhook", partner.address.target, (SIGNING_SECRET, OLD_SECRET))
    await hand_over(partner.channel, delivery(both), BOTH)
    (request,) = partner.receiver.requests
    for secret in both.secrets:
        Webhook(secret).verify(request.body, request.headers)


async def test_whoever_asks_for_a_public_key_signature_gets_it_beside_the_shared_one(partner: Endpoint) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    private = "whsk_" + base64.b64encode(key.private_bytes_raw()).decode()
    both = Address("webhook", partner.address.target, (SIGNING_SECRET, private))
    await hand_over(partner.channel, delivery(both), BOTH)
    (request,) = partner.receiver.requests
    Webhook(SIGNING_SECRET).verify(request.body, request.headers)
    shared, own = request.headers["webhook-signature"].split(" ")
    assert (shared[:3], own[:4]) == ("v1,", "v1a,")
    signed = f"{event().id}.{request.headers['webhook-timestamp']}.".encode() + request.body
    key.public_key().verify(base64.b64decode(own[4:]), signed)  # raises where it does not


async def test_whoever_asks_for_none_gets_none(partner: Endpoint) -> None:
    assert "v1a" not in (await received(partner)).headers["webhook-signature"]


async def test_the_body_is_an_event_to_the_official_library(partner: Endpoint) -> None:
    request = await received(partner)
    assert {"id", "source", "type", "specversion", "time"} <= json.loads(request.body).keys()
    read = from_http(HTTPMessage(headers=request.headers, body=request.body), JSONFormat())
    assert read.get_id() == event().id
    assert read.get_type() == "pardon.announced"
    data: Any = read.get_data()
    assert data["headline_facts"] == {"pardoned": 20}
    assert data["texts"]["ru"]["headline"] == HEADLINE["ru"]


async def test_the_request_is_what_the_two_standards_ask_for(partner: Endpoint) -> None:
    request = await received(partner)
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert request.headers["webhook-id"] == event().id
    assert "." not in request.headers["webhook-id"]


async def test_the_hints_say_which_attempt_this_is_and_when_the_next_would_be(partner: Endpoint) -> None:
    request = await received(partner, attempt=3, retries_remaining=7, next_attempt_at=1_735_400_000)
    assert request.headers["webhook-attempt"] == "3"
    assert request.headers["webhook-retries-remaining"] == "7"
    assert request.headers["webhook-next-attempt-at"] == "1735400000"


async def test_the_last_attempt_names_no_next_one(partner: Endpoint) -> None:
    assert "webhook-next-attempt-at" not in (await received(partner)).headers


async def test_the_timestamp_is_of_this_attempt() -> None:
    async with endpoint(now=lambda: 1_735_380_900.7) as partner:
        assert (await received(partner)).headers["webhook-timestamp"] == "1735380900"


async def test_a_long_event_loses_claims_and_says_so(partner: Endpoint) -> None:
    request = await received(partner, of=event(claims=400))
    assert len(request.body) < 20_000
    data = json.loads(request.body)["data"]
    assert data["truncated"] is True
    assert 0 < len(data["claims"]) < 400
    assert data["headline_facts"] == {"pardoned": 20}


async def test_a_short_event_says_nothing_of_being_cut(partner: Endpoint) -> None:
    assert "truncated" not in json.loads((await received(partner)).body)["data"]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_success_is_sent(partner: Endpoint, status: int) -> None:
    assert await outcome_of(partner, Reply(status)) == Sent()


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, Reason.CLIENT_ERROR),
        (401, Reason.CLIENT_ERROR),
        (404, Reason.CLIENT_ERROR),
        (408, Reason.TIMEOUT),
        (425, Reason.SERVER_ERROR),
        (429, Reason.RATE_LIMITED),
        (500, Reason.SERVER_ERROR),
        (502, Reason.RATE_LIMITED),
        (503, Reason.SERVER_ERROR),
        (504, Reason.RATE_LIMITED),
    ],
)
async def test_failure_is_tried_again(partner: Endpoint, status: int, reason: Reason) -> None:
    outcome = await outcome_of(partner, Reply(status))
    assert isinstance(outcome, Retry)
    assert outcome.reason is reason
    assert outcome.of_all == (status >= 500), "an endpoint that is down is looked at early"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_a_failure_and_not_followed(partner: Endpoint, status: int) -> None:
    assert await outcome_of(partner, Reply(status, headers=(("location", "/elsewhere"),))) == Retry(Reason.REDIRECT)
    assert len(partner.receiver.requests) == 1


async def test_a_gone_endpoint_ends(partner: Endpoint) -> None:
    assert await outcome_of(partner, Reply(410)) == Refused(Reason.GONE, ends_address=True)


@pytest.mark.parametrize(
    ("asked", "after"),
    [("120", 120.0), ("0", 0.0), ("999999999", 86_400.0), ("-5", None), ("soon", None), ("1e9", None), ("", None)],
)
async def test_an_endpoint_may_ask_for_seconds_up_to_a_day(partner: Endpoint, asked: str, after: float | None) -> None:
    outcome = await outcome_of(partner, Reply(503, headers=(("retry-after", asked),)))
    assert outcome == Retry(Reason.SERVER_ERROR, after=after, of_all=after is None)


async def test_an_endpoint_may_ask_for_a_date_up_to_a_day(partner: Endpoint) -> None:
    far_off = format_datetime(datetime(2099, 11, 22, 9, tzinfo=UTC), usegmt=True)
    outcome = await outcome_of(partner, Reply(429, headers=(("retry-after", far_off),)))
    assert outcome == Retry(Reason.RATE_LIMITED, after=86_400.0)


async def test_a_success_whose_body_never_ends_is_a_success(partner: Endpoint) -> None:
    assert await outcome_of(partner, Reply(200, b"thank", unframed=True)) == Sent()


async def test_a_success_of_any_size_is_a_success(partner: Endpoint) -> None:
    assert await outcome_of(partner, Reply(200, b"x" * 300_000)) == Sent()


async def test_cookies_are_not_kept(partner: Endpoint) -> None:
    partner.receiver.will(Reply(200, headers=(("set-cookie", "sid=1; Path=/"),)))
    await hand_over(partner.channel, delivery(partner.address), BOTH)
    assert "cookie" not in (await received(partner)).headers


async def test_a_target_on_our_own_network_is_refused() -> None:
    egress = Egress(EgressPolicy(allow_http=True), transport=WireTransport)
    channel = WebhookChannel(WebhookSettings(), egress)
    address = Address("webhook", "http://127.0.0.1:80/", (SIGNING_SECRET,))
    assert await hand_over(channel, delivery(address), BOTH) == Refused(Reason.FORBIDDEN_TARGET)
    await egress.close()


async def test_the_bot_api_is_nobodys_endpoint(partner: Endpoint) -> None:
    with pytest.raises(InvalidAddress):
        partner.channel.read_address("https://API.telegram.org./bot1:AA/sendMessage", (SIGNING_SECRET,))


async def test_an_endpoint_without_a_secret_is_none(partner: Endpoint) -> None:
    with pytest.raises(InvalidAddress):
        partner.channel.read_address(partner.address.target)


@pytest.mark.parametrize("said", SLOPPY.values(), ids=SLOPPY)
async def test_a_stated_success_is_a_success_whatever_comes_after_it(partner: Endpoint, said: bytes) -> None:
    assert await outcome_of(partner, Raw(said)) == Sent()


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (b"HTTP/1.1 410 Gone\r\nX A: b\r\n\r\n", Refused(Reason.GONE, ends_address=True)),
        (b"HTTP/1.1 503 Busy\r\nX A: b\r\nRetry-After: 120\r\n\r\n", Retry(Reason.SERVER_ERROR, after=120.0)),
        (b"HTTP/1.1 302 Found\r\nX A: b\r\n\r\n", Retry(Reason.REDIRECT)),
        (b"HTTP/1.1 100 Continue\r\nX A: b\r\n\r\n", Retry(Reason.SERVER_ERROR)),
        (b"HTTP/1.1 2000 OK\r\n\r\n", Retry(Reason.SERVER_ERROR)),
        (b"HTTP/1.1 20", Retry(Reason.UNREACHABLE)),
        (b"220 mail.example.org ESMTP\r\n\r\n", Retry(Reason.SERVER_ERROR)),
        (b"X-Was: HTTP/1.1 200 OK\r\n\r\n", Retry(Reason.SERVER_ERROR)),
    ],
)
async def test_what_is_stated_otherwise_is_believed_as_well(partner: Endpoint, said: bytes, outcome: Outcome) -> None:
    assert await outcome_of(partner, Raw(said)) == outcome


async def test_a_status_that_was_heard_counts_although_the_head_never_ends(partner: Endpoint) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nX-A: a\r\n")
        await asyncio.Event().wait()

    async with listening(serve) as port:
        address = partner.channel.read_address(f"http://127.0.0.1:{port}/", (SIGNING_SECRET,))
        assert await hand_over(partner.channel, delivery(address), BOTH) == Sent()


async def test_whoever_stops_while_we_connect_gets_not_a_byte(partner: Endpoint) -> None:
    connected, heard = asyncio.Event(), bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        heard.extend(await reader.read())

    def still_wanted() -> bool:
        return False

    async with listening(serve) as port:
        address = partner.channel.read_address(f"http://127.0.0.1:{port}/", (SIGNING_SECRET,))
        outcome = await hand_over(partner.channel, delivery(address, still_wanted=still_wanted), BOTH)
        assert outcome == Refused(Reason.STOPPED)
        assert not heard
