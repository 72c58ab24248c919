"""`POST /v1/reports`, as far as it never reaches the store: what is wrong is said before anything is written."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from services.contract import PartyClass
from services.ingest.intake import (
    MOST_BYTES,
    Intake,
    ReportsDoor,
    Submission,
    UndecodableItem,
    decode_entry,
    decode_item,
    id_of,
    report_routes,
    to_item,
)
from services.ingest.sources.base import Item
from services.ingest.store import Results
from services.runtime.streams import Entry, open_redis
from services.runtime.web import web_app

TOKEN = "a token for this test"
RECEIVED = datetime(2024, 12, 28, 12, 0, tzinfo=UTC)
ITEM = Item(source_id="sample", source_name="Sample Wire", source_class=PartyClass.MEDIA, body="A text.", title="T")


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with door(tmp_path, TOKEN) as asking:
        yield asking


def door(folder: Path, token: str | None) -> httpx.AsyncClient:
    redis = open_redis(f"unix://{folder / 'no-server-here'}")
    routes = report_routes(ReportsDoor(Intake(redis), Results(redis), token, RECEIVED.timestamp))
    return httpx.AsyncClient(transport=httpx.ASGITransport(web_app(routes)), base_url="http://ingest.example.org")


def bearing(token: str = TOKEN) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_the_id_is_of_the_content_and_not_of_who_brought_it() -> None:
    assert id_of(ITEM) == id_of(replace(ITEM, source_id="other", received=RECEIVED, solicited=True))
    assert id_of(ITEM).startswith("it-")


@pytest.mark.parametrize(
    "other",
    [
        replace(ITEM, body="Another text."),
        replace(ITEM, title="Another"),
        replace(ITEM, title=None),
        replace(ITEM, url="https://sample.example.org/1"),
        replace(ITEM, title="T\x1fA text.", body=""),
    ],
)
def test_other_content_is_another_item(other: Item) -> None:
    assert id_of(other) != id_of(ITEM)


def test_text_that_cannot_be_encoded_has_an_id_all_the_same() -> None:
    assert id_of(replace(ITEM, body="\ud800")) != id_of(ITEM)


def test_an_item_survives_the_stream() -> None:
    item = replace(ITEM, published=RECEIVED, as_of=RECEIVED.date(), language="be", solicited=True)
    assert decode_item(msgspec.json.encode(item).decode()) == item


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"item": "{}"}, "no field 'id'"),
        ({"id": "it-1"}, "no field 'item'"),
        ({"id": "it-1", "item": "{not json"}, "no JSON"),
        ({"id": "it-1", "item": "[]"}, "no JSON"),
        ({"id": "it-1", "item": '{"source_id": "a"}'}, "no JSON"),
        ({"id": "it-1", "item": '{"source_id": 5}'}, r"wrong at `\$.source_id`"),
        ({"id": "it-1", "item": '{"x": ' + "[" * 100_000}, "no JSON"),
    ],
)
def test_an_entry_that_is_no_item_says_where_and_never_what(fields: dict[str, str], where: str) -> None:
    with pytest.raises(UndecodableItem, match=where):
        decode_entry(Entry("vestka:items", "1-1", fields))


def test_an_entry_gives_the_item_and_its_id() -> None:
    fields = {"id": "it-1", "item": msgspec.json.encode(ITEM).decode()}
    assert decode_entry(Entry("vestka:items", "1-1", fields)) == ("it-1", ITEM)


def test_a_partner_vouches_for_the_text_and_not_for_its_class() -> None:
    item = to_item(Submission(text="A text.", source="The president's website", html=True), RECEIVED)
    assert (item.source_class, item.source_id) == (PartyClass.MEDIA, "partner")
    assert (item.media_type, item.received, item.solicited) == ("text/html", RECEIVED, True)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Bearer guessed",
        "Bearer ",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer \xe9",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_without_the_token_nothing_is_taken_and_nothing_told(
    client: httpx.AsyncClient, authorization: str | None, method: str
) -> None:
    headers = {} if authorization is None else {b"authorization": authorization.encode("latin-1")}
    path = "/v1/reports" if method == "POST" else "/v1/reports/it-1"
    answer = await client.request(method, path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:vestka:problem:token"
    assert TOKEN not in answer.text


async def test_a_door_without_a_token_is_closed_to_everybody(tmp_path: Path) -> None:
    async with door(tmp_path, None) as client:
        for header in (bearing("None"), bearing("x"), {}):
            assert (await client.post("/v1/reports", headers=header)).status_code == 401


GOOD: dict[str, Any] = {"text": "A text.", "source": "A newsroom"}
WRONG: dict[str, list[Any]] = {
    "text": [
        {"source": "A newsroom"},
        GOOD | {"text": ""},
        GOOD | {"text": 5},
        GOOD | {"text": None},
    ],
    "source": [{"text": "A text."}, GOOD | {"source": ""}, GOOD | {"source": "s" * 301}],
    "title": [GOOD | {"title": "t" * 1001}],
    "url": [GOOD | {"url": "ftp://example.org"}, GOOD | {"url": "javascript:alert(1)"}, GOOD | {"url": "h" * 2001}],
    "published": [
        GOOD | {"published": "2024-12-28T12:00:00"},
        GOOD | {"published": "yesterday"},
        GOOD | {"published": 1},
        GOOD | {"published": "9999-12-31T23:59:59Z"},
        GOOD | {"published": "9999-12-31T23:59:59-12:00"},
        GOOD | {"published": "0001-01-01T00:00:00Z"},
        GOOD | {"published": "0001-01-01T00:00:00+03:00"},
        GOOD | {"published": "1970-01-01T00:00:00Z"},
    ],
    "language": [GOOD | {"language": "English"}, GOOD | {"language": "EN"}],
    "html": [GOOD | {"html": "yes"}],
    "object": [[], "text", 5, None],
    "source_class": [GOOD | {"source_class": "official"}],
}


@pytest.mark.parametrize(("field", "body"), [(field, body) for field, bodies in WRONG.items() for body in bodies])
async def test_a_body_that_cannot_be_taken_is_told_which_field_and_what_to_do(
    client: httpx.AsyncClient, field: str, body: Any
) -> None:
    answer = await client.post("/v1/reports", content=json.dumps(body).encode(), headers=bearing())
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["status"]) == ("urn:vestka:problem:report", 422)
    assert field in problem["detail"].partition(". The body is")[0]
    assert "may have 'title'" in problem["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"text=A+text", b"[" * 100_000, b'{"text": "\xff"}'])
async def test_what_is_no_json_is_said_to_be_none(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/v1/reports", content=body, headers=bearing())
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:vestka:problem:report"


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_beyond_the_limit_is_not_read_to_its_end(client: httpx.AsyncClient, declared: bool) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10 * MOST_BYTES:
            sent += 100_000
            yield b"a" * 100_000

    length = {"content-length": "10"} if declared else {}
    answer = await client.post("/v1/reports", content=endless(), headers=bearing() | length)
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:vestka:problem:too-large"
