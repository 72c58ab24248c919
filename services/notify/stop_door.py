"""The link in every letter that stops the alerts; notify answers it, and the portal, which is where readers reach us.

A GET changes nothing, since mail scanners follow links; the POST needs neither cookie nor login (RFC 8058).
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from services.notify.content.rendering import Renderer
from services.runtime.http.page_headers import page_headers
from services.subscribers.stop_links import StopLinks
from services.subscribers.subscriber import Subscriber
from services.subscribers.vault import UnknownSubscriber, Vault

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StopDoor:
    """`/stop/{token}`: asks, and on POST stops."""

    vault: Vault
    links: StopLinks
    renderer: Renderer

    async def answer(self, request: Request) -> Response:
        """One route for both, so that a 405 names all that is allowed."""
        return await (self.stop(request) if request.method == "POST" else self.ask(request))

    async def ask(self, request: Request) -> Response:
        subscriber = await self._whose(request)
        if subscriber is None:
            return self._nobodys(request)
        if subscriber.active:
            return self._page("ask", subscriber.language)
        return self._page("done", subscriber.language, back=self._way_back(request))

    async def stop(self, request: Request) -> Response:
        subscriber = await self._whose(request)
        if subscriber is None:
            return self._nobodys(request)
        try:
            await self.vault.stop(subscriber.number)
        except UnknownSubscriber:  # erased in between
            return self._nobodys(request)
        log.info("subscriber_stopped")
        return self._page("done", subscriber.language, back=self._way_back(request))

    async def come_back(self, request: Request) -> Response:
        """`/stop/{token}/back`: for as long as anything is kept of whoever stopped."""
        subscriber = await self._whose(request)
        if subscriber is None:
            return self._nobodys(request)
        try:
            if not subscriber.active:
                await self.vault.set_active(subscriber.number, True)
                log.info("subscriber_came_back")
        except UnknownSubscriber:  # erased in between
            return self._nobodys(request)
        return self._page("back", subscriber.language)

    @staticmethod
    def _way_back(request: Request) -> str:
        return f"/stop/{request.path_params['token']}/back"

    def _nobodys(self, request: Request) -> Response:
        """Of a reader who is gone all is done. A mailbox provider gets no error for any link that we may have sent, and
        a person is not told that a link works which we cannot read."""
        token = request.path_params["token"]
        if self.links.is_ours(token):
            return self._page("done", "en")
        taken = request.method == "POST" and self.links.is_formed(token)
        return self._page("unknown", "en", HTTPStatus.OK if taken else HTTPStatus.NOT_FOUND)

    async def _whose(self, request: Request) -> Subscriber | None:
        token = request.path_params["token"]
        seed, number = self.links.seed(token), self.links.number(token)
        if seed is not None:
            return await self.vault.by_stop_seed(seed)
        try:
            return None if number is None else await self.vault.get(number)
        except UnknownSubscriber:
            return None

    def _page(self, state: str, language: str, status: HTTPStatus = HTTPStatus.OK, back: str = "") -> Response:
        html = self.renderer.page("stop", state=state, language=language, back=back)
        return HTMLResponse(html, status_code=status, headers=page_headers(self.renderer.style_hash))


def stop_routes(door: StopDoor) -> list[BaseRoute]:
    return [
        Route("/stop/{token}", door.answer, methods=["GET", "HEAD", "POST"]),
        Route("/stop/{token}/back", door.come_back, methods=["POST"]),
    ]
