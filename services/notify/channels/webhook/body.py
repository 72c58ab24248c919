"""The body of a webhook: the event as it stands on our stream, with its texts, small enough for every receiver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from services.contract import Event, document
from services.notify.channels.base import STOP_URL_SLOT, Rendered

_SHORTENED_IN_TURN: Final = ("claims", "changes", "persons", "sources")
"""What a body too long does without, the most repetitive first. The facts themselves always stay."""
_SLOT: Final = STOP_URL_SLOT.encode()
"""JSON writes it as it is."""
_ROOM_FOR_A_LINK: Final = 300
"""Bytes left for what will stand in a slot."""


class TooLarge(Exception):
    """The event does not fit even without its lists."""


class WebhookBody:
    """Compact JSON, composed once for all endpoints. Only the link to stop differs, where a text holds one."""

    __slots__ = ("_limit", "_pieces")

    def __init__(self, whole: bytes, limit: int) -> None:
        self._pieces = whole.split(_SLOT)
        self._limit = limit

    def with_link(self, stop_url: str) -> bytes:
        """Fewer bytes than the limit. Raises TooLarge."""
        if len(self._pieces) == 1:
            return self._pieces[0]
        body = msgspec.json.encode(stop_url)[1:-1].join(self._pieces)
        if len(body) >= self._limit:
            raise TooLarge
        return body


def compose_body(event: Event, rendered: Mapping[str, Rendered], limit: int) -> WebhookBody:
    """Fewer than `limit` bytes, the same bytes for the same event.

    A shortened body says so: `data.truncated` is true. Raises TooLarge.
    """
    whole = document(event)
    texts = _texts(rendered)
    whole["data"] = whole["data"] | {"texts": texts}
    return WebhookBody(_within(whole, limit - _room_for_links(texts)), limit)


def _within(whole: dict[str, Any], limit: int) -> bytes:
    """Changes `whole`."""
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


def _texts(rendered: Mapping[str, Rendered]) -> dict[str, dict[str, str]]:
    return {
        language: {part: rendered[language].parts[part].strip() for part in ("headline", "summary")}
        for language in sorted(rendered)
    }


def _room_for_links(texts: Mapping[str, Mapping[str, str]]) -> int:
    slots = sum(text.count(STOP_URL_SLOT) for parts in texts.values() for text in parts.values())
    return slots * (_ROOM_FOR_A_LINK - len(_SLOT))
