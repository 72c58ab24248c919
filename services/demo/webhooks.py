"""A partner's webhook endpoint: verifies every call with the official Standard Webhooks library.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.demo.bounded_list import KEPT, BoundedList, utc_now
from services.demo.local_server import LOOPBACK, LocalServer
from services.demo.request_bodies import read_body, read_object

BODY_MAX = 1 << 20
"""Bytes; the specification asks senders to stay under 20 kB."""
PATH = "/hooks/vestka"


@dataclass(frozen=True, slots=True)
class WebhookCall:
    number: int
    received_at: datetime
    verified: bool
    why: str | None
    """Why it was not verified, in words for the sender; None when it was."""
    id: str | None
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    event: dict[str, Any] | None = field(repr=False)
    """The body as JSON, whether verified or not; None where it is no JSON object."""
    duplicate: bool
    """A verified call with the same `webhook-id` came before."""

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name.lower()), None)


class WebhookReceiver:
    """Answers 204 to a verified call, 400 with a problem document (RFC 9457) to others, and CloudEvents' handshake.

    `before_answer` is awaited after a call was kept and before the sender is told.
    """

    def __init__(
        self,
        secret: str,
        host: str = LOOPBACK,
        port: int = 0,
        *,
        keep: int = KEPT,
        before_answer: Callable[[], Awaitable[object]] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.before_answer = before_answer
        self.kept: BoundedList[WebhookCall] = BoundedList(keep)
        self._verifier = Webhook(secret)
        self._ids = _Ids(10 * keep)
        self._now = now
        self._server = LocalServer(self.app(), host, port)

    @property
    def calls(self) -> list[WebhookCall]:
        return self.kept.things

    @property
    def url(self) -> str:
        """Where events are to be posted; right once `start` has returned."""
        return self._server.url + PATH

    @property
    def port(self) -> int:
        return self._server.port

    async def wait_for(self, count: int) -> None:
        """Returns once `count` calls have come in all, verified or not."""
        await self.kept.reached(count)

    async def start(self) -> None:
        await self._server.start()

    async def stop(self) -> None:
        await self._server.stop()

    def app(self) -> Starlette:
        return Starlette(routes=[
            Route(PATH, self._receive, methods=["POST"]),
            Route(PATH, _handshake, methods=["OPTIONS"]),
        ])  # fmt: skip

    async def _receive(self, request: Request) -> Response:
        body = await read_body(request, BODY_MAX)
        if body is None:
            return _problem(413, "The body is too large", f"Send at most {BODY_MAX} bytes.")
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
        why = self._doubt(body, dict(headers))
        call_id = request.headers.get("webhook-id")
        duplicate = why is None and self._ids.seen(call_id or "")
        await self.kept.put(
            lambda number: WebhookCall(
                number, self._now(), why is None, why, call_id, headers, body, read_object(body), duplicate
            )
        )
        if self.before_answer is not None:
            await self.before_answer()
        return Response(status_code=204) if why is None else _problem(400, "The signature does not verify", why)

    def _doubt(self, body: bytes, headers: dict[str, str]) -> str | None:
        """None when the signature over the very bytes of the body holds."""
        try:
            self._verifier.verify(body, headers, json_parse=False)
        except WebhookVerificationError as error:
            return str(error)
        except ValueError:  # what the library lets through: a header that is no base64, a body that is no UTF-8
            return "The signature header or the body cannot be read"
        return None


class _Ids:
    """The newest ids, so that a repeat is noticed."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._ids: OrderedDict[str, None] = OrderedDict()

    def seen(self, call_id: str) -> bool:
        known = call_id in self._ids
        self._ids[call_id] = None
        if len(self._ids) > self._keep:
            self._ids.popitem(last=False)
        return known


async def _handshake(request: Request) -> Response:
    """Consent to be written to: CloudEvents HTTP Webhooks 1.0.1, section 4 (abuse protection)."""
    origin = request.headers.get("webhook-request-origin")
    if origin is None:
        return _problem(
            400, "No WebHook-Request-Origin", "Say who asks for consent in the WebHook-Request-Origin header."
        )
    headers = {"Allow": "POST, OPTIONS", "WebHook-Allowed-Origin": origin}
    if "webhook-request-rate" in request.headers:
        headers["WebHook-Allowed-Rate"] = "*"
    return Response(status_code=200, headers=headers)


def _problem(status: int, title: str, detail: str) -> Response:
    return JSONResponse(
        {"type": "about:blank", "title": title, "status": status, "detail": detail},
        status,
        media_type="application/problem+json",
    )
