"""One article in, three alerts out; and what follows when more becomes known."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http
from cloudevents.core.formats.json import JSONFormat

from services.contract import EVENTS_STREAM, Kind
from services.demo.sample_article import arrest, pardon, pardon_update
from services.demo.stage import DemoStage
from services.demo.webhooks import WebhookCall
from services.ingest.store import ReadResult
from services.runtime.streams import entries_between
from services.subscribers.topics import Interest
from tests.road import Road, eventually, open_road

SCHEMA = Path(__file__).resolve().parents[2] / "infra" / "schemas" / "event.schema.json"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one article: how it was read, the event on the stream, and what each receiver has."""

    result: ReadResult
    event: str
    stage: DemoStage


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One road for all that look at the same article from different sides."""
    return asyncio.run(_tell(tmp_path_factory.mktemp("road")))


async def _tell(folder: Path) -> Told:
    async with open_road(folder) as road:
        await three_readers(road)
        await road.start("ingest", "notify")
        result = await road.hand_in(pardon())
        await all_three(road, 1)
        (entry,) = await entries_between(road.redis, EVENTS_STREAM)
        return Told(result, entry.fields["event"], road.stage)


async def three_readers(road: Road) -> None:
    """A reader of email in English, one of Telegram in Russian, and a newsroom, before the services start."""
    await road.subscribe("email", "reader@demo.example")
    await road.subscribe("telegram", "1001", language="ru")
    await road.subscribe("webhook", road.stage.webhooks.url)


async def all_three(road: Road, count: int) -> None:
    stage = road.stage
    await eventually(
        lambda: min(len(stage.inbox.messages), len(stage.chat.messages), len(stage.webhooks.calls)) >= count,
        f"{count} message(s) at each receiver",
    )


def body(call: WebhookCall) -> dict[str, Any]:
    assert call.verified, call.why
    assert call.event is not None
    return call.event


def test_an_article_reaches_a_letter_a_chat_and_an_endpoint_with_the_same_facts(told: Told) -> None:
    assert (told.result.outcome, told.result.action) == ("new", "publish_unconfirmed")
    letter, message, call = told.stage.inbox.messages[0], told.stage.chat.messages[0], told.stage.webhooks.calls[0]
    assert letter.subject == "20 people pardoned in Belarus, 28 December 2024"
    assert "20 человек" in message.text.splitlines()[0]
    facts = body(call)["data"]["headline_facts"]
    assert (facts["pardoned"], facts["women"], facts["chronically_ill"]) == (20, 11, 14)
    assert (facts["released_total"], facts["still_held"], facts["deaths_in_custody"]) == (207, 1250, 7)
    for text in (letter.text, letter.html):
        for number in ("20", "11", "14", "207", "1,250"):
            assert number in text


def test_the_stream_holds_a_cloudevent_that_any_client_can_read(told: Told) -> None:
    event = json.loads(told.event)
    assert (event["specversion"], event["type"]) == ("1.0", "pardon.announced")
    assert {"president", "viasna"} <= {claim["said_by"]["id"] for claim in event["data"]["claims"]}
    assert all(len(claim["span"]) == 2 for claim in event["data"]["claims"])


def test_a_webhook_is_a_cloudevent_that_fits_the_published_schema(told: Told) -> None:
    call = told.stage.webhooks.calls[0]
    jsonschema.validate(body(call), json.loads(SCHEMA.read_text()))
    read = from_http(HTTPMessage(headers=dict(call.headers), body=call.body), JSONFormat())
    assert read.get_type() == "pardon.announced"
    assert read.get_id() == call.id


def test_prisoners_named_as_still_held_are_never_told_of_as_pardoned(told: Told) -> None:
    data = body(told.stage.webhooks.calls[0])["data"]
    assert {person["role"] for person in data["persons"]} == {"still_held"}
    assert "names_pardoned" not in data["headline_facts"]
    before_names = told.stage.inbox.messages[0].text.split("Not among the 20")[0]
    assert "Bialiatski" not in before_names


async def test_the_same_article_again_sends_nothing_and_a_new_fact_sends_a_revision_in_the_same_thread(
    road: Road,
) -> None:
    await three_readers(road)
    await road.start("ingest", "notify")
    await road.hand_in(pardon())
    await all_three(road, 1)
    await road.hand_in(pardon())
    result = await road.hand_in(pardon_update())
    await all_three(road, 2)

    assert result.outcome == "revised"
    first, second = await road.events()
    assert (second.type, second.data.revision, second.data.replaces) == ("pardon.updated", 2, first.id)
    assert [change.field for change in second.data.changes] == ["with_children"]
    letters, messages = road.stage.inbox.messages, road.stage.chat.messages
    assert letters[1].header("in-reply-to") == letters[0].header("message-id")
    assert "10" in messages[1].text.splitlines()[0]
    assert messages[1].reply_to == messages[0].message_id


async def test_an_arrest_goes_to_those_who_asked_for_its_region_in_their_language(road: Road) -> None:
    await road.subscribe("telegram", "1001", Interest(kinds=(Kind.ARREST,), regions=("gomel",)), language="ru")
    await road.subscribe("telegram", "1002", Interest(kinds=(Kind.ARREST,), regions=("brest",)), language="ru")
    await road.subscribe("telegram", "1003", Interest(kinds=(Kind.PARDON,)), language="ru")
    await road.start("ingest", "notify")
    await road.hand_in(arrest())
    await eventually(lambda: bool(road.stage.chat.messages), "the arrest is told")
    (message,) = road.stage.chat.messages
    assert message.chat_id == 1001
    assert "Гомел" in message.text
