"""Every event of the road, as a webhook says it, fits its type's schema; what no webhook may say does not."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, Final

import jsonschema
import pytest

from services.contract import EventType
from services.notify.channels.webhook.body_schema import body_schema_of, data_schema_of, webhook_schema
from services.notify.channels.webhook.schema_words import FACTS, MEANINGS
from services.notify.content.example_events import example_events, example_of
from services.notify.schema_prints import example_body
from tests.letters import renderer_at

RENDERER = renderer_at()
BODIES: Final[dict[str, dict[str, Any]]] = {
    name: example_body(event, RENDERER) for name, event in example_events().items()
}
OF_TYPE: Final = {one: example_body(example_of(one), RENDERER) for one in EventType}
DAY: Final = "2024-12-28"


def check(schema: dict[str, Any], document: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(document)


def parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for inner in schema.values():
            yield from parts_of(inner)


@pytest.mark.parametrize("name", BODIES)
def test_a_body_fits_the_schema_of_all_of_its_type_and_of_its_data(name: str) -> None:
    body = BODIES[name]
    event_type = EventType(body["type"])
    check(webhook_schema(), body)
    check(body_schema_of(event_type), body)
    check(data_schema_of(event_type), body["data"])


@pytest.mark.parametrize("event_type", EventType)
def test_the_example_in_a_schema_fits_it(event_type: EventType) -> None:
    schema = data_schema_of(event_type, OF_TYPE[event_type]["data"])
    [example] = schema["examples"]
    check(schema, example)


@pytest.mark.parametrize("event_type", EventType)
def test_what_is_added_later_still_fits(event_type: EventType) -> None:
    data = {**OF_TYPE[event_type]["data"], "told_in_a_later_version": {"anything": [1]}}
    check(data_schema_of(event_type), data)
    assert not [part for part in parts_of(data_schema_of(event_type)) if part.get("additionalProperties") is False]


@pytest.mark.parametrize("event_type", [EventType.STORY_RETRACTED, EventType.STORY_HELD])
def test_what_takes_an_alert_back_carries_the_old_headline_and_no_fact(event_type: EventType) -> None:
    data = OF_TYPE[event_type]["data"]
    facts = ("headline_facts", "values", "claims", "persons", "sources", "place", "occurred_on", "certainty", "changes")
    withdrawn = RENDERER.render(
        example_of(event_type), channel="webhook", parts=(), language="en", mode="plain"
    ).headline
    assert withdrawn
    assert data["texts"]["en"]["withdrawn"] == withdrawn
    assert not data.keys() & set(facts)
    for name in facts:
        with pytest.raises(jsonschema.ValidationError):
            check(data_schema_of(event_type), {**data, name: OF_TYPE[EventType.PARDON_UPDATED]["data"].get(name, {})})


@pytest.mark.parametrize("event_type", [one for one in EventType if one.value.startswith(("pardon.", "arrest."))])
@pytest.mark.parametrize("missing", ["story_id", "revision", "texts", "disputed", "certainty", "headline_facts"])
def test_what_every_announcement_says_may_not_be_missing(event_type: EventType, missing: str) -> None:
    data = {name: value for name, value in OF_TYPE[event_type]["data"].items() if name != missing}
    with pytest.raises(jsonschema.ValidationError):
        check(data_schema_of(event_type), data)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("occurred_on",), "28.12.2024"), (("story_id",), "a.b"), (("kind",), "arrest"), (("certainty",), "sure"),
        (("status",), "real"), (("revision",), 0), (("disputed",), "pardoned"), (("url",), None),
        (("headline_facts", "pardoned"), -1), (("claims", 0, "span"), [1]), (("claims", 0, "said_by"), {"id": "x"}),
        (("sources", 0, "published"), "yesterday"), (("persons", 0, "role"), "freed"), (("texts",), {}),
    ],
)  # fmt: skip
def test_a_value_of_another_form_does_not_fit(path: tuple[str | int, ...], value: Any) -> None:
    data = copy.deepcopy(OF_TYPE[EventType.PARDON_ANNOUNCED]["data"])
    part: Any = data
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        check(data_schema_of(EventType.PARDON_ANNOUNCED), data)


def test_every_value_of_an_enumeration_is_explained() -> None:
    for enum, meanings in MEANINGS.items():
        assert set(meanings) == set(enum)
    for part in parts_of(webhook_schema()):
        if len(part.get("enum", [])) > 1:
            assert all(f"{value}: " in part["description"] for value in part["enum"]), part


def test_no_fact_is_explained_that_there_is_not() -> None:
    assert not FACTS.keys() - webhook_schema()["$defs"]["Facts"]["properties"].keys()


def every_key(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from part
        for inner in part.values():
            yield from every_key(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from every_key(inner)


@pytest.mark.parametrize("name", BODIES)
def test_a_day_and_a_place_stand_once_and_nobody_is_matched_by_our_key(name: str) -> None:
    keys = list(every_key(BODIES[name]))
    assert keys.count("occurred_on") <= 1
    assert keys.count("place") <= 1
    assert "key" not in keys
    assert "attribution" not in keys


@pytest.mark.parametrize("name", BODIES)
def test_whoever_speaks_is_a_party_that_the_body_names_once(name: str) -> None:
    data = BODIES[name]["data"]
    spoken = {
        one["said_by"] for part in ("claims", "persons", "changes") for one in data.get(part, []) if "said_by" in one
    }
    spoken |= {party for value in data.get("values", []) for party in value["said_by"]}
    spoken |= {source["origin"] for source in data.get("sources", []) if "origin" in source}
    assert spoken == set(data.get("parties", {}))


@pytest.mark.parametrize("name", BODIES)
def test_every_fact_of_the_headline_is_a_value_that_somebody_says(name: str) -> None:
    data = BODIES[name]["data"]
    stated = {(one["field"], repr(one["value"])) for one in data.get("values", [])}
    assert {(field, repr(value)) for field, value in data.get("headline_facts", {}).items()} <= stated


def test_two_accounts_stand_side_by_side_and_are_said_to_differ() -> None:
    data = BODIES["arrest"]["data"]
    numbers = {(one["value"], *one["said_by"]) for one in data["values"] if one["field"] == "detained"}
    assert numbers == {(12, "viasna"), (14, "kgb")}
    assert data["disputed"] == ["detained"]
    assert BODIES["pardon"]["data"]["disputed"] == []


def test_an_update_says_its_changes_in_every_language() -> None:
    texts = BODIES["pardon_update"]["data"]["texts"]
    assert set(texts) == set(RENDERER.languages)
    assert all(words["changes"] for words in texts.values())
    assert all(not words["changes"] for words in BODIES["pardon"]["data"]["texts"].values())


@pytest.mark.parametrize("name", BODIES)
def test_a_body_names_the_story_s_page_and_where_its_schema_is(name: str) -> None:
    body = BODIES[name]
    assert body["data"]["url"] == f"https://vestka.example/s/{body['subject']}"
    assert re.fullmatch(rf"https://alerts\.vestka\.example/v1/event-types/{body['type']}/schema", body["dataschema"])
