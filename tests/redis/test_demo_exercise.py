"""The button of the demo's page: who gets the sample once more, that it says what it is, and who may press it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from services.contract import EVENTS_STREAM, Status, decode_event
from services.demo.bot_stand_in import TelegramStandIn
from services.demo.exercise import SAMPLES, Exercise
from services.demo.inbox import Inbox
from services.demo.live_page import page
from services.demo.webhooks import WebhookReceiver
from services.ingest.publishing import Publisher
from services.notify.content.example_events import example_events
from services.runtime.clock import rfc3339
from services.runtime.streams import entries_between
from services.subscribers.subscriber import StoredAddress, Subscriber
from services.subscribers.topics import Interest
from services.subscribers.vault import Vault
from tests.store import key_folder, vault_on

BEGAN = "2025-01-01T00:00:00.000Z"
LETTER = b"Subject: Please confirm\r\n\r\nA link.\r\n"


class Demo:
    def __init__(self, redis_url: str) -> None:
        self.inbox = Inbox()
        self.exercise = Exercise(redis_url, key_folder().folder, "http://127.0.0.1:1/join", BEGAN, is_ready=True)
        app = page(self.inbox, TelegramStandIn("1:x"), WebhookReceiver("whsec_" + "0" * 32), self.exercise)
        self.browser = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000")

    async def press(self, sample: str, **headers: str) -> int:
        return (await self.browser.post("/again", data={"sample": sample}, headers=headers)).status_code


@pytest.fixture
def demo(redis: Redis, redis_url: str) -> Demo:
    return Demo(redis_url)


async def reader(vault: Vault, target: str, since: str) -> Subscriber:
    address = StoredAddress(channel="email", target=target)
    return await vault.add(
        Subscriber(number=0, since=since, language="en", addresses=(address,), interests=(Interest(),))
    )


@pytest.mark.parametrize("sample", SAMPLES)
async def test_a_sample_goes_out_again_as_an_exercise_and_a_story_of_its_own(
    redis: Redis, demo: Demo, sample: str
) -> None:
    assert await demo.press(sample, **{"sec-fetch-site": "same-origin"}) == 303
    assert await demo.press(sample) == 303
    events = [decode_event(one.fields["event"]) for one in await entries_between(redis, EVENTS_STREAM)]
    assert [one.data.status for one in events] == [Status.EXERCISE] * 2
    assert len({one.data.story_id for one in events}) == 2
    assert [one.data.sequence for one in events] == [1, 2]
    assert {one.data.headline_facts for one in events} == {example_events()[sample].data.headline_facts}


async def test_it_reaches_who_joined_here_and_nobody_else_is_made_to_want_tests(redis: Redis, demo: Demo) -> None:
    vault = vault_on(redis)
    joined = await reader(vault, "new@demo.example", "2025-01-01T00:00:01.000Z")
    earlier = await reader(vault, "earlier@demo.example", "2024-12-31T00:00:00.000Z")
    elsewhere = await reader(vault, "elsewhere@demo.example", "2025-01-01T00:00:01.000Z")
    await demo.inbox.take(LETTER, "", ["new@demo.example", "earlier@demo.example", "stranger@demo.example"])
    assert await demo.press("pardon") == 303
    asked = {one.number: one.tests for one in await vault_on(redis).everybody()}
    assert asked == {joined.number: True, earlier.number: False, elsewhere.number: False}


async def test_another_sites_page_presses_no_button_and_an_unknown_sample_is_none(redis: Redis, demo: Demo) -> None:
    assert await demo.press("pardon", **{"sec-fetch-site": "cross-site"}) == 403
    assert await demo.press("pardon", host="attacker.example") == 400
    assert await demo.press("retraction") == 404
    assert (await demo.browser.get("/again")).status_code == 405
    assert await redis.exists(EVENTS_STREAM) == 0


async def test_there_is_no_button_before_the_services_are_ready(demo: Demo) -> None:
    assert "Send a sample again" in (await demo.browser.get("/")).text
    demo.exercise.is_ready = False
    assert "Send a sample again" not in (await demo.browser.get("/")).text
    assert await demo.press("pardon") == 404


async def test_what_is_about_the_world_is_never_published_as_practice(redis: Redis) -> None:
    with pytest.raises(ValueError, match="exercise or a test"):
        await Publisher(redis, lambda: 0.0).practise(lambda *_: example_events()["pardon"])
    assert await redis.exists(EVENTS_STREAM) == 0


def test_it_knows_when_it_began(tmp_path: Path) -> None:
    assert Exercise("redis://127.0.0.1:1", tmp_path, "").began <= rfc3339(2**33)
