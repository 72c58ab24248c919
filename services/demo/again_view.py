"""The buttons of the demo's page that send a sample once more, and what they do."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.demo.exercise import SAMPLES, Exercise
from services.demo.html_tags import Html, html, tag
from services.demo.inbox import Inbox
from services.demo.request_bodies import read_body

_FROM_HERE = ("same-origin", "none", "")
"""What a browser says of a page of ours (Fetch Metadata); a program says nothing. Origin is "null" by no-referrer."""
_MOST_BYTES = 100


def again_section(exercise: Exercise) -> Html:
    buttons = (tag("button", what, type="submit", name="sample", value=name) for name, what in SAMPLES.items())
    return tag(
        "section",
        tag("h2", "Try it"),
        tag(
            "p",
            "Join ",
            tag("a", "as a reader would", href=exercise.join_url),
            ", with any address: its letters come here.",
        ),
        tag(
            "p", "Send a sample again: as an exercise, to the three below and to whoever joined here and asked for it."
        ),
        tag("form", html(*buttons), method="post", action="/again"),
        class_="card again",
        aria_label="Try it",
    )


def again_routes(exercise: Exercise, inbox: Inbox) -> Sequence[BaseRoute]:
    async def again(request: Request) -> Response:
        """Raises HTTPException where another site's page asks, or there is no such sample."""
        if request.headers.get("sec-fetch-site", "") not in _FROM_HERE:
            raise HTTPException(403)
        body = await read_body(request, _MOST_BYTES) or b""
        sample = body.decode("ascii", "replace").removeprefix("sample=")
        if not exercise.is_ready or sample not in SAMPLES:
            raise HTTPException(404, "There is no such sample, or the demo has not begun.")
        await exercise.send(sample, [letter.recipient for letter in inbox.messages])
        return RedirectResponse("/", 303)

    return [Route("/again", again, methods=["POST"])]
