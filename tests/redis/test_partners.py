"""What partners hand in: whose it is, who may ask for it, how often they may come, and what is remembered of that."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from structlog.testing import capture_logs

from services.contract import ITEMS_STREAM, PartyClass
from services.ingest.intake import decode_item
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, Results
from services.operations.audit import AUDIT, REPORTS_AUDIT, Audit
from services.runtime.streams import entries_between
from tests.partner_routes import EMBASSY, NEWSROOM, Gates, asking

REPORT = {"text": "Twenty people were pardoned.", "source": "A newsroom"}


@pytest.fixture
def gates() -> Gates:
    return Gates()


@pytest.fixture
def door(redis: Redis, gates: Gates) -> Starlette:
    return gates.partners(redis)


async def post(
    door: Starlette, body: dict[str, Any], token: str = NEWSROOM, host: str = "192.0.2.7", **headers: str
) -> httpx.Response:
    async with asking(door, token, host) as client:
        return await client.post("/v1/reports", json=body, headers=headers)


async def items(redis: Redis) -> list[Item]:
    return [decode_item(one.fields["item"]) for one in await entries_between(redis, ITEMS_STREAM)]


# ── whose it is ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_report_is_of_the_partner_whose_token_came_with_it(redis: Redis, door: Starlette) -> None:
    answer = await post(door, REPORT | {"source": "BelTA"})
    assert (answer.status_code, answer.json()["duplicate"]) == (202, False)
    (item,) = await items(redis)
    assert (item.source_id, item.source_name, item.outlet) == ("partner:newsroom", "newsroom", "partner:newsroom")
    assert (item.source_class, item.speaks_for, item.claims_to_be) == (PartyClass.MEDIA, None, "BelTA")


async def test_one_text_of_two_partners_is_two_reports_of_which_each_sees_its_own(
    redis: Redis, door: Starlette
) -> None:
    own = (await post(door, REPORT)).json()
    other = (await post(door, REPORT, EMBASSY)).json()
    assert own["id"] != other["id"]
    assert (own["duplicate"], other["duplicate"]) == (False, False)
    async with asking(door, EMBASSY) as client:
        assert (await client.get(f"/v1/reports/{other['id']}")).status_code == 200
        refused, unknown = await client.get(f"/v1/reports/{own['id']}"), await client.get("/v1/reports/it-unknown")
    assert (refused.status_code, refused.json()) == (404, unknown.json())


async def test_what_a_source_of_ours_gave_is_no_partners_to_ask_for(redis: Redis, door: Starlette) -> None:
    await Results(redis).put("it-of-a-source", ReadResult(state="read", outcome="nothing"))
    async with asking(door) as client:
        assert (await client.get("/v1/reports/it-of-a-source")).status_code == 404


async def test_one_idempotency_key_may_be_used_by_two_partners(door: Starlette) -> None:
    key = {"idempotency-key": "monday-1"}
    assert (await post(door, REPORT, **key)).status_code == 202
    assert (await post(door, REPORT | {"text": "Another text."}, EMBASSY, **key)).status_code == 202
    assert (await post(door, REPORT | {"text": "Another text."}, **key)).status_code == 422


async def test_the_audit_knows_who_sent_what_and_keeps_it_apart_from_decisions(redis: Redis, door: Starlette) -> None:
    first = (await post(door, REPORT | {"source": "БелТА"})).json()["id"]
    await post(door, REPORT | {"source": "БелТА"})
    second = (await post(door, REPORT, EMBASSY)).json()["id"]
    entries = await Audit(redis).entries(of=REPORTS_AUDIT)
    assert [(entry.who, entry.what, entry.story, entry.detail, entry.via) for entry in entries] == [
        ("partner:newsroom", "report", first, "claims to be belta", "http"),
        ("partner:embassy", "report", second, "", "http"),
    ]
    assert entries[0].at == "2024-12-28T10:15:00.000Z"
    assert await Audit(redis).entries(of=AUDIT) == []


async def test_a_name_that_only_came_in_stands_in_no_audit_and_in_no_log(redis: Redis, door: Starlette) -> None:
    with capture_logs() as logs:
        await post(door, REPORT | {"source": "Somebody Private"})
    assert "Somebody" not in str(logs) + str(await redis.xrange(REPORTS_AUDIT))
    assert [line["partner"] for line in logs if line["event"] == "report_accepted"] == ["newsroom"]


async def test_a_partner_is_told_that_a_name_it_sent_is_another_partys(door: Starlette) -> None:
    for source, told in (("Sample  Wіre", "sample-wire"), ("A newsroom", None)):
        item_id = (await post(door, {"text": source, "source": source})).json()["id"]
        async with asking(door) as client:
            assert (await client.get(f"/v1/reports/{item_id}")).json().get("claims_to_be") == told


# ── how often ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_partner_that_floods_has_to_wait_and_no_other_does(redis: Redis, gates: Gates) -> None:
    door = gates.partners(redis, burst=3)
    sent = [await post(door, {"text": f"Text {number}.", "source": "s"}) for number in range(5)]
    assert [one.status_code for one in sent] == [202, 202, 202, 429, 429]
    assert sent[3].json()["type"] == "urn:vestka:problem:too-many-reports"
    assert sent[3].headers["retry-after"] == "1"
    assert (await post(door, REPORT, EMBASSY)).status_code == 202
    assert gates.refused("reports", "too_many") == 2
    gates.at += 1.0
    assert (await post(door, REPORT)).status_code == 202
    assert (await post(door, REPORT)).status_code == 429


async def test_a_partner_that_never_stops_has_an_end_every_day(redis: Redis, gates: Gates) -> None:
    door = gates.partners(redis, a_day=10)
    answers = []
    for number in range(14):
        gates.at += 30.0
        answers.append(await post(door, {"text": f"Text {number}.", "source": "s"}))
    assert [one.status_code for one in answers] == [202] * 10 + [429] * 4
    assert int(answers[-1].headers["retry-after"]) > 3600
    gates.at += 24 * 3600
    assert (await post(door, REPORT)).status_code == 202


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [({"text": ""}, 422, "report"), ({"text": "x" * 1_000_001, "source": "s"}, 413, "too_large")],
)
async def test_what_is_refused_counts_too(
    redis: Redis, gates: Gates, body: dict[str, Any], status: int, reason: str
) -> None:
    door = gates.partners(redis, burst=2)
    assert [(await post(door, body)).status_code for _ in range(3)] == [status, status, 429]
    assert gates.refused("reports", reason) == 2


async def test_a_heavy_body_counts_as_several(redis: Redis, gates: Gates) -> None:
    door = gates.partners(redis, burst=10)
    assert (await post(door, REPORT | {"text": "x" * 500_000})).status_code == 202
    assert (await post(door, REPORT)).status_code == 429


async def test_what_fails_on_our_side_is_not_held_against_the_partner(redis: Redis, gates: Gates) -> None:
    door = gates.partners(redis, burst=2)
    await redis.set(ITEMS_STREAM, "in the way of a stream")
    assert [(await post(door, REPORT)).status_code for _ in range(4)] == [500] * 4
    await redis.delete(ITEMS_STREAM)
    assert (await post(door, REPORT)).status_code == 202


async def test_asking_what_became_of_a_report_is_not_sending_one(redis: Redis, gates: Gates) -> None:
    door = gates.partners(redis, burst=1)
    item_id = (await post(door, REPORT)).json()["id"]
    async with asking(door) as client:
        assert {(await client.get(f"/v1/reports/{item_id}")).status_code for _ in range(20)} == {200}


# ── what became of it ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_sender_can_ask_what_became_of_a_report(redis: Redis, door: Starlette) -> None:
    item_id = (await post(door, {"text": "Twenty people were pardoned.", "source": "A newsroom"})).json()["id"]
    await Results(redis).put(item_id, ReadResult(state="read", outcome="nothing"))
    async with asking(door) as client:
        asked = await client.get(f"/v1/reports/{item_id}")
        assert asked.json() == {"id": item_id, "state": "read", "outcome": "nothing"}
        assert (await client.get("/v1/reports/it-unknown")).status_code == 404


async def test_a_report_that_is_not_yet_read_is_said_to_be_accepted(door: Starlette) -> None:
    item_id = (await post(door, {"text": "Twenty people were pardoned.", "source": "A newsroom"})).json()["id"]
    async with asking(door) as client:
        assert (await client.get(f"/v1/reports/{item_id}")).json() == {"id": item_id, "state": "accepted"}


async def test_the_same_report_again_is_answered_the_same_and_read_once(redis: Redis, door: Starlette) -> None:
    body = {"text": "Twenty people were pardoned.", "source": "A newsroom"}
    first, again = await post(door, body), await post(door, body)
    assert again.status_code == 202
    assert again.json() == {"id": first.json()["id"], "duplicate": True}
    assert len(await items(redis)) == 1


async def test_an_idempotency_key_stands_for_one_body(redis: Redis, door: Starlette) -> None:
    body = {"text": "Twenty people were pardoned.", "source": "A newsroom"}
    other = body | {"text": "Twenty-two people were pardoned."}
    key = {"idempotency-key": "monday-1"}
    assert (await post(door, body, **key)).status_code == 202
    assert (await post(door, body, **key)).json()["duplicate"] is True
    refused = await post(door, other, **key)
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:vestka:problem:idempotency-key-reused"
    assert len(await items(redis)) == 1
    assert (await post(door, other, **{"idempotency-key": "monday-2"})).status_code == 202


async def test_a_key_is_kept_as_a_hash_and_for_a_day(redis: Redis, door: Starlette) -> None:
    await post(door, {"text": "A text.", "source": "A newsroom"}, **{"idempotency-key": "a-secret-of-theirs"})
    (key,) = [key async for key in redis.scan_iter("vestka:idempotency:*")]
    assert "a-secret-of-theirs" not in key
    assert 0 < await redis.ttl(key) <= 86_400


async def test_a_report_without_the_token_leaves_nothing(redis: Redis, door: Starlette) -> None:
    answer = await post(door, {"text": "A text.", "source": "A newsroom"}, token="guessed")
    assert answer.status_code == 401
    assert await redis.dbsize() == 0
