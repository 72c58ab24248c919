"""The webhook calls on the local page: verified or not, headers, and the event."""

from __future__ import annotations

import json
import re
from typing import Final

from services.demo.html_tags import Html, html, scrolling, table, tag
from services.demo.webhooks import WebhookCall, WebhookReceiver
from services.demo.wording import count_of, moment

SHOWN = 30
_TOKEN: Final = re.compile(r'("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\b\d[\d.eE+-]*')


def webhooks_section(webhooks: WebhookReceiver) -> Html:
    calls = list(reversed(webhooks.calls))[:SHOWN]
    body = html(*(_card(call, newest=call is calls[0]) for call in calls)) if calls else _waiting(webhooks)
    return tag(
        "section",
        tag("h2", "Webhook calls", tag("span", count_of(webhooks.kept.total, "call"), class_="count")),
        body,
        aria_label="Webhook calls",
    )


def call_page(call: WebhookCall) -> Html:
    return tag(
        "article",
        tag("h1", _title(call)),
        _marks(call),
        tag("h2", "Headers"),
        _headers(call),
        tag("h2", "Body"),
        _body(call),
        class_="call",
    )


def pretty(call: WebhookCall) -> Html:
    """The event as indented JSON with its parts told apart, or the body as it came."""
    if call.event is None:
        return html(call.body.decode("utf-8", "replace"))
    text = json.dumps(call.event, ensure_ascii=False, indent=2)
    parts: list[str] = []
    at = 0
    for token in _TOKEN.finditer(text):
        kind = "key" if token[2] else "text" if token[1] else "value"
        parts += [text[at : token.start()], tag("span", token[0], class_=kind)]
        at = token.end()
    return html(*parts, text[at:])


def _card(call: WebhookCall, *, newest: bool) -> Html:
    return tag(
        "article",
        tag("h3", tag("a", _title(call), href=f"/webhooks/{call.number}")),
        _marks(call),
        tag("details", tag("summary", "Headers"), _headers(call)),
        tag("details", tag("summary", "Body"), _body(call), open=newest),
        class_="card",
    )


def _title(call: WebhookCall) -> str:
    kind = (call.event or {}).get("type")
    return kind if isinstance(kind, str) else "(no event)"


def _marks(call: WebhookCall) -> Html:
    verdict, mark = ("✓ Verified", "mark good") if call.verified else ("✗ Not verified", "mark bad")
    return tag(
        "p",
        tag("span", verdict, class_=mark),
        tag("span", "Repeat of an earlier call", class_="mark") if call.duplicate else None,
        None if call.why is None else tag("span", call.why),
        tag("code", call.id or "no id"),
        moment(call.received_at),
        class_="facts",
    )


def _headers(call: WebhookCall) -> Html:
    return scrolling("div", table(call.headers, "As received"), "Headers", "scroll")


def _body(call: WebhookCall) -> Html:
    return scrolling("pre", pretty(call), "Body of the call", "json")


def _waiting(webhooks: WebhookReceiver) -> Html:
    return tag(
        "p",
        "Waiting for the first call. This is a partner's endpoint that verifies every signature; post to ",
        tag("code", webhooks.url),
        ".",
        class_="waiting",
    )
