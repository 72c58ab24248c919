"""Makes the portal's pages and answers: every one in its frame, with its headers, whatever room it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.notify.content.languages import Language
from services.notify.content.rendering import Renderer
from services.portal.frame.asked import Asked, asked_by
from services.portal.frame.conditional import SharedAnswer, conditional
from services.portal.frame.page_refused import PageRefused
from services.runtime.http.page_headers import page_headers


@dataclass(frozen=True, slots=True)
class DoorPages:
    """`exit_url`: where "leave this page" leads. `rooms`: the links at the head of a page, by name; `door.NAME.nav` is
    what each is called."""

    renderer: Renderer
    exit_url: str
    rooms: tuple[tuple[str, str], ...]
    discreet_bot: str | None = None
    """The name of the second bot, without @, where there is one to be found."""

    @property
    def languages(self) -> tuple[str, ...]:
        return self.renderer.page_languages

    def asked(self, request: Request) -> Asked:
        """Raises PageRefused."""
        return asked_by(request, self.languages)

    def words(self, asked: Asked) -> Language:
        return self.renderer.language(asked.language)

    def page(
        self, asked: Asked, template: str, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None,
        **values: Any,
    ) -> Response:  # fmt: skip
        """A page for whoever asked, which nobody keeps."""
        return HTMLResponse(
            self.html(asked, template, **values), status, headers={**self._headers(asked), **(headers or {})}
        )

    def kept_page(self, request: Request, asked: Asked, template: str, **values: Any) -> Response:
        """A page that is the same for everybody, and may be kept for a moment."""
        html = self.html(asked, template, **values)
        kept = SharedAnswer(html.encode(), "text/html; charset=utf-8", asked.language, by_language=not asked.chosen)
        return conditional(request, kept, self._headers(asked))

    def html(self, asked: Asked, template: str, **values: Any) -> str:
        """`template`: its name under `templates/pages/`."""
        return self.renderer.page(
            template, language=asked.language, asked=asked, exit_url=self.exit_url, rooms=self.rooms,
            tongue=self._own_name, discreet_bot=self.discreet_bot, **values,
        )  # fmt: skip

    def refusal(self, request: Request, refused: PageRefused) -> Response:
        """In the language that was asked for, and for an unknown one in that which the browser names."""
        try:
            asked = self.asked(request)
        except PageRefused:
            asked = asked_by(request, self.languages, chosen=False)
        asked = replace(asked, path="", query=())  # nothing of what was typed goes into a link
        return self.page(asked, "door/refused", refused.status, refused.headers, words=refused.words)

    def _own_name(self, language: str) -> str:
        """What a language calls itself, so that whoever reads no other finds it."""
        return self.renderer.language(language).language_name(language).capitalize()

    def _headers(self, asked: Asked) -> dict[str, str]:
        return {**page_headers(self.renderer.style_hash), "content-language": asked.language}
