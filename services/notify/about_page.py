"""`/`, where a letter's "About this service" leads. It names neither the subject nor anybody: anyone may open it."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from services.notify.content.render_cache import FALLBACK
from services.notify.content.rendering import Renderer
from services.runtime.http.accepted_language import accepted_language
from services.runtime.http.page_headers import page_headers


def about_routes(renderer: Renderer) -> list[BaseRoute]:
    return [Route("/", partial(_about, renderer), methods=["GET"])]


async def _about(renderer: Renderer, request: Request) -> Response:
    language = accepted_language(request.headers.get("accept-language", ""), renderer.languages) or FALLBACK
    return HTMLResponse(renderer.page("about", language=language), headers=page_headers(renderer.style_hash))
