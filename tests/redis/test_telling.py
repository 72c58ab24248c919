"""Alarms reach operators: once when they begin and once when they are over, by every way, until each has taken them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from structlog.testing import capture_logs

from services.demo.caught_letter import CaughtLetter
from services.demo.inbox import Inbox
from services.demo.webhooks import WebhookReceiver
from services.egress import Egress, EgressPolicy
from services.operations.alarms import Alarms
from services.operations.notices import Notices
from services.operations.telling.opening import open_ways
from services.operations.telling.settings import Operators, Relay, SecondRelay
from services.operations.telling.teller import NOT_TOLD, Teller
from services.operations.telling.ways import ByEmail, ByWebhook
from services.runtime.lease import Lease
from services.runtime.metrics import Metrics

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

MARIA, JANKA = "maria@ops.example", "janka@ops.example"
SAYS = "no connection to the mail server: does it run?"
NOON = 1_735_380_000.0


@dataclass
class Clock:
    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Night:
    """Two mail servers and an endpoint of the operators', and the tellers of one process."""

    redis: Redis
    first: Inbox
    second: Inbox
    endpoint: WebhookReceiver
    egress: Egress
    clock: Clock = field(default_factory=Clock)
    tellers: list[Teller] = field(default_factory=list)

    @property
    def alarms(self) -> Alarms:
        return Alarms(self.redis, Metrics(), lambda: NOON)

    def begin(self, holder: str = "one", email: tuple[str, ...] = (MARIA,), webhook: bool = True) -> None:
        """A process starts, which remembers nothing."""
        operators = Operators(
            email=email,
            webhook=SecretStr(self.endpoint.url) if webhook else None,
            webhook_secret=SecretStr(SECRET),
            relay=SecondRelay(host="127.0.0.1", port=self.second.port, starttls="off", sender="second@ops.example"),
        )
        relay = Relay(host="127.0.0.1", port=self.first.port, starttls="off", sender="alerts@vestka.example")
        self.tellers = [
            Teller(way, Notices(self.redis), self.alarms, Lease(self.redis, way.name, holder), 60.0, self.clock)
            for way in open_ways(operators, relay, self.egress)
        ]

    async def look(self, after: float = 0.0) -> None:
        self.clock.at += after
        for teller in self.tellers:
            await teller.look()

    def subjects(self) -> list[str]:
        return [letter.subject for letter in self.letters()]

    def letters(self) -> list[CaughtLetter]:
        return [*self.first.messages, *self.second.messages]

    def calls(self) -> list[dict[str, Any]]:
        return [json.loads(call.body) for call in self.endpoint.calls if call.verified]


@pytest.fixture
async def night(redis: Redis) -> AsyncIterator[Night]:
    first, second, endpoint = Inbox(), Inbox(), WebhookReceiver(SECRET)
    egress = Egress(EgressPolicy(allow_http=True, allowed_networks=("127.0.0.0/8",)))
    for one in (first, second, endpoint):
        await one.start()
    night = Night(redis, first, second, endpoint, egress)
    night.begin()
    await night.look()
    yield night
    await egress.close()
    for one in (first, second, endpoint):
        await one.stop()


async def test_an_alarm_is_told_once_by_each_way_when_it_begins_and_once_when_it_is_over(night: Night) -> None:
    for _ in range(3):
        await night.alarms.sound("retries_pending", "telegram", "many wait")
        await night.look()
    await night.alarms.clear("retries_pending", "telegram")
    await night.look(after=61)
    await night.look(after=61)
    assert night.subjects() == ["Vestka: alarm: retries_pending (telegram)", "Vestka: over: retries_pending (telegram)"]
    assert [call["data"]["notices"][0]["what"] for call in night.calls()] == ["sounded", "cleared"]


async def test_it_says_which_alarm_since_when_and_what_to_do(night: Night) -> None:
    await night.alarms.sound("channel_unreachable", "telegram", SAYS)
    await night.look()
    (letter,), (call,) = night.letters(), night.calls()
    for text in (letter.text, call["text"]):
        assert "channel_unreachable" in text
        assert "since 2024-12-28T10:00:00.000Z" in text
        assert SAYS in text.replace("\n", " ")
        assert "vestka alarm list" in text


async def test_an_alarm_about_email_goes_by_the_webhook_and_by_the_second_mail_server(night: Night) -> None:
    await night.first.stop()
    await night.alarms.sound("channel_unreachable", "email", SAYS)
    await night.look()
    assert len(night.calls()) == 1
    assert [letter.sender for letter in night.second.messages] == ["second@ops.example"]


