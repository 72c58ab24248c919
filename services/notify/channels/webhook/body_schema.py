"""The JSON Schema of a webhook's body, made from the contract; `infra/schemas/event.schema.json` is its print."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from services.contract import EVENT_SCHEMA_ID, Event

_TEXTS = {
    "description": "The alert in words, by language; the facts are in the other fields.",
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {"headline": {"type": "string"}, "summary": {"type": "string"}},
        "required": ["headline", "summary"],
    },
}
_TRUNCATED = {"description": "True where claims were left out to keep the body small.", "type": "boolean"}


def webhook_schema() -> dict[str, Any]:
    """JSON Schema 2020-12. Fields that are not listed may be added later: ignore what you do not know."""
    schema = msgspec.json.schema(Event)
    definitions = schema["$defs"]
    definitions["EventData"]["properties"] |= {"texts": _TEXTS, "truncated": _TRUNCATED}
    definitions["EventData"]["required"] = [*definitions["EventData"]["required"], "texts"]
    event = definitions["Event"]
    event["required"] = [*event["required"], "specversion", "datacontenttype", "dataschema"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": EVENT_SCHEMA_ID, **schema}


if __name__ == "__main__":
    print(json.dumps(webhook_schema(), indent=2, ensure_ascii=False))
