"""`/`, where a letter's "About this service" leads. It names neither the subject nor anybody: anyone may open it."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from services.notify.content.render_cache import FALLBACK
from services.notify.content.rendering import Renderer
from services.notify.routes import PAGE_HEADERS


def about_routes(renderer: Renderer) -> list[BaseRoute]:
    return [Route("/", partial(_about, renderer), methods=["GET"])]


async def _about(renderer: Renderer, request: Request) -> Response:
    language = wanted_language(request.headers.get("accept-language", ""), renderer.languages)
    return HTMLResponse(renderer.page("about", language=language), headers=PAGE_HEADERS)


def wanted_language(accepted: str, known: Collection[str]) -> str:
    """The first that a browser names and we write; browsers put the best first (RFC 9110, 12.5.4)."""
    named = (one.partition(";")[0].strip().partition("-")[0].lower() for one in accepted.split(","))
    return next((one for one in named if one in known), FALLBACK)
