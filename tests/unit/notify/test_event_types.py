"""What partners are told of the types of events: where `dataschema` leads there is the schema of the data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import jsonschema
import pytest

from services.contract import EventType
from services.notify.content.example_events import example_events
from services.notify.event_types import event_type_routes
from services.notify.schema_prints import example_body
from services.runtime.http.web import web_app
from tests.letters import renderer_at


@pytest.fixture
async def partner() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(web_app(event_type_routes()))
    async with httpx.AsyncClient(transport=transport, base_url="https://alerts.vestka.example") as client:
        yield client


async def test_every_type_is_listed_with_what_it_means(partner: httpx.AsyncClient) -> None:
    listed = (await partner.get("/v1/event-types")).json()["data"]
    assert [one["name"] for one in listed] == [one.value for one in EventType]
    assert all(one["description"] and one["dataschema"].endswith(f"{one['name']}/schema") for one in listed)


@pytest.mark.parametrize("name", example_events())
async def test_the_address_in_an_event_answers_with_the_schema_that_its_data_fits(
    partner: httpx.AsyncClient, name: str
) -> None:
    body = example_body(example_events()[name], renderer_at())
    answer = await partner.get(urlsplit(body["dataschema"]).path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
    schema: dict[str, Any] = answer.json()
    jsonschema.Draft202012Validator(schema).validate(body["data"])
    assert schema["$id"] == urlsplit(body["dataschema"]).path


@pytest.mark.parametrize("event_type", EventType)
async def test_a_type_tells_the_whole_body_and_shows_one(partner: httpx.AsyncClient, event_type: EventType) -> None:
    told = (await partner.get(f"/v1/event-types/{event_type}")).json()
    jsonschema.Draft202012Validator(told["schema"]).validate(told["example"])
    assert told["example"]["type"] == told["name"] == event_type.value


@pytest.mark.parametrize("path", ["pardon", "PARDON.ANNOUNCED", "..%2f..%2fevent", "x" * 9000, "%00", "event"])
@pytest.mark.parametrize("ending", ["", "/schema"])
async def test_no_other_name_answers(partner: httpx.AsyncClient, path: str, ending: str) -> None:
    answer = await partner.get(f"/v1/event-types/{path}{ending}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
