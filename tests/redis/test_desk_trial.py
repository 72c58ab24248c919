"""A decision on trial comes to what it would in earnest and leaves no trace; what was shown is what is done."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import msgspec
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette

from services.contract import Status, encode_event
from services.ingest.desk.correction_request import UnusableCorrection, UnusableReason, read_correction_request
from services.ingest.desk.decisions import Decision, Desk, Operator
from services.ingest.desk.foreseen import ChangedMeanwhile, fingerprint
from services.ingest.desk.routes import DeskHandlers, desk_routes
from services.ingest.evidence import EvidenceStore
from services.ingest.sources.base import Item
from services.ingest.store import Reports, Stories
from services.ingest.stories import Step, Story, WrongState, hold
from services.ingest.stories.absorbing import derived
from services.ingest.watching.removals import Removals
from services.operations.alarms import Alarms
from services.operations.audit import Audit
from services.runtime.http.idempotency import Idempotency
from services.runtime.http.web import web_app
from services.runtime.metrics import Metrics
from tests.partner_routes import Gates
from tests.redis.ingest_desk import ACTS, ARREST, PARDON, RULES, now
from tests.redis.ingest_desk import Desk as Road

MARIA = Operator("maria", "cli")
TOKEN = "a-token-for-maria-in-this-test"
WOMEN: Item = replace(
    PARDON,
    source_id="other-wire",
    source_name="Other Wire",
    body="Alexander Lukashenko pardoned 20 people on 28 December 2024, his press service said. There are 11 women.",
    url="https://other-wire.example/pardon",
)
Ask = Callable[[Desk], Awaitable[Decision]]


@pytest.fixture
def road(redis: Redis) -> Road:
    return Road(redis)


@pytest.fixture
def desk(road: Road) -> Desk:
    return Desk(road.publisher, lambda: road.at, ACTS, RULES.limits)


async def everything(redis: Redis) -> dict[str, Any]:
    """All that is stored, as the server would write it to its disk."""
    keys = sorted([key async for key in redis.scan_iter()])
    return {key: await redis.dump(key) for key in keys}


async def verbs(road: Road, desk: Desk) -> dict[str, Ask]:
    """Every verb, on stories of which readers know: a call that would be carried out."""
    story = await road.told(PARDON)
    await road.read(WOMEN)
    reports = (await road.story(story)).report_ids
    alone = replace(ARREST, body=ARREST.body.replace("the Viasna human rights centre said", "Sample Wire has learnt"))
    held = str((await road.read(alone)).story)
    apart = (await desk.split(MARIA, story, [reports[1]], "another decree")).stories[-1].id
    await desk.approve(MARIA, apart)
    more = await road.read(replace(WOMEN, body=WOMEN.body + " Three are pensioners.", url="https://third.example/p"))
    whole = await road.story(str(more.story))
    return {
        "approve": lambda desk: desk.approve(MARIA, held),
        "hold": lambda desk: desk.hold(MARIA, story, "asking"),
        "merge": lambda desk: desk.merge(MARIA, story, apart, "one decree"),
        "split": lambda desk: desk.split(MARIA, whole.id, [whole.report_ids[-1]], "another decree"),
        "correct": lambda desk: desk.correct(MARIA, story, read_correction_request("pardoned", "22"), "misread"),
        "retract": lambda desk: desk.retract(MARIA, story, "a hoax"),
    }


VERBS = ("approve", "hold", "merge", "split", "correct", "retract")


@pytest.mark.parametrize("verb", VERBS)
async def test_on_trial_a_verb_leaves_no_trace_and_comes_to_what_it_then_does(
    redis: Redis, road: Road, desk: Desk, verb: str
) -> None:
    ask = (await verbs(road, desk))[verb]
    before = await everything(redis)
    trial = await ask(desk.on_trial())
    assert await everything(redis) == before
    road.at += 3600
    done = await ask(desk.if_still([fingerprint(trial.events)]))
    assert fingerprint(done.events) == fingerprint(trial.events)
    assert [(story.state, story.revision) for story in done.stories] == [
        (story.state, story.revision) for story in trial.stories
    ]
    assert done.events
    assert (await road.events())[len(await road.events()) - len(done.events) :] == list(done.events)


async def test_what_readers_know_is_told_with_it(road: Road, desk: Desk) -> None:
    story = await road.told(PARDON)
    trial = await desk.on_trial().correct(MARIA, story, read_correction_request("pardoned", "22"), "misread")
    assert trial.announced == {story: (await road.events())[-1]}
    assert trial.events[0].data.sequence == 2


@pytest.mark.parametrize("verb", VERBS)
async def test_what_changed_since_it_was_shown_is_not_done(redis: Redis, road: Road, desk: Desk, verb: str) -> None:
    ask = (await verbs(road, desk))[verb]
    before = await everything(redis)
    with pytest.raises(ChangedMeanwhile):
        await ask(desk.if_still(["what was shown of something else"]))
    assert await everything(redis) == before


async def test_another_outlets_word_between_the_look_and_the_deed_is_noticed(road: Road, desk: Desk) -> None:
    story = await road.told(PARDON)
    request = read_correction_request("pardoned", "22")
    shown = fingerprint((await desk.on_trial().correct(MARIA, story, request, "misread")).events)
    assert (await road.read(WOMEN)).story == story
    told = len(await road.events())
    with pytest.raises(ChangedMeanwhile):
        await desk.if_still([shown]).correct(MARIA, story, request, "misread")
    assert len(await road.events()) == told
    assert (await road.story(story)).corrections == ()


async def test_news_of_another_story_between_them_is_no_change(road: Road, desk: Desk) -> None:
    story = await road.told(PARDON)
    shown = fingerprint((await desk.on_trial().retract(MARIA, story, "a hoax")).events)
    await road.told(ARREST)
    assert (await desk.if_still([shown]).retract(MARIA, story, "a hoax")).events


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("occurred_on", "2031-01-01", "still to come"),
        ("women", "30", "more than the 20 pardoned"),
        ("men", "10", "women and men would be more"),
        ("pardoned", "10", "less than its part, women"),
        ("pardoned", "100000", "from 1 to 1,000"),
        ("names_pardoned", ",".join(f"Person {letter}" for letter in "abcdefghijklmnopqrstu"), "21 names for 20"),
    ],
)
async def test_what_cannot_be_is_refused_on_trial_and_in_earnest(
    redis: Redis, road: Road, desk: Desk, status: Status, field: str, value: str, says: str
) -> None:
    story = await road.told(WOMEN)
    await road.decide(story, lambda one: _with_status(one, status))
    before = await everything(redis)
    for one in (desk.on_trial(), desk):
        with pytest.raises(UnusableCorrection, match=says):
            await one.correct(MARIA, story, read_correction_request(field, value), "misread")
    assert await everything(redis) == before


@pytest.mark.parametrize(
    ("facts", "says"),
    [({"women": 30}, "women: 30 is more than the 20 pardoned"), ({"occurred_on": "2025-01-02"}, "is still to come")],
)
async def test_what_cannot_be_is_not_approved_before_it_is_corrected(
    redis: Redis, road: Road, desk: Desk, facts: dict[str, Any], says: str
) -> None:
    story = await road.told(PARDON)
    await road.decide(story, lambda one: Step(hold(_saying(one, facts), "implausible_number", now())))
    before = await everything(redis)
    for one in (desk.on_trial(), desk):
        with pytest.raises(WrongState, match=says):
            await one.approve(MARIA, story)
    assert await everything(redis) == before
    (field,) = facts
    right = {"women": "11", "occurred_on": "2024-12-27"}[field]
    await desk.correct(MARIA, story, read_correction_request(field, right), "misread")
    assert (await desk.approve(MARIA, story)).events


async def test_what_readers_were_told_already_does_not_stand_in_the_way_of_mending_something_else(
    road: Road, desk: Desk
) -> None:
    story = await road.told(PARDON)
    await road.decide(story, lambda one: Step(_saying(one, {"women": 30, "revision": 2}), publish=True))
    assert (await desk.correct(MARIA, story, read_correction_request("chronically_ill", "3"), "left out")).events
    assert (await desk.retract(MARIA, story, "a hoax")).events


@pytest.mark.parametrize("verb", ["hold", "retract"])
async def test_a_reason_that_readers_cannot_be_given_is_refused(road: Road, desk: Desk, verb: str) -> None:
    story = await road.told(PARDON)
    for reason in ("a hoax\r\nBcc: x", "<b>a hoax</b>", "=?utf-8?q?=0D=0ABcc:?="):
        with pytest.raises(UnusableReason):
            await getattr(desk, verb)(MARIA, story, reason)
    assert (await road.story(story)).state == "open"


@pytest.fixture
def desk_app(redis: Redis, road: Road, desk: Desk) -> Starlette:
    def now() -> float:
        return road.at

    metrics = Metrics()
    parts = DeskHandlers(
        desk=desk,
        stories=Stories(redis),
        reports=Reports(redis),
        removals=Removals(redis),
        evidence=EvidenceStore(redis),
        audit=Audit(redis),
        alarms=Alarms(redis, metrics, now),
        idempotency=Idempotency(redis),
        metrics=metrics,
        keeper=Gates(metrics).operators({"maria": TOKEN}),
        now=now,
    )
    return web_app(desk_routes(parts))


async def ask(app: Starlette, path: str, body: Any, **headers: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {TOKEN}", **headers}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest.example.org") as client:
        return await client.post(f"/v1/desk/stories/{path}", json=body, headers=headers)


CORRECTION = {"field": "pardoned", "value": 22, "reason": "misread"}


async def test_a_dry_run_over_http_gives_event_and_difference_and_writes_nothing(
    redis: Redis, road: Road, desk_app: Starlette
) -> None:
    story = await road.told(PARDON)
    before = await everything(redis)
    answer = await ask(desk_app, f"{story}/correct?dry_run=true", CORRECTION, **{"idempotency-key": "k1"})
    assert await everything(redis) == before
    said = answer.json()
    assert (answer.status_code, said["dry_run"]) == (200, True)
    assert said["stories"] == [{"id": story, "state": "open", "merged_into": None}]
    assert said["difference"] == [{"story": story, "field": "pardoned", "before": 20, "after": 22}]
    (event,) = said["events"]
    assert (event["id"], event["specversion"], event["data"]["headline_facts"]["pardoned"]) == (
        f"{story}-r2",
        "1.0",
        22,
    )

    done = await ask(desk_app, f"{story}/correct", CORRECTION, **{"if-match": answer.headers["etag"]})
    assert done.json()["events"] == [f"{story}-r2"]
    (published,) = (await road.events())[1:]
    assert json.loads(encode_event(published))["data"] == event["data"]


async def test_over_http_what_was_not_shown_is_not_done_where_that_is_asked_for(
    redis: Redis, road: Road, desk_app: Starlette
) -> None:
    story = await road.told(PARDON)
    shown = (await ask(desk_app, f"{story}/correct?dry_run=true", CORRECTION)).headers["etag"]
    await road.read(WOMEN)
    before = await everything(redis)
    refused = await ask(desk_app, f"{story}/correct", CORRECTION, **{"if-match": shown})
    assert (refused.status_code, refused.json()["type"]) == (412, "urn:vestka:problem:changed-meanwhile")
    assert await everything(redis) == before
    shown = (await ask(desk_app, f"{story}/hold?dry_run=true", {"reason": "x"})).headers["etag"]
    for condition in (f'"another", {shown}', "*"):
        held = await ask(desk_app, f"{story}/hold", {"reason": "x"}, **{"if-match": condition})
        assert held.status_code == 200


@pytest.mark.parametrize("query", ["dry_run=yes", "dry_run=", "dry_run=true&dry_run=false", "dry_run=True"])
async def test_a_dry_run_that_is_mistyped_is_none_of_the_two(
    redis: Redis, road: Road, desk_app: Starlette, query: str
) -> None:
    story = await road.told(PARDON)
    before = await everything(redis)
    answer = await ask(desk_app, f"{story}/retract?{query}", {"reason": "a hoax"})
    assert (answer.status_code, "true or false" in answer.json()["detail"]) == (400, True)
    assert await everything(redis) == before


@pytest.mark.parametrize(
    ("verb", "body", "says"),
    [
        ("correct", {"field": "occurred_on", "value": "2031-01-01", "reason": "x"}, "occurred_on: 2031-01-01 is still"),
        ("correct", {"field": "women", "value": 30, "reason": "x"}, "women: 30 is more than the 20 pardoned"),
        (
            "correct",
            {"field": "pardoned", "value": 1001, "reason": "x"},
            "pardoned: give a whole number from 1 to 1,000",
        ),
        ("correct", {"field": "place", "value": "Minsk\r\nBcc: x", "reason": "x"}, "place: it has a line break"),
        ("correct", {"field": "pardoned", "value": 22, "reason": "x\ny"}, "reason: it has a line break"),
        ("hold", {"reason": "<b>"}, "reason: it has markup"),
    ],
)
@pytest.mark.parametrize("query", ["", "?dry_run=true"])
async def test_what_cannot_be_is_refused_over_http_with_the_field_and_what_to_do(
    road: Road, desk_app: Starlette, verb: str, body: Any, says: str, query: str
) -> None:
    answer = await ask(desk_app, f"{await road.told(PARDON)}/{verb}{query}", body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert says in answer.json()["detail"]
    assert len(await road.events()) == 1


def _with_status(story: Story, status: Status) -> Step:
    return Step(msgspec.structs.replace(story, status=status))


def _saying(story: Story, facts: dict[str, Any]) -> Story:
    revision = facts.get("revision", story.revision)
    changed = {name: value for name, value in facts.items() if name != "revision"}
    numbers = {name: value for name, value in changed.items() if isinstance(value, int)}
    said = tuple(
        msgspec.structs.replace(story.claims[0], field=name, value=value, scope="act")
        for name, value in numbers.items()
    )
    day = changed.get("occurred_on", story.occurred_on)
    accounts = tuple(msgspec.structs.replace(account, occurred_on=day) for account in story.accounts)
    saying = msgspec.structs.replace(story, claims=(*story.claims, *said), accounts=accounts)
    return msgspec.structs.replace(derived(saying), revision=revision)
