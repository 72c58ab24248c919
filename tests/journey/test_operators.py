"""What operators and partners do: hand in, look, replay, retract; and what a reader does who has had enough."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from services.demo.sample_article import pardon, pardon_update
from tests.road import Road, eventually

TOKEN = "a-token-for-a-partner-in-this-test"


async def vestka(road: Road, *arguments: str, stdin: str = "") -> tuple[int, str, str]:
    """Runs the command as an operator would; its exit code, stdout and stderr."""
    return await road.vestka(*arguments, stdin=stdin.encode())


async def post(road: Road, document: Mapping[str, Any], **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"http://127.0.0.1:{road.ports['ingest']}/v1/reports"
        return await client.post(url, json=document, headers={"authorization": f"Bearer {TOKEN}", **headers})


async def test_submitting_a_file_publishes_once_and_says_what_became_of_it(road: Road) -> None:
    await road.start("ingest")
    command = ("submit", "-", "--as-of", "2024-12-28", "--output", "json")
    code, out, err = await vestka(road, *command, stdin=pardon().text)
    assert code == 0, err
    first = json.loads(out)
    assert (first["duplicate"], first["outcome"]) == (False, "new")
    _, out, _ = await vestka(road, *command, stdin=pardon().text)
    assert json.loads(out)["duplicate"]
    assert [event.id for event in await road.events()] == [first["event"]]


async def test_what_is_submitted_while_ingest_is_down_waits_for_it(road: Road) -> None:
    code, _, err = await vestka(road, "submit", "-", "--as-of", "2024-12-28", "--wait", "0", stdin=pardon().text)
    assert (code, "will be read when one runs" in err) == (0, True)
    await road.start("ingest")
    async with asyncio.timeout(20):
        while not await road.events():
            await asyncio.sleep(0.1)


async def test_a_partner_posts_a_report_and_is_told_what_is_wrong_with_a_bad_one(road: Road) -> None:
    road.environment["VESTKA_REPORT_TOKEN"] = TOKEN
    await road.start("ingest")
    report = {"text": pardon().text, "source": "A partner"}
    accepted = await post(road, report, **{"idempotency-key": "k1"})
    again = await post(road, report, **{"idempotency-key": "k1"})
    assert (accepted.status_code, accepted.json()["duplicate"]) == (202, False)
    assert again.json() == {"id": accepted.json()["id"], "duplicate": True}

    other = await post(road, {**report, "text": "Another text."}, **{"idempotency-key": "k1"})
    nothing = await post(road, {"source": "A partner"})
    stranger = await post(road, report, authorization="Bearer guess")
    for answer, status in ((other, 422), (nothing, 422), (stranger, 401)):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


async def test_partners_are_told_apart_and_a_flood_of_one_is_stopped(road: Road) -> None:
    others = "a-token-for-an-embassy-in-this-test"
    road.environment |= {
        "VESTKA_REPORT_TOKEN": TOKEN,
        "VESTKA_REPORT_TOKENS": json.dumps({"embassy": others}),
        "VESTKA_REPORTS_BURST": "3",
        "VESTKA_REPORTS_PER_MINUTE": "0.1",
    }
    await road.start("ingest")
    report = {"text": pardon().text, "source": "BelTA"}
    first = await post(road, report)
    other = await post(road, report, authorization=f"Bearer {others}")
    assert (first.status_code, other.status_code) == (202, 202)
    assert first.json()["id"] != other.json()["id"]
    for number, status in ((2, 202), (3, 202), (4, 429)):
        answer = await post(road, {"text": f"Text {number}.", "source": "A partner"})
        assert answer.status_code == status
    assert int(answer.headers["retry-after"]) > 1
    assert (await post(road, report, authorization=f"Bearer {others}")).json()["duplicate"]
    for _ in range(15):
        stranger = await post(road, report, authorization="Bearer guess")
    assert stranger.status_code == 429

    _, out, _ = await vestka(road, "audit", "list", "--reports", "--output", "json")
    noted = [(row["who"], row["story"], row["detail"]) for row in json.loads(out)]
    assert noted[:2] == [
        ("partner:partner", first.json()["id"], "claims to be belta"),
        ("partner:embassy", other.json()["id"], "claims to be belta"),
    ]
    _, out, _ = await vestka(road, "doctor", "--output", "json")
    assert '"memory"' in out
    async with httpx.AsyncClient(trust_env=False) as client:
        numbers = (await client.get(f"http://127.0.0.1:{road.ports['ingest']}/metrics")).text
    assert 'vestka_requests_refused_total{kind="reports",reason="too_many"} 1.0' in numbers
    assert 'vestka_requests_refused_total{kind="reports",reason="wrong_tokens"} 5.0' in numbers


async def test_replay_sends_only_what_the_ledger_lacks(road: Road) -> None:
    await road.subscribe("email", "first@demo.example")
    await road.start("ingest", "notify")
    event = (await road.hand_in(pardon())).event
    assert event is not None
    await eventually(lambda: len(road.stage.inbox.messages) == 1, "the first reader has it")
    await road.subscribe("email", "second@demo.example")

    code, out, _ = await vestka(road, "replay", event, "--dry-run", "--allow-stale", "--output", "json")
    assert (code, json.loads(out)["deliveries"]) == (0, 1)
    code, _, _ = await vestka(road, "replay", event, "--allow-stale")
    assert code == 2, "without --confirm nothing is sent"
    code, _, _ = await vestka(road, "replay", event, "--allow-stale", "--confirm")
    assert code == 0
    await eventually(lambda: len(road.stage.inbox.messages) == 2, "the second reader has it")
    assert road.stage.inbox.messages[1].recipient == "second@demo.example"
    code, _, err = await vestka(road, "replay", event, "--allow-stale", "--confirm")
    assert (code, "nothing is" in err) == (3, True)


async def test_a_retraction_reaches_whoever_got_the_story_with_the_reason(road: Road) -> None:
    await road.subscribe("email", "reader@demo.example")
    await road.start("ingest", "notify")
    story = (await road.hand_in(pardon())).story
    assert story is not None
    await eventually(lambda: len(road.stage.inbox.messages) == 1, "the alert")
    reason = "The decree was one of an earlier year."
    code, _, err = await vestka(road, "story", "retract", story, "--reason", reason, "--confirm")
    assert code == 0, err
    await eventually(lambda: len(road.stage.inbox.messages) == 2, "the retraction")
    assert reason in road.stage.inbox.messages[1].text
    code, _, _ = await vestka(road, "story", "retract", story, "--reason", reason, "--confirm")
    assert code == 4, "it is retracted already"


async def test_a_stop_link_stops_only_when_it_is_posted_and_then_nothing_more_goes_out(road: Road) -> None:
    await road.subscribe("email", "stays@demo.example")
    leaver = await road.subscribe("email", "leaves@demo.example")
    await road.start("ingest", "notify")
    await road.hand_in(pardon())
    await eventually(lambda: len(road.stage.inbox.messages) == 2, "both have the alert")
    letter = next(one for one in road.stage.inbox.messages if one.recipient == "leaves@demo.example")
    link = next(word for word in letter.text.split() if "/stop/" in word)

    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(link)).status_code == 200
        assert (await road.vault.get(leaver)).active
        answer = await client.post(link, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert (await client.post(link[:-2] + "zz")).status_code == 404

    await road.hand_in(pardon_update())
    await eventually(lambda: len(road.stage.inbox.messages) == 3, "the revision")
    assert road.stage.inbox.messages[2].recipient == "stays@demo.example"


async def test_an_operator_sees_stories_events_subscribers_and_status(road: Road) -> None:
    code, _, err = await vestka(
        road, "subscriber", "add", "-", stdin="{channels: [{channel: email, target: reader@demo.example}]}"
    )
    assert code == 0, err
    await road.start("ingest", "notify")
    event = (await road.hand_in(pardon())).event
    await eventually(lambda: len(road.stage.inbox.messages) == 1, "the alert")
    for command in (
        ("event", "list"),
        ("event", "show", str(event)),
        ("story", "list"),
        ("subscriber", "list"),
        ("status",),
        ("check-config",),
        ("template", "render", str(event), "--channel", "email", "--part", "subject"),
    ):
        code, out, err = await vestka(road, *command)
        assert code == 0, (command, err)
        assert "reader@demo.example" not in out + err


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("replay", "--since", "yesterday"), 2),
        (("replay",), 2),
        (("event", "show", "no-such-event"), 3),
        (("story", "approve", "no-such-story"), 3),
        (("dead", "list"), 3),
        (("submit", "no-such-file.txt"), 2),
        (("pause", "pigeon"), 2),
        (("subscriber", "show", "99"), 3),
    ],
)
async def test_a_command_that_cannot_do_it_says_why_and_ends_with_its_code(
    road: Road, command: tuple[str, ...], code: int
) -> None:
    ended, _, err = await vestka(road, *command)
    assert ended == code, err
    assert err.startswith("vestka: ")
    assert "Traceback" not in err
