"""A verb that reaches readers shows what they will get and asks; only a yes, or --confirm, makes it happen."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

import httpx

from services.demo.sample_article import pardon
from services.demo.stage import sample_item
from services.ingest.intake import Intake
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, Results
from services.operations.audit import Audit
from tests.letters import LANGUAGES
from tests.road import PATIENCE, Road, eventually

FIRST = replace(sample_item(pardon()), source_name="Sample Wire")
SECOND = replace(
    FIRST,
    source_id="other-wire",
    source_name="Other Wire",
    title="A pardon in Belarus",
    body="Alexander Lukashenko has pardoned 20 people on 28 December 2024, his press service said. Three of them are "
    "pensioners.",
    url="https://other-wire.example/pardon",
)
ALONE = replace(
    FIRST,
    source_id="lone-wire",
    source_name="Lone Wire",
    title="Six people detained in Gomel",
    body="Six people were detained in Gomel on 27 December 2024 under article 342 of the Criminal Code, Lone Wire has "
    "learnt.",
    url="https://lone-wire.example/arrest",
)
WHY = ("--reason", "it was misread")
OPERATOR_TOKEN, PREVIEW_TOKEN = "a-token-for-maria-in-this-test", "a-token-for-previews-in-this-test"


def _at_any_minute(shown: str) -> str:
    """A letter says when it would leave, and a minute may pass between two looks."""
    return re.sub(r"\b\d\d:\d\d\b", "hh:mm", shown)


async def at_a_terminal(
    road: Road, *arguments: str, answer: str, meanwhile: Callable[[], Awaitable[Any]] | None = None
) -> tuple[int, str]:
    """Runs it on a terminal and answers its question; its exit code and all that the terminal showed."""
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", *arguments),
        env=road.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown, asked = b"", False
    async with asyncio.timeout(PATIENCE):
        with suppress(OSError):  # how a terminal ends whose last program has left
            while piece := await asyncio.to_thread(os.read, ours, 4096):
                shown += piece
                if b"[y/N]" in shown and not asked:
                    asked = True
                    if meanwhile is not None:
                        await meanwhile()
                    os.write(ours, answer.encode())
        code = await process.wait()
    os.close(ours)
    return code, shown.decode().replace("\r\n", "\n")


async def read(road: Road, item: Item) -> ReadResult:
    accepted = await Intake(road.redis).accept(item)
    async with asyncio.timeout(PATIENCE):
        while True:
            result = await Results(road.redis).get(accepted.id)
            if result is not None and result.state == "read":
                return result
            await asyncio.sleep(0.05)


@dataclass(frozen=True)
class State:
    """All by which a decision could be noticed."""

    events: int
    audit: int
    stories: dict[str, str]


async def state(road: Road) -> State:
    keys = [key async for key in road.redis.scan_iter("vestka:story:*")]
    stories = {key: str(await road.redis.get(key)) for key in keys}
    return State(len(await road.events()), len(await Audit(road.redis).entries()), stories)


async def test_every_verb_wants_a_yes_and_does_what_its_dry_run_showed(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.subscribe("email", "reader-ru@demo.example", language="ru")
    await road.start("ingest", "notify")
    inbox = road.stage.inbox
    story = str((await read(road, FIRST)).story)
    await eventually(lambda: len(inbox.messages) == 2, "the alert, before a newer revision takes its place")
    assert (await read(road, SECOND)).story == story
    held = str((await read(road, ALONE)).story)
    report = json.loads((await road.vestka("story", "show", story))[1])["reports"][1]["id"]
    letters = 4
    await eventually(lambda: len(inbox.messages) == letters, "the pensioners")

    apart = ""
    for verb, arguments, readers, change in (
        ("approve", (held,), 2, "detained"),
        ("correct", (story, "--field", "pardoned", "--value", "22", *WHY), 2, "pardoned"),
        ("split", (story, "--report", report, *WHY), 2, "pensioners"),
        ("approve", ("APART",), 2, "pardoned"),
        ("merge", (story, "APART", *WHY), 2, "pensioners"),
        ("retract", (story, *WHY), 2, "state"),
    ):
        command = ("story", verb, *(apart if one == "APART" else one for one in arguments))
        before = await state(road)

        code, out, err = await road.vestka(*command, "--dry-run", "--output", "json")
        assert code == 0, err
        foreseen = json.loads(out)
        assert change in [one["field"] for one in foreseen["difference"]]
        assert sum(sum(one["channels"].values()) for one in foreseen["alerts"]) == readers

        code, out, err = await road.vestka(*command)
        assert (code, out) == (2, "")
        assert err.startswith("vestka: nothing was done: it would send ")
        assert "--confirm" in err

        assert await state(road) == before

        code, _, err = await road.vestka(*command, "--confirm")
        assert code == 0, err
        published = [event.id for event in (await road.events())[before.events :]]
        assert published == [event["id"] for event in foreseen["events"]]
        letters += readers
        await eventually(lambda expected=letters: len(inbox.messages) == expected, f"the letters of {verb}")  # type: ignore[misc]
        words = foreseen["alerts"][0]["messages"]
        plain = [one for one in words if (one["channel"], one["mode"]) == ("email", "plain")]
        subjects = {one["parts"]["subject"] for one in plain if one["language"] in ("en", "ru")}
        assert {one.subject for one in inbox.messages[-readers:]} >= subjects
        if verb == "split":
            apart = next(line.split()[0] for line in err.splitlines() if " is held" in line)
    assert len(inbox.messages) == letters


async def test_what_is_agreed_to_at_the_terminal_is_done_unless_the_story_changed_meanwhile(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest", "notify")
    story = str((await read(road, FIRST)).story)
    await eventually(lambda: len(road.stage.inbox.messages) == 1, "the alert")
    command = ("story", "correct", story, "--field", "pardoned", "--value", "22", *WHY)

    code, out, err = await road.vestka(*command, "--dry-run")
    assert code == 0, err
    assert "would go to 1 reader (email 1, telegram 0, webhook 0)" in out
    for language in LANGUAGES:
        assert f"── {language}, plain ──\nSubject: " in out
        assert f"── {language}, discreet ──\nSubject: " in out

    before = await state(road)
    code, shown = await at_a_terminal(road, *command, answer="\n")
    assert (code, "send 1 message? [y/N]" in shown) == (2, True), shown
    assert _at_any_minute(out.strip()) in _at_any_minute(shown)
    assert await state(road) == before

    async def another_outlet_writes() -> None:
        assert (await read(road, SECOND)).story == story

    code, shown = await at_a_terminal(road, *command, answer="y\n", meanwhile=another_outlet_writes)
    assert (code, "changed meanwhile" in shown) == (4, True), shown
    assert await Audit(road.redis).entries() == []
    await eventually(lambda: len(road.stage.inbox.messages) == 2, "the other outlet's word")

    code, shown = await at_a_terminal(road, *command, answer="y\n")
    assert (code, f"published {story}-r3" in shown) == (0, True), shown
    await eventually(lambda: len(road.stage.inbox.messages) == 3, "the correction")


async def test_a_verb_of_which_readers_hear_nothing_needs_no_yes(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest")
    untold = str((await read(road, ALONE)).story)
    code, _, err = await road.vestka("story", "correct", untold, "--field", "detained", "--value", "5", *WHY)
    assert (code, "next revision" in err) == (0, True), err
    code, _, err = await road.vestka("story", "approve", untold)
    assert (code, "nothing was done" in err) == (2, True), "now they would hear of it"
    assert await road.events() == []


IMPOSSIBLE = (
    (("--field", "occurred_on", "--value", "2031-01-01", *WHY), "occurred_on: 2031-01-01 is still to come"),
    (("--field", "women", "--value", "300", *WHY), "women: 300 is more than the 20 pardoned"),
    (("--field", "pardoned", "--value", "1", *WHY), "pardoned: 1 is less than its part"),
    (("--field", "place", "--value", "Minsk\r\nBcc: reader@demo.example", *WHY), "place: it has a line break"),
    (("--field", "pardoned", "--value", "22", "--reason", "x\ny"), "--reason: it has a line break"),
)


async def test_what_cannot_be_ends_with_the_field_and_what_to_do(road: Road) -> None:
    await road.start("ingest")
    story = str((await read(road, FIRST)).story)
    before = await state(road)
    for (arguments, says), how in zip(IMPOSSIBLE, cycle(("--confirm", "--dry-run")), strict=False):
        code, out, err = await road.vestka("story", "correct", story, *arguments, how)
        assert (code, out) == (2, ""), err
        assert err.startswith(f"vestka: {says}")
        assert "reader@" not in err
    assert await state(road) == before


async def test_over_http_a_dry_run_and_notifys_preview_tell_what_the_readers_then_get(road: Road) -> None:
    road.environment |= {"VESTKA_OPERATOR_TOKENS__MARIA": OPERATOR_TOKEN, "VESTKA_PREVIEW_TOKEN": PREVIEW_TOKEN}
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest", "notify")
    story = str((await read(road, FIRST)).story)
    await eventually(lambda: len(road.stage.inbox.messages) == 1, "the alert")
    before = await state(road)
    url = f"http://127.0.0.1:{road.ports['ingest']}/v1/desk/stories/{story}/correct"
    body = {"field": "pardoned", "value": 22, "reason": "it was misread"}
    operator = {"authorization": f"Bearer {OPERATOR_TOKEN}"}
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        dry = (await client.post(f"{url}?dry_run=true", json=body, headers=operator)).json()
        preview = await client.post(
            f"http://127.0.0.1:{road.ports['notify']}/v1/preview",
            json=dry["events"][0],
            headers={"authorization": f"Bearer {PREVIEW_TOKEN}"},
        )
        assert await state(road) == before
        assert preview.json()["channels"]["email"] == 1
        await client.post(url, json=body, headers=operator)
    await eventually(lambda: len(road.stage.inbox.messages) == 2, "the correction")
    words = next(
        one["parts"]
        for one in preview.json()["messages"]
        if (one["channel"], one["language"], one["mode"]) == ("email", "en", "plain")
    )
    assert road.stage.inbox.messages[1].subject == words["subject"]
    foreseen = words["text"].split("* * *")[0].strip()
    assert foreseen in road.stage.inbox.messages[1].text.replace("\r\n", "\n")
