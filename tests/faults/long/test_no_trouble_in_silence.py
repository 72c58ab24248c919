"""Far sides that go away under both services: operators hear of it by a way that works, and again when it is over."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.demo.bot_stand_in import TelegramStandIn
from services.demo.inbox import Inbox
from services.demo.sample_article import pardon
from services.demo.webhooks import WebhookReceiver
from services.operations.alarms import Alarms
from services.runtime.metrics import Metrics
from tests.road import Road, eventually

_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_OPERATOR = "maria@ops.example"
Told = list[tuple[str, str, str]]


@pytest.fixture
async def operators(road: Road) -> AsyncIterator[WebhookReceiver]:
    """An endpoint of the operators', and a letter to one of them; alarms after seconds instead of minutes."""
    receiver = WebhookReceiver(_SECRET)
    await receiver.start()
    road.environment |= {
        "VESTKA_OPERATORS__EMAIL": _OPERATOR,
        "VESTKA_OPERATORS__WEBHOOK": receiver.url,
        "VESTKA_OPERATORS__WEBHOOK_SECRET": _SECRET,
        "VESTKA_OPERATORS__AT_MOST_EVERY": "1",
        "VESTKA_ALARM_UNREACHABLE_AFTER": "2",
        "VESTKA_ALARM_UNDELIVERED_AFTER": "3",
    }
    yield receiver
    await receiver.stop()


def told(receiver: WebhookReceiver) -> Told:
    """What came, in order: began or over, which alarm, about what."""
    bodies: list[dict[str, Any]] = [json.loads(call.body) for call in receiver.calls if call.verified]
    return [(one["what"], one["kind"], one["about"]) for body in bodies for one in body["data"]["notices"]]


async def test_a_mail_server_that_goes_away_is_told_by_webhook_and_by_letter_when_it_is_back(
    road: Road, operators: WebhookReceiver
) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest", "notify")
    port = road.stage.inbox.port
    await road.stage.inbox.stop()
    result = await road.hand_in(pardon())
    assert result.state == "read"
    began = ("sounded", "channel_unreachable", "email")
    await eventually(lambda: began in told(operators), "the webhook says that email is down")
    await eventually(lambda: "nobody_reached" in {one[1] for one in told(operators)}, "and that nobody was reached")
    returned = Inbox(port=port)
    await returned.start()
    try:
        over = ("cleared", "channel_unreachable", "email")
        await eventually(lambda: over in told(operators), "the webhook says that email is back")
        await eventually(
            lambda: any("channel_unreachable" in one.text for one in returned.messages if one.recipient == _OPERATOR),
            "the letter that could not be sent before",
        )
        assert told(operators).count(began) == 1
        to_operator = [one for one in returned.messages if one.recipient == _OPERATOR]
        assert all(b"reader@demo.example" not in one.raw for one in to_operator)
    finally:
        await returned.stop()


async def test_a_bot_whose_token_was_revoked_is_told_of_with_nothing_to_send(
    road: Road, operators: WebhookReceiver
) -> None:
    await road.start("ingest", "notify")
    port, chat = road.stage.chat.port, road.stage.chat
    await chat.stop()
    renewed = TelegramStandIn("7654321:another-token-since-the-old-one-was-revoked", port=port)
    await renewed.start()
    try:
        await eventually(lambda: ("sounded", "channel_unreachable", "telegram") in told(operators), "the alarm")
        (alarm,) = [one for one in await Alarms(road.redis, Metrics(), lambda: 0.0).list() if one.about == "telegram"]
        assert "the Bot API refuses our token" in alarm.says
        assert road.stage.token not in road.log.read_text()
        await eventually(lambda: len(road.stage.inbox.messages) == 1, "the letter about it")
    finally:
        await renewed.stop()


async def test_a_service_that_is_killed_leaves_telling_to_the_other_and_nothing_is_told_twice(
    road: Road, operators: WebhookReceiver
) -> None:
    await road.start("ingest", "notify")
    alarms = Alarms(road.redis, Metrics(), lambda: 1_735_380_000.0)
    await alarms.sound("poison", "one", "a first alarm")
    await eventually(lambda: ("sounded", "poison", "one") in told(operators), "the first")
    holder = str(await road.redis.get("vestka:lease:tell:webhook"))
    pids = {name: process.pid for name, process in road.processes.items()}
    (teller,) = [name for name, pid in pids.items() if f"-{pid}-" in holder]
    await road.kill(teller)
    await alarms.sound("source", "two", "a second alarm")
    await eventually(lambda: ("sounded", "source", "two") in told(operators), "the second")
    assert told(operators).count(("sounded", "poison", "one")) == 1
