"""What a source gave and the rules held: an operator sees it, lets it go, and it reaches whoever asked."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from services.contract import PartyClass
from services.demo.sample_article import pardon
from services.demo.stage import sample_item
from services.ingest.intake import Intake
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, Results
from tests.road import PATIENCE, Road, eventually

NAMING = "Ryhor Kastusiou was detained in Gomel today, Sample Wire has learnt."


def from_a_feed(**fields: Any) -> Item:
    """As a watched source gives it: nobody asked for it, and nobody says on which day it is to be read."""
    item = replace(sample_item(pardon()), source_class=PartyClass.MEDIA, solicited=False, as_of=None)
    return replace(item, received=datetime.now(UTC), **fields)


async def read(road: Road, item: Item) -> ReadResult:
    accepted = await Intake(road.redis).accept(item)
    results = Results(road.redis)
    async with asyncio.timeout(PATIENCE):
        while True:
            result = await results.get(accepted.id)
            if result is not None and result.state == "read":
                return result
            await asyncio.sleep(0.05)


async def stories(road: Road) -> list[dict[str, Any]]:
    """What anybody sees."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://127.0.0.1:{road.ports['ingest']}/v1/stories")
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


async def test_what_a_source_gave_and_a_rule_held_waits_until_an_operator_lets_it_go(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest", "notify")
    held = await read(road, from_a_feed(published=datetime.now(UTC), title=None, body=NAMING))
    assert (held.action, held.reason, held.event) == ("hold", "media_origins_only", None)
    assert await stories(road) == []

    code, out, err = await road.vestka("story", "list", "--held", "--output", "json")
    assert code == 0, err
    assert [(row["id"], row["waits for"]) for row in json.loads(out)] == [(held.story, "media_origins_only")]
    assert road.stage.inbox.messages == []

    code, _, err = await road.vestka("story", "approve", str(held.story), "--confirm")
    assert (code, err.strip()) == (0, f"published {held.story}-r1")
    await eventually(lambda: len(road.stage.inbox.messages) == 1, "the alert that waited")
    subject = road.stage.inbox.messages[0].subject
    assert "Ryhor Kastusiou detained in Gomel" in subject, "who approves has seen the names, and lets them go too"
    assert [(one["story_id"], one["state"]) for one in await stories(road)] == [(held.story, "open")]
    code, _, _ = await road.vestka("story", "list", "--held")
    assert code == 3, "nothing waits any more"
    code, _, err = await road.vestka("story", "approve", str(held.story))
    assert (code, "not held" in err) == (4, True)


async def test_readers_of_a_told_story_hear_of_a_hold_and_of_its_end_and_never_why(road: Road) -> None:
    await road.start("ingest")
    told = await read(road, from_a_feed(published=datetime.now(UTC) - timedelta(hours=1), solicited=True))
    assert told.event
    why = "the family asks for a day"
    code, _, err = await road.vestka("story", "hold", str(told.story), "--confirm", "--reason", why)
    assert code == 0, err
    code, _, err = await road.vestka("story", "approve", str(told.story), "--confirm")
    assert code == 0, err
    events = await road.events()
    assert [event.type for event in events] == ["pardon.announced", "story.held", "pardon.updated"]
    assert events[2].data.ends_hold
    assert "family" not in json.dumps(await stories(road)) + str(events)


async def test_what_became_of_a_published_item_is_still_known_when_others_were_read(road: Road) -> None:
    """Its handler ends, so nothing reads it a second time and calls it known."""
    await road.start("ingest")
    told = await road.hand_in(pardon())
    assert told.outcome == "new"
    async with asyncio.timeout(PATIENCE):
        while (await road.redis.xpending("vestka:items", "ingest"))["pending"]:
            await asyncio.sleep(0.05)
    assert await road.hand_in(pardon()) == told
