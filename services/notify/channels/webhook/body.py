"""The body of a webhook: the event as it stands on our stream, with its texts, small enough for every receiver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from services.contract import Event, document
from services.notify.channels.base import STOP_URL_SLOT, Rendered

_SHORTENED_IN_TURN: Final = ("claims", "changes", "persons", "sources")
"""What a body too long does without, the most repetitive first. The facts themselves always stay."""


class TooLarge(Exception):
    """The event does not fit even without its lists."""


def compose_body(event: Event, rendered: Mapping[str, Rendered], stop_url: str, limit: int) -> bytes:
    """Compact JSON of fewer than `limit` bytes, the same bytes for the same event.

    A shortened body says so: `data.truncated` is true. Raises TooLarge.
    """
    whole = document(event)
    whole["data"] = whole["data"] | {"texts": _texts(rendered, stop_url)}
    body = msgspec.json.encode(whole)
    for name in _SHORTENED_IN_TURN:
        if len(body) < limit:
            return body
        body = _shortened(whole, name, limit)
    if len(body) >= limit:
        raise TooLarge
    return body


def _shortened(whole: dict[str, Any], name: str, limit: int) -> bytes:
    """Changes `whole`: keeps of the list as many from its start as there is room for."""
    data = whole["data"]
    items = data.pop(name, ())
    data["truncated"] = True
    room = limit - 1 - len(msgspec.json.encode(whole)) - len(f',"{name}":[]')
    kept = []
    for item in items:
        room -= len(msgspec.json.encode(item)) + 1
        if room < 0:
            break
        kept.append(item)
    if kept:
        data[name] = kept
    return msgspec.json.encode(whole)


def _texts(rendered: Mapping[str, Rendered], stop_url: str) -> dict[str, dict[str, str]]:
    return {
        language: {
            "headline": rendered[language].parts["headline"].replace(STOP_URL_SLOT, stop_url).strip(),
            "summary": rendered[language].parts["summary"].replace(STOP_URL_SLOT, stop_url).strip(),
        }
        for language in sorted(rendered)
    }
