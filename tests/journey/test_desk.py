"""What an operator corrects, splits and merges reaches whoever got the story, and stands in the audit."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx

from services.demo.sample_article import pardon
from services.demo.stage import sample_item
from services.ingest.intake import Intake
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, Results
from tests.road import PATIENCE, Road, eventually

TOKEN = "a-token-for-maria-in-this-test"
FIRST = sample_item(pardon())
SECOND = replace(
    FIRST,
    source_id="other-wire",
    source_name="Other Wire",
    title="A pardon in Belarus",
    body="Alexander Lukashenko has pardoned 20 people on 28 December 2024, his press service said. Three of them are "
    "pensioners.",
    url="https://other-wire.example/pardon",
)


async def vestka(road: Road, *arguments: str) -> str:
    """Runs the command as an operator would; what it printed, on whichever stream."""
    code, out, err = await road.vestka(*arguments)
    assert code == 0, err
    return (out or err).strip()


async def read(road: Road, item: Item) -> ReadResult:
    accepted = await Intake(road.redis).accept(item)
    async with asyncio.timeout(PATIENCE):
        while True:
            result = await Results(road.redis).get(accepted.id)
            if result is not None and result.state == "read":
                return result
            await asyncio.sleep(0.05)


async def decide(road: Road, path: str, body: dict[str, Any]) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"http://127.0.0.1:{road.ports['ingest']}/v1/desk/stories/{path}"
        return await client.post(url, json=body, headers={"authorization": f"Bearer {TOKEN}"})


async def test_what_an_operator_decides_reaches_the_readers_and_the_audit(road: Road) -> None:
    road.environment |= {"VESTKA_OPERATOR_TOKENS__MARIA": TOKEN, "VESTKA_OPERATOR": "night-shift"}
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest", "notify")
    inbox = road.stage.inbox

    story = str((await read(road, FIRST)).story)
    await eventually(lambda: len(inbox.messages) == 1, "the alert")
    because = ("--reason", "the list has 22 entries")
    assert await vestka(
        road, "story", "correct", story, "--field", "pardoned", "--value", "22", *because, "--confirm"
    ) == (f"published {story}-r2")
    await eventually(lambda: len(inbox.messages) == 2, "the correction")
    assert inbox.messages[1].text.startswith("Correction. We were wrong: ")
    assert "Why: the list has 22 entries" in " ".join(inbox.messages[1].text.split())

    assert (await read(road, SECOND)).story == story
    await eventually(lambda: len(inbox.messages) == 3, "the pensioners")
    shown = json.loads(await vestka(road, "story", "show", story))
    other = next(report["id"] for report in shown["reports"] if report["source"] == "Other Wire")
    part = ("story", "split", story, "--report", other, "--reason", "another decree", "--confirm", "-o", "json")
    apart = json.loads(await vestka(road, *part))["stories"][1]["id"]
    await eventually(lambda: len(inbox.messages) == 4, "what no longer stands")
    assert "no longer stated" in inbox.messages[3].text

    approved = await decide(road, f"{apart}/approve", {})
    assert approved.json()["events"] == [f"{apart}-r1"]
    await eventually(lambda: len(inbox.messages) == 5, "the alert about what was split off")
    merged = await decide(road, f"{story}/merge", {"other": apart, "reason": "one decree after all"})
    assert merged.json()["events"] == [f"{story}-r{int(shown['revision']) + 2}"]
    await eventually(lambda: len(inbox.messages) == 6, "what the merge says, once, to readers of both")
    (notice,) = [one for one in inbox.messages if one.subject.startswith("One event, not two")]
    assert "Why: one decree after all" in " ".join(notice.text.split())

    entries = json.loads(await vestka(road, "audit", "list", "--output", "json"))
    assert [(one["who"], one["via"], one["what"]) for one in entries] == [
        ("night-shift", "cli", "correct"),
        ("night-shift", "cli", "split"),
        ("night-shift", "cli", "split"),
        ("maria", "http", "approve"),
        ("maria", "http", "merge"),
        ("maria", "http", "merge"),
    ]
