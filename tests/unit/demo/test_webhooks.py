"""The partner's endpoint, and what it makes of calls that are signed well, badly, twice or not at all."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from services.demo.webhooks import BODY_MAX, WebhookReceiver

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
BODY = '{"type": "system.test", "data": {"да": 1}}'.encode()


@pytest.fixture
def receiver() -> WebhookReceiver:
    return WebhookReceiver(SECRET)


def _client(receiver: WebhookReceiver) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=receiver.app()))


def _signed(body: bytes = BODY, call_id: str = "story-r1", when: datetime | None = None) -> dict[str, str]:
    sent = when or datetime.now(UTC)
    return {
        "webhook-id": call_id,
        "webhook-timestamp": str(int(sent.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(call_id, sent, body.decode()),
        "content-type": "application/cloudevents+json; charset=utf-8",
    }


async def _post(receiver: WebhookReceiver, headers: dict[str, str], body: bytes = BODY) -> httpx.Response:
    async with _client(receiver) as client:
        return await client.post(receiver.url, content=body, headers=headers)


async def test_a_signed_call_is_verified_and_answered_204(receiver: WebhookReceiver) -> None:
    answer = await _post(receiver, _signed())
    assert (answer.status_code, answer.content) == (204, b"")
    (call,) = receiver.calls
    assert (call.verified, call.why, call.id, call.duplicate) == (True, None, "story-r1", False)
    assert call.body == BODY
    assert call.event == {"type": "system.test", "data": {"да": 1}}
    assert call.header("Webhook-Id") == "story-r1"


async def test_one_good_signature_among_several_is_enough(receiver: WebhookReceiver) -> None:
    headers = _signed()
    headers["webhook-signature"] = f"v1a,AAAA v1,AAAA {headers['webhook-signature']}"
    assert (await _post(receiver, headers)).status_code == 204


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "no comma"},
        {"webhook-signature": "v1,!"},
        {"webhook-id": "another"},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "1"},
        {"webhook-signature": ""},
    ],
)
async def test_a_call_whose_signature_does_not_hold_is_a_problem(
    receiver: WebhookReceiver, changed: dict[str, str]
) -> None:
    answer = await _post(receiver, _signed() | changed)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == receiver.calls[0].why
    assert receiver.calls[0].verified is False


async def test_the_signature_is_over_the_very_bytes_of_the_body(receiver: WebhookReceiver) -> None:
    assert (await _post(receiver, _signed(), BODY.replace(b": ", b":"))).status_code == 400


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_call_from_another_time_is_not_verified(receiver: WebhookReceiver, minutes: int) -> None:
    headers = _signed(when=datetime.now(UTC) + timedelta(minutes=minutes))
    assert (await _post(receiver, headers)).status_code == 400


async def test_a_body_that_is_not_utf_8_is_not_verified(receiver: WebhookReceiver) -> None:
    assert (await _post(receiver, _signed(), b"\xff")).status_code == 400
    assert receiver.calls[0].event is None


async def test_a_repeat_is_taken_and_marked(receiver: WebhookReceiver) -> None:
    for call_id in ("story-r1", "story-r1", "story-r2"):
        assert (await _post(receiver, _signed(call_id=call_id))).status_code == 204
    assert [call.duplicate for call in receiver.calls] == [False, True, False]


async def test_a_call_that_was_not_verified_makes_no_later_one_a_repeat(receiver: WebhookReceiver) -> None:
    await _post(receiver, _signed() | {"webhook-signature": "v1,AAAA"})
    await _post(receiver, _signed())
    assert [call.duplicate for call in receiver.calls] == [False, False]


async def test_a_body_without_end_is_cut_off(receiver: WebhookReceiver) -> None:
    assert (await _post(receiver, _signed(), b" " * (BODY_MAX + 1))).status_code == 413
    assert receiver.calls == []


async def test_the_endpoint_consents_to_be_written_to(receiver: WebhookReceiver) -> None:
    asked = {"WebHook-Request-Origin": "vestka.example", "WebHook-Request-Rate": "120"}
    async with _client(receiver) as client:
        answer = await client.options(receiver.url, headers=asked)
        nameless = await client.options(receiver.url)
    assert answer.status_code == 200
    assert answer.headers["webhook-allowed-origin"] == "vestka.example"
    assert answer.headers["webhook-allowed-rate"] == "*"
    assert "POST" in answer.headers["allow"]
    assert nameless.status_code == 400
    assert receiver.calls == []


async def test_it_listens_where_it_says_it_does(receiver: WebhookReceiver) -> None:
    await receiver.start()
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(receiver.url, content=BODY, headers=_signed())
    await receiver.stop()
    assert answer.status_code == 204
