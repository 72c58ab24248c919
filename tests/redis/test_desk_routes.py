"""The desk over HTTP: who may, what they see, and how it says no."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from structlog.testing import capture_logs

from services.ingest.desk.decisions import Desk
from services.ingest.desk.routes import DeskHandlers, desk_routes
from services.ingest.evidence import EvidenceStore
from services.ingest.sources.base import Item
from services.ingest.store import Reports, Stories
from services.ingest.watching.removals import Removal, Removals
from services.operations.alarms import Alarms
from services.operations.audit import Audit
from services.runtime.http.idempotency import Idempotency
from services.runtime.http.web import web_app
from services.runtime.metrics import Metrics
from tests.partner_routes import Gates, asking
from tests.redis.ingest_desk import ACTS, ARREST, PARDON, RULES
from tests.redis.ingest_desk import Desk as Road

MARIA, NIGHT = "a-token-for-maria-in-this-test", "a-token-for-the-night-in-this-test"
ALONE: Item = replace(
    ARREST,
    body="Six people were detained in Gomel on 27 December 2024 under article 342 of the Criminal Code, Sample Wire "
    "has learnt.",
)
"""One outlet by itself: it waits."""


@pytest.fixture
def road(redis: Redis) -> Road:
    return Road(redis)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def desk_app(redis: Redis, road: Road, metrics: Metrics) -> Starlette:
    return an_app(redis, road, metrics, {"maria": MARIA, "night": NIGHT})


def an_app(redis: Redis, road: Road, metrics: Metrics, tokens: dict[str, str]) -> Starlette:
    return web_app(desk_routes(handlers_of(redis, road, metrics, tokens)))


def handlers_of(redis: Redis, road: Road, metrics: Metrics, tokens: dict[str, str]) -> DeskHandlers:
    def now() -> float:
        return road.at

    return DeskHandlers(
        desk=Desk(road.publisher, now, ACTS, RULES.limits),
        stories=Stories(redis),
        reports=Reports(redis),
        removals=Removals(redis),
        evidence=EvidenceStore(redis),
        audit=Audit(redis),
        alarms=Alarms(redis, metrics, now),
        idempotency=Idempotency(redis),
        metrics=metrics,
        keeper=Gates(metrics).operators(tokens),
        now=now,
    )


async def ask(app: Starlette, path: str, body: Any = None, token: str = MARIA, **headers: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}", **headers}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest.example.org") as client:
        if body is None:
            return await client.get(f"/v1/desk/{path}", headers=headers)
        return await client.post(f"/v1/desk/{path}", json=body, headers=headers)


async def test_what_waits_is_listed_with_its_age(road: Road, desk_app: Starlette) -> None:
    held = await road.read(ALONE)
    assert (held.action, held.reason) == ("hold", "media_origins_only")
    road.at += 4000
    answer = (await ask(desk_app, "stories?state=held")).json()
    assert [(row["id"], row["hold_reason"], row["waiting_seconds"]) for row in answer["data"]] == [
        (held.story, "media_origins_only", 4000)
    ]
    whole = (await ask(desk_app, f"stories/{held.story}")).json()
    assert whole["waiting_since"] == "2024-12-28T13:00:00.000Z"
    assert [(report["source"], report["facts"]["detained"]) for report in whole["reports"]] == [("Sample Wire", 6)]


async def test_a_page_that_its_source_took_away_is_told_beside_the_report(
    redis: Redis, road: Road, desk_app: Starlette
) -> None:
    story = await road.told(PARDON)
    assert PARDON.url
    await Removals(redis).note(Removal(url=PARDON.url, source="sample-wire", at="2024-12-29T08:00:00.000Z"))
    (report,) = (await ask(desk_app, f"stories/{story}")).json()["reports"]
    assert report["source_removed"] == "2024-12-29T08:00:00.000Z"


async def test_a_report_says_where_the_bytes_are_that_it_rests_on_and_for_how_long(
    road: Road, desk_app: Starlette
) -> None:
    story = await road.told(PARDON)
    (report,) = (await ask(desk_app, f"stories/{story}")).json()["reports"]
    evidence = report["evidence"]
    assert evidence["where"] == f"vestka:evidence:{evidence['sha256']}"
    assert evidence["kept_until"] > evidence["fetched"]


async def test_an_operator_decides_and_the_audit_has_the_name_of_the_token(
    road: Road, desk_app: Starlette, metrics: Metrics
) -> None:
    held = await road.read(ALONE)
    answer = await ask(desk_app, f"stories/{held.story}/approve", {"reason": "I asked the editor"}, token=NIGHT)
    assert (answer.status_code, answer.json()["events"]) == (200, [f"{held.story}-r1"])
    (entry,) = (await ask(desk_app, f"audit?story={held.story}")).json()["data"]
    assert (entry["who"], entry["via"], entry["what"], entry["reason"]) == (
        "night",
        "http",
        "approve",
        "I asked the editor",
    )
    assert metrics.registry.get_sample_value("vestka_events_total", {"type": "arrest.reported"}) == 1


async def test_every_verb_has_its_door(road: Road, desk_app: Starlette) -> None:
    story = await road.told(PARDON)
    corrected = await ask(desk_app, f"stories/{story}/correct", {"field": "pardoned", "value": 22, "reason": "misread"})
    assert corrected.json()["events"] == [f"{story}-r2"]
    held = await ask(desk_app, f"stories/{story}/hold", {"reason": "asking"})
    assert held.json()["stories"] == [{"id": story, "state": "held", "merged_into": None}]
    assert held.json()["events"] == [f"{story}-r3"], "who knows it is told not to rely on it"
    (report,) = (await road.story(story)).report_ids
    left = await ask(desk_app, f"stories/{story}/split", {"reports": [report], "reason": "another one"})
    assert left.status_code == 409, "nothing would be left"
    other = str((await road.read(ALONE)).story)
    assert (await ask(desk_app, f"stories/{story}/merge", {"other": other, "reason": "the same"})).status_code == 409
    retracted = await ask(desk_app, f"stories/{story}/retract", {"reason": "a hoax"})
    assert retracted.json()["events"] == [f"{story}-r4"]


async def test_the_same_key_again_gets_the_first_answer_and_does_nothing(road: Road, desk_app: Starlette) -> None:
    story = await road.told(PARDON)
    body = {"reason": "a hoax"}
    first = await ask(desk_app, f"stories/{story}/retract", body, **{"idempotency-key": "k1"})
    again = await ask(desk_app, f"stories/{story}/retract", body, **{"idempotency-key": "k1"})
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(await road.events()) == 2
    reused = await ask(desk_app, f"stories/{story}/retract", {"reason": "else"}, **{"idempotency-key": "k1"})
    assert (reused.status_code, reused.json()["type"]) == (422, "urn:vestka:problem:idempotency-key-reused")
    without = await ask(desk_app, f"stories/{story}/retract", body)
    assert without.status_code == 409


async def test_a_key_whose_decision_was_refused_can_be_used_again(road: Road, desk_app: Starlette) -> None:
    story = await road.told(PARDON)
    key = {"idempotency-key": "k1"}
    assert (await ask(desk_app, f"stories/{story}/approve", {}, **key)).status_code == 409
    await ask(desk_app, f"stories/{story}/hold", {"reason": "asking"})
    assert (await ask(desk_app, f"stories/{story}/approve", {}, **key)).status_code == 200


@pytest.mark.parametrize(
    ("verb", "body", "status", "says"),
    [
        ("approve", {}, 409, "not held"),
        ("retract", {}, 422, "`reason`"),
        ("retract", {"reason": ""}, 422, "$.reason"),
        ("retract", {"reason": " "}, 422, "$.reason"),
        ("retract", {"reason": "x", "more": 1}, 422, "does not take. It needs reason"),
        ("retract", ["x"], 422, "no JSON object"),
        ("correct", {"field": "pardoned", "value": -2, "reason": "x"}, 422, "whole number"),
        ("correct", {"field": "pardoned", "value": 22, "reason": "x", "said_by": "nobody"}, 422, "nobody is known"),
        ("merge", {"other": "pardon-20240101-nobody", "reason": "x"}, 404, "no story"),
        ("applaud", {}, 404, "approve, hold"),
    ],
)
async def test_it_says_no_with_what_to_do(
    road: Road, desk_app: Starlette, verb: str, body: Any, status: int, says: str
) -> None:
    answer = await ask(desk_app, f"stories/{await road.told(PARDON)}/{verb}", body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("path", ["stories", "stories/x", "audit", "alarms"])
async def test_nobody_without_a_token_sees_anything(
    redis: Redis, road: Road, desk_app: Starlette, metrics: Metrics, path: str
) -> None:
    assert (await ask(desk_app, path, token="a guess")).status_code == 401
    assert (await ask(desk_app, path, token="")).headers["www-authenticate"] == "Bearer"
    closed = await ask(an_app(redis, road, metrics, {}), path)
    assert (closed.status_code, "VESTKA_OPERATOR_TOKENS" in closed.json()["detail"]) == (403, True)


async def test_nobody_without_a_token_decides_anything(road: Road, desk_app: Starlette) -> None:
    story = await road.told(PARDON)
    assert (await ask(desk_app, f"stories/{story}/retract", {"reason": "x"}, token="a guess")).status_code == 401
    assert (await road.story(story)).state == "open"


async def test_lists_are_read_page_by_page(road: Road, desk_app: Starlette) -> None:
    told = []
    for item in (PARDON, ARREST):
        told.append(await road.told(item))
        road.at += 60
    first = (await ask(desk_app, "stories?limit=1")).json()
    second = (await ask(desk_app, f"stories?limit=1&iterator={first['iterator']}")).json()
    assert ([first["data"][0]["id"], second["data"][0]["id"]], first["done"], second["done"]) == (
        sorted(told, reverse=False) if first["data"][0]["id"] < second["data"][0]["id"] else sorted(told, reverse=True),
        False,
        True,
    )
    assert (await ask(desk_app, "stories?limit=0")).status_code == 400
    assert (await ask(desk_app, "stories?since=yesterday")).status_code == 400
    for story in told:
        await ask(desk_app, f"stories/{story}/hold", {"reason": "asking"})
    page = (await ask(desk_app, "audit?limit=1")).json()
    rest = (await ask(desk_app, f"audit?iterator={page['iterator']}")).json()
    assert ([one["story"] for one in (*page["data"], *rest["data"])], rest["done"]) == (told, True)


async def test_alarms_are_listed(redis: Redis, desk_app: Starlette, metrics: Metrics) -> None:
    await Alarms(redis, metrics, lambda: 1_735_377_243.0).sound("source", "viasna-en", "it moved")
    (alarm,) = (await ask(desk_app, "alarms")).json()["data"]
    assert (alarm["kind"], alarm["about"], alarm["says"]) == ("source", "viasna-en", "it moved")


async def test_no_token_and_no_reason_is_logged(road: Road, desk_app: Starlette) -> None:
    story = await road.told(PARDON)
    with capture_logs() as lines:
        await ask(desk_app, f"stories/{story}/retract", {"reason": "asked by Ales Bialiatski"})
    assert MARIA not in str(lines)
    assert "Bialiatski" not in str(lines)
    assert [line["who"] for line in lines if line["event"] == "decided"] == ["maria"]


async def test_the_audit_tells_what_partners_sent_where_that_is_asked_for(redis: Redis, desk_app: Starlette) -> None:
    async with asking(Gates().partners(redis)) as client:
        item_id = (await client.post("/v1/reports", json={"text": "A text.", "source": "Viasna"})).json()["id"]
    (entry,) = (await ask(desk_app, "audit?of=reports")).json()["data"]
    assert (entry["who"], entry["what"], entry["story"]) == ("partner:newsroom", "report", item_id)
    assert entry["detail"] == "claims to be viasna"
    assert (await ask(desk_app, "audit")).json()["data"] == []
    wrong = await ask(desk_app, "audit?of=everything")
    assert (wrong.status_code, "decisions, reports" in wrong.json()["detail"]) == (400, True)


async def test_a_flood_of_guesses_is_told_to_wait_and_keeps_no_operator_out(desk_app: Starlette) -> None:
    answers = [await ask(desk_app, "stories", token=f"guess {number}") for number in range(12)]
    assert {one.status_code for one in answers[:10]} == {401}
    assert [(one.status_code, one.headers["retry-after"]) for one in answers[10:]] == [(429, "6")] * 2
    assert (await ask(desk_app, "stories")).status_code == 200