async def test_an_alarm_about_email_avoids_the_first_mail_server_even_where_that_would_take_it(night: Night) -> None:
    await night.alarms.sound("reputation_refused", "email", "messages are refused")
    await night.look()
    assert night.first.messages == []
    assert len(night.second.messages) == 1


async def test_a_way_that_takes_nothing_is_tried_again_until_it_does_and_delays_no_other(night: Night) -> None:
    for inbox in (night.first, night.second):
        await inbox.stop()
    await night.alarms.sound("poison", "email", "one was buried")
    with capture_logs():
        for _ in range(3):
            await night.look(after=60)
        assert [alarm.kind for alarm in await night.alarms.list()] == [NOT_TOLD, "poison"]
    told = [notice["kind"] for call in night.calls() for notice in call["data"]["notices"]]
    assert told == ["poison", NOT_TOLD], "the other way waits for nothing, and hears of the one that fails"
    for inbox in (night.first, night.second):
        await inbox.start()
    await night.look(after=60)
    assert [letter.recipient for letter in night.letters()] == [MARIA]
    assert [alarm.kind for alarm in await night.alarms.list()] == ["poison"]


async def test_what_was_told_is_not_told_again_after_a_restart_and_what_was_not_is(night: Night) -> None:
    await night.alarms.sound("poison", "events", "one was buried")
    await night.look()
    await night.alarms.sound("retries_pending", "webhook", "many wait")
    night.begin("another", webhook=False)
    await night.redis.delete("vestka:lease:email-1", "vestka:lease:webhook")
    await night.look()
    assert night.subjects() == ["Vestka: alarm: poison (events)", "Vestka: alarm: retries_pending (webhook)"]


async def test_a_flood_of_alarms_is_one_message_a_minute_and_none_is_left_out(night: Night) -> None:
    await night.alarms.sound("poison", "events", "one was buried")
    await night.look()
    for number in range(25):
        await night.alarms.sound("source", f"outlet-{number}", "nothing at its address")
        await night.look(after=1)
    assert len(night.letters()) == 1
    await night.look(after=60)
    assert night.subjects()[1:] == ["Vestka: 25 alarms, 0 over"]
    assert all(f"outlet-{number}" in night.letters()[1].text for number in range(25))


async def test_of_two_processes_one_tells(night: Night) -> None:
    mine = night.tellers
    night.begin("another")
    await night.alarms.sound("poison", "events", "one was buried")
    for teller in (*mine, *night.tellers):
        await teller.look()
    assert (len(night.letters()), len(night.calls())) == (1, 1)


async def test_a_process_that_cannot_tell_leaves_it_to_one_that_can(night: Night) -> None:
    able = night.tellers
    night.begin("unable")
    night.tellers[0]._way = ByEmail(1, MARIA, [])
    await night.redis.delete("vestka:lease:email-1")
    await night.alarms.sound("poison", "events", "one was buried")
    with capture_logs():
        await night.tellers[0].look()
    await able[0].look()
    assert len(night.letters()) == 1


async def test_every_operator_gets_a_letter_and_one_who_is_refused_costs_no_other_theirs(night: Night) -> None:
    night.begin(email=(MARIA, JANKA), webhook=False)
    for inbox in (night.first, night.second):
        inbox.refuses[MARIA] = "450 4.2.0 come later"
    await night.look()
    await night.alarms.sound("poison", "events", "one was buried")
    with capture_logs() as lines:
        await night.look()
    assert [letter.recipient for letter in night.letters()] == [JANKA]
    assert "maria" not in str(lines)


async def test_a_way_that_is_new_begins_with_what_sounds_and_not_with_what_is_long_over(night: Night) -> None:
    await night.redis.delete("vestka:operators:told", "vestka:alarms:notices")
    await night.alarms.sound("poison", "events", "one was buried")
    await night.alarms.clear("poison", "events")
    night.begin(email=(MARIA,), webhook=False)
    await night.look()
    assert night.letters() == []


async def test_a_call_that_is_repeated_has_the_id_of_the_first_one(night: Night) -> None:
    way = next(teller._way for teller in night.tellers if isinstance(teller._way, ByWebhook))
    await night.alarms.sound("poison", "events", "one was buried")
    notices = await Notices(night.redis).not_told("webhook", 10)
    await way.tell(notices)
    await way.tell(notices)
    first, again = (call.id for call in night.endpoint.calls)
    assert first == again
