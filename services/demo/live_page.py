"""The local page of `vestka demo`: the inbox, the Telegram chat and the webhook calls, side by side.

| path | shows |
|---|---|
| `/` | all three |
| `/inbox/1?scheme=dark&width=phone` | one letter: system, light or dark; phone or desktop |
| `/inbox/1.html?scheme=light`, `/inbox/1.txt`, `/inbox/1.eml` | its parts alone, and as it came |
| `/telegram` | the chats alone; `/telegram/say`, `/telegram/press`: what somebody writes there, and presses |
| `/webhooks/1` | one call |
| `/again` | by POST, in `vestka demo`: sends a sample once more, as an exercise |
| `/state` | what has arrived, as one short line; it changes when anything does |
"""

from __future__ import annotations

from typing import TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.demo import letter_frame
from services.demo.again_view import again_routes, again_section
from services.demo.bot_stand_in import TelegramStandIn
from services.demo.bot_talk import talk_routes
from services.demo.bounded_list import BoundedList
from services.demo.chat_view import chat_section
from services.demo.exercise import Exercise
from services.demo.html_tags import Html, html, tag
from services.demo.inbox import Inbox
from services.demo.inbox_view import SCHEMES, WIDTHS, inbox_section, letter_page
from services.demo.letter_frame import Scheme
from services.demo.shell import shell
from services.demo.webhook_view import call_page, webhooks_section
from services.demo.webhooks import WebhookReceiver

Thing = TypeVar("Thing")

OUR_NAMES = ["127.0.0.1", "localhost", "[::1]"]
"""A page of another origin that makes its own name lead here (DNS rebinding) is turned away."""


def page(
    inbox: Inbox,
    chat: TelegramStandIn,
    webhooks: WebhookReceiver,
    exercise: Exercise | None = None,
    *,
    allowed_hosts: list[str] | None = None,
) -> Starlette:
    """An ASGI app that shows the three receivers, lets somebody talk to the bot, and sends an exercise by its buttons.
    Serve it with `LocalServer`."""
    views = _Views(inbox, chat, webhooks, exercise)
    return Starlette(
        routes=[
            Route("/", views.overview),
            Route("/state", views.state),
            Route("/inbox/{number:int}", views.letter),
            Route("/inbox/{number:int}.html", views.letter_html),
            Route("/inbox/{number:int}.txt", views.letter_text),
            Route("/inbox/{number:int}.eml", views.letter_raw),
            Route("/telegram", views.telegram),
            *talk_routes(chat),
            Route("/webhooks/{number:int}", views.call),
            *(again_routes(exercise, inbox) if exercise is not None else ()),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts or OUR_NAMES)],
        exception_handlers={400: _not_there, 403: _not_there, 404: _not_there, 413: _not_there},
    )


class _Views:
    def __init__(
        self, inbox: Inbox, chat: TelegramStandIn, webhooks: WebhookReceiver, exercise: Exercise | None
    ) -> None:
        self._inbox = inbox
        self._chat = chat
        self._webhooks = webhooks
        self._exercise = exercise

    async def overview(self, _request: Request) -> Response:
        sections = (inbox_section(self._inbox), chat_section(self._chat), webhooks_section(self._webhooks))
        again = again_section(self._exercise) if self._exercise is not None and self._exercise.is_ready else None
        body = html(tag("h1", "What arrived", class_="unseen"), again, tag("div", *sections, class_="columns"))
        return shell("What arrived", body, watch=self._state())

    async def state(self, _request: Request) -> Response:
        return PlainTextResponse(self._state(), headers={"Cache-Control": "no-store"})

    async def letter(self, request: Request) -> Response:
        letter = _wanted(self._inbox.kept, request)
        width = request.query_params.get("width", "desktop")
        return shell(
            letter.subject or "A letter", letter_page(letter, _scheme(request), width if width in WIDTHS else "desktop")
        )

    async def letter_html(self, request: Request) -> Response:
        letter = _wanted(self._inbox.kept, request)
        body = letter_frame.in_scheme(letter.html, _scheme(request)).encode()
        return Response(body, media_type="text/html; charset=utf-8", headers={
            "Content-Security-Policy": letter_frame.POLICY, "X-Content-Type-Options": "nosniff",
        })  # fmt: skip

    async def letter_text(self, request: Request) -> Response:
        return PlainTextResponse(_wanted(self._inbox.kept, request).text)

    async def letter_raw(self, request: Request) -> Response:
        letter = _wanted(self._inbox.kept, request)
        disposition = f'attachment; filename="letter-{letter.number}.eml"'
        return Response(letter.raw, media_type="message/rfc822", headers={"Content-Disposition": disposition})

    async def telegram(self, _request: Request) -> Response:
        return shell(
            "Telegram",
            tag(
                "div",
                tag("h1", "The Telegram chat", class_="unseen"),
                chat_section(self._chat, "/telegram"),
                class_="alone",
            ),
            watch=self._state(),
        )

    async def call(self, request: Request) -> Response:
        call = _wanted(self._webhooks.kept, request)
        return shell(f"Call {call.number}", call_page(call))

    def _state(self) -> str:
        people = self._chat.people
        lists = (self._inbox.kept, self._chat.kept, self._chat.refused, self._webhooks.kept, people.said)
        totals = (*(kept.total for kept in lists), self._chat.kept.changes, len(people.deleted))
        ready = self._exercise is not None and self._exercise.is_ready
        return "-".join([*map(str, totals), *(["ready"] if ready else [])])


def _wanted(kept: BoundedList[Thing], request: Request) -> Thing:
    thing = kept.find(request.path_params["number"])
    if thing is None:
        raise HTTPException(404, "It has not arrived, or it was dropped to make room for newer ones.")
    return thing


def _scheme(request: Request) -> Scheme:
    asked = request.query_params.get("scheme")
    return next((scheme for scheme in SCHEMES if scheme == asked), "system")


async def _not_there(_request: Request, error: Exception) -> Response:
    detail = error.detail if isinstance(error, HTTPException) else ""
    body: Html = tag("article", tag("h1", "Not here"), tag("p", detail), tag("p", tag("a", "What arrived", href="/")))
    return shell("Not here", body, status=error.status_code if isinstance(error, HTTPException) else 404)
