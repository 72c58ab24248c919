"""`/v1/event-types`: what types of events there are, the schema of each, and a full example. Needs nothing of ours."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.contract import EventType
from services.notify.channels.webhook.body_schema import body_schema_of
from services.notify.channels.webhook.public_addresses import schema_path
from services.notify.channels.webhook.schema_words import TYPES
from services.runtime.http.web import Problem
from services.runtime.settings import REPOSITORY

PRINTS: Final = REPOSITORY / "infra" / "schemas"
_A_DAY: Final = {"cache-control": "public, max-age=86400"}


def schema_print(event_type: EventType) -> Path:
    return PRINTS / f"{event_type}.schema.json"


def example_print(event_type: EventType) -> Path:
    return PRINTS / "examples" / f"{event_type}.json"


def event_type_routes() -> list[BaseRoute]:
    return [
        Route("/v1/event-types", _event_types, methods=["GET"]),
        Route("/v1/event-types/{name}", _event_type, methods=["GET"]),
        Route("/v1/event-types/{name}/schema", _data_schema, methods=["GET"]),
    ]


async def _event_types(_request: Request) -> Response:
    types = [{"name": one.value, "description": TYPES[one], "dataschema": schema_path(one)} for one in EventType]
    return JSONResponse({"data": types, "done": True})


async def _event_type(request: Request) -> Response:
    event_type = _named(request)
    about = {"name": event_type.value, "description": TYPES[event_type], "dataschema": schema_path(event_type)}
    return JSONResponse({**about, "schema": body_schema_of(event_type), "example": _read(example_print(event_type))})


async def _data_schema(request: Request) -> Response:
    """What `dataschema` of an event leads to."""
    schema = _read(schema_print(_named(request)))
    return JSONResponse(schema, headers=_A_DAY, media_type="application/schema+json")


def _named(request: Request) -> EventType:
    try:
        return EventType(request.path_params["name"])
    except ValueError:
        what = "No event type has this name; see GET /v1/event-types."
        raise Problem(HTTPStatus.NOT_FOUND, "event-type", what) from None


@cache
def _read(file: Path) -> Any:
    return json.loads(file.read_bytes())
