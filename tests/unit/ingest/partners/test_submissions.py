"""`POST /v1/reports`, as far as it never reaches the store: what is wrong is said before anything is written."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contract import PartyClass
from services.ingest.partners.submission import MOST_BYTES, Submission, read_submission, to_item
from services.runtime.http.web import Problem
from services.runtime.streams import open_redis
from tests.partner_routes import NEWSROOM, Gates, asking

TOKEN = NEWSROOM
RECEIVED = datetime(2024, 12, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with door(tmp_path, {"newsroom": TOKEN}) as asking_it:
        yield asking_it


def door(folder: Path, tokens: dict[str, str]) -> httpx.AsyncClient:
    redis = open_redis(f"unix://{folder / 'no-server-here'}")
    return asking(Gates().partners(redis, tokens, burst=1000), token=None)


def bearing(token: str = TOKEN) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_the_source_is_the_partner_and_what_the_text_says_of_itself_is_a_claim() -> None:
    item = to_item(Submission(text="A text.", source="The president's website", html=True), "newsroom", RECEIVED)
    assert (item.source_id, item.source_name, item.outlet) == ("partner:newsroom", "newsroom", "partner:newsroom")
    assert (item.source_class, item.speaks_for) == (PartyClass.MEDIA, None)
    assert item.claims_to_be == "The president's website"
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
    async with door(tmp_path, {}) as client:
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


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'\xef\xbb\xbf{"text": "t", "source": "s"}', "t"),
        ('{"text": "t", "source": "s"}'.encode("utf-16"), "t"),
        (b'{"text": "cut \\ud83d", "source": "s"}', "cut \ufffd"),
        (b'{"text": "\\ude00 cut", "source": "s"}', "\ufffd cut"),
        (b'{"text": "whole \\ud83d\\ude00", "source": "s"}', "whole \U0001f600"),
        (b'{"text": "a word \\\\ud83d", "source": "s"}', "a word \\ud83d"),
        (b'{"text": "t", "source": "s", "url": "", "title": "", "language": "", "published": ""}', "t"),
        (b'{"text": "t", "source": "s", "url": null, "title": null}', "t"),
    ],
)
def test_a_report_is_read_as_programs_write_it(body: bytes, text: str) -> None:
    read = read_submission(body)
    assert (read.text, read.url, read.published) == (text, None, None)


@pytest.mark.parametrize(
    "body", [b'{"text": "", "source": "s"}', b'{"text": "t", "source": ""}', b'"\\ud83d"', b"\xff\xfe{"]
)
def test_what_a_report_needs_may_not_be_empty(body: bytes) -> None:
    with pytest.raises(Problem):
        read_submission(body)
