"""The JSON Schemas (2020-12) of a webhook's body and of each type's `data`, made from `body_model`.

`infra/schemas/` holds their print; how they change is said there, in `versions.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from enum import StrEnum
from typing import Any, Final

import msgspec

from services.contract import EVENT_SCHEMA_ID, EventType, Kind
from services.notify.channels.webhook.body_data import TAKEN_BACK
from services.notify.channels.webhook.body_model import NOT_IN_FACTS, WebhookEvent
from services.notify.channels.webhook.public_addresses import schema_path
from services.notify.channels.webhook.schema_words import FACTS, MEANINGS, TYPES

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_WITH_FACTS: Final = ("certainty", "headline_facts")
"""Of `data`: what is there unless an alert is taken back."""
_NEVER_WITH: Final = (
    *("certainty", "headline_facts", "values", "claims", "persons", "sources", "place", "occurred_on", "changes"),
)
"""Of `data`: what nothing that takes an alert back may carry."""


def webhook_schema() -> dict[str, Any]:
    """Of the whole body, whatever its type. Fields that are not listed may be added: ignore what you do not know."""
    return {"$schema": _DIALECT, "$id": EVENT_SCHEMA_ID, "title": "Vestka webhook", **_described()}


def body_schema_of(event_type: EventType) -> dict[str, Any]:
    """Of the whole body of one type."""
    schema = _described()
    parts = schema["$defs"]
    parts["WebhookEvent"]["properties"]["type"] = {"const": event_type.value, "description": TYPES[event_type]}
    parts["WebhookData"] = _narrowed(parts["WebhookData"], event_type)
    return {"$schema": _DIALECT, "title": event_type.value, "description": TYPES[event_type], **schema}


def data_schema_of(event_type: EventType, example: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Of one type's `data`: what `dataschema` names (CloudEvents 1.0). `example`: such a `data`."""
    parts = _described()["$defs"]
    data = _narrowed(parts.pop("WebhookData"), event_type)
    parts.pop("WebhookEvent")
    used = _used(data, parts)
    return {
        "$schema": _DIALECT,
        "$id": schema_path(event_type),
        **data,
        "title": f"data of {event_type}",
        "description": TYPES[event_type],
        **({"examples": [dict(example)]} if example is not None else {}),
        "$defs": {name: part for name, part in parts.items() if name in used},
    }


def _narrowed(data: dict[str, Any], event_type: EventType) -> dict[str, Any]:
    """`data` as events of this type have it."""
    narrow = deepcopy(data)
    kind = event_type.value.partition(".")[0]
    if kind in list(Kind):
        narrow["properties"]["kind"] = {"const": kind, "description": MEANINGS[Kind][Kind(kind)]}
    if event_type.value in TAKEN_BACK:
        for name in _NEVER_WITH:
            narrow["properties"].pop(name)
        narrow["not"] = {"anyOf": [{"required": [name]} for name in _NEVER_WITH]}
    elif event_type is not EventType.SYSTEM_TEST:
        narrow["required"] = [*narrow["required"], *_WITH_FACTS]
    if event_type is EventType.STORY_MERGED:
        narrow["anyOf"] = [{"required": [name]} for name in ("merged_from", "merged_into")]
    return narrow


def _described() -> dict[str, Any]:
    schema = msgspec.json.schema(WebhookEvent)
    parts = schema["$defs"]
    for part in parts.values():
        for name, value in part.get("properties", {}).items():
            part["properties"][name] = _where_present(value)
    for enum, meanings in MEANINGS.items():
        if enum.__name__ in parts:
            parts[enum.__name__] = _enumeration(parts[enum.__name__], enum, meanings)
    facts = parts["Facts"]["properties"]
    for name in NOT_IN_FACTS:
        facts.pop(name)
    for name, words in FACTS.items():
        if name in facts:
            facts[name]["description"] = words
    parts["Facts"]["description"] = "One value a fact; absent means that no text says. `values` says who says so."
    return schema


def _where_present(value: dict[str, Any]) -> dict[str, Any]:
    """What is not known is absent: a null stands only where that is an answer, as in a change."""
    if value.get("default", ...) is not None:
        return value
    (known,) = (one for one in value["anyOf"] if one != {"type": "null"})
    return dict(known)


def _enumeration(part: dict[str, Any], enum: type[StrEnum], meanings: Mapping[str, str]) -> dict[str, Any]:
    """As `enum`, for tools, with each value's meaning for people."""
    said = "; ".join(f"{value.value}: {meanings[value].rstrip('.')}" for value in enum)
    return {**part, "enum": [value.value for value in enum], "description": f"{said}."}


def _used(part: Any, parts: Mapping[str, Any]) -> set[str]:
    """Names of all the definitions that a schema refers to, and those that they refer to."""
    found: set[str] = set()
    waiting = list(_referred(part))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _referred(parts[name])
    return found


def _referred(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for inner in part.values():
            yield from _referred(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _referred(inner)
