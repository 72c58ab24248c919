"""Notify's HTTP routes for partners: the types of events, and the schema of what webhooks receive."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.contract import EventType
from services.notify.channels.webhook.body_schema import webhook_schema
from services.runtime.http.web import Problem


async def _event_types(_request: Request) -> Response:
    return JSONResponse({"data": [{"name": name.value} for name in EventType], "done": True})


async def _event_type(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in list(EventType):
        raise Problem(HTTPStatus.NOT_FOUND, "event-type", "No event type has this name; see GET /v1/event-types.")
    return JSONResponse({"name": name, "schema": webhook_schema()})


def event_type_routes() -> list[BaseRoute]:
    return [
        Route("/v1/event-types", _event_types, methods=["GET"]),
        Route("/v1/event-types/{name}", _event_type, methods=["GET"]),
    ]
