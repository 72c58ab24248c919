"""What is handed in is accepted once, durably; and the store's small memories beside it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette

from services.contract import ITEMS_STREAM, PartyClass
from services.ingest.intake import Intake, ReportsDoor, decode_item, report_routes
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, Results, item_key
from services.ingest.watching.health import SourceState
from services.ingest.watching.memory import SourceStates
from services.runtime.streams import entries_between
from services.runtime.web import web_app

ITEM = Item(
    source_id="sample",
    source_name="Sample Wire",
    source_class=PartyClass.MEDIA,
    body="Twenty people were pardoned.",
    title="A pardon",
    url="https://sample.example.org/1",
    published=datetime(2024, 12, 28, 9, 0, tzinfo=UTC),
)
TOKEN = "a token for this test"


@pytest.fixture
def door(redis: Redis) -> Starlette:
    door = ReportsDoor(Intake(redis), Results(redis), TOKEN, lambda: 1_735_380_900.0)
    return web_app(report_routes(door))


async def post(door: Starlette, body: dict[str, Any], **headers: str) -> httpx.Response:
    async with asking(door) as client:
        return await client.post("/v1/reports", json=body, headers=headers)


def asking(door: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(door),
        base_url="http://ingest.example.org",
        headers={"authorization": f"Bearer {TOKEN}"},
    )


async def items(redis: Redis) -> list[Item]:
    return [decode_item(one.fields["item"]) for one in await entries_between(redis, ITEMS_STREAM)]


async def test_what_is_accepted_is_on_the_stream_whole_and_its_sender_can_ask_for_it(redis: Redis) -> None:
    accepted = await Intake(redis).accept(ITEM)
    assert not accepted.duplicate
    assert [replace(item, evidence=None) for item in await items(redis)] == [ITEM]
    (entry,) = await entries_between(redis, ITEMS_STREAM)
    assert entry.fields["id"] == accepted.id
    assert await Results(redis).get(accepted.id) == ReadResult(state="accepted")


async def test_the_same_content_again_is_a_duplicate_and_is_not_read_again(redis: Redis) -> None:
    intake = Intake(redis)
    first = await intake.accept(ITEM)
    again = await intake.accept(replace(ITEM, source_id="other", received=datetime(2025, 1, 1, tzinfo=UTC)))
    assert (again.id, again.duplicate) == (first.id, True)
    assert len(await items(redis)) == 1


async def test_a_duplicate_does_not_unmake_what_is_known_of_the_first(redis: Redis) -> None:
    intake, results = Intake(redis), Results(redis)
    accepted = await intake.accept(ITEM)
    read = ReadResult(state="read", outcome="new", story="pardon-20241228-aaaaaa")
    await results.put(accepted.id, read)
    await intake.accept(ITEM)
    assert await results.get(accepted.id) == read


async def test_of_many_who_hand_in_one_text_at_once_one_is_first(redis: Redis) -> None:
    answers = await asyncio.gather(*(Intake(redis).accept(ITEM) for _ in range(10)))
    assert [one.duplicate for one in answers].count(False) == 1
    assert len(await items(redis)) == 1


async def test_an_edited_text_is_another_item(redis: Redis) -> None:
    intake = Intake(redis)
    await intake.accept(ITEM)
    assert not (await intake.accept(replace(ITEM, body="Twenty-two people were pardoned."))).duplicate
    assert len(await items(redis)) == 2


async def test_what_became_of_an_item_is_remembered_for_a_while(redis: Redis) -> None:
    accepted = await Intake(redis).accept(ITEM)
    assert await redis.ttl(item_key(accepted.id)) > 29 * 86_400
    assert await Results(redis).get("it-unknown") is None


async def test_a_report_handed_in_over_http_is_a_partners_and_counts_as_media(redis: Redis, door: Starlette) -> None:
    answer = await post(door, {"text": "Twenty people were pardoned.", "source": "A newsroom"})
    assert answer.status_code == 202
    assert answer.json()["duplicate"] is False
    (item,) = await items(redis)
    assert (item.source_id, item.source_name, item.source_class) == ("partner", "A newsroom", PartyClass.MEDIA)


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
    answer = await post(door, {"text": "A text.", "source": "A newsroom"}, authorization="Bearer guessed")
    assert answer.status_code == 401
    assert await redis.dbsize() == 0


async def test_the_state_of_a_source_and_its_pause_are_kept(redis: Redis) -> None:
    states = SourceStates(redis)
    assert await states.load("sample") == SourceState()
    await states.save("sample", SourceState(failures=3))
    await states.pause("sample")
    again = SourceStates(redis)
    assert (await again.load("sample")).failures == 3
    assert await again.is_paused("sample")
    assert not await again.is_paused("other")
    await again.resume("sample")
    assert not await states.is_paused("sample")
