"""The body of a webhook: an event and its texts as CloudEvents wants them, small enough for every receiver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from services.contract import Event
from services.notify.channels.base import STOP_URL_SLOT, Rendered
from services.notify.channels.webhook.body_data import body_data
from services.notify.channels.webhook.body_model import WebhookEvent
from services.notify.channels.webhook.public_addresses import PublicAddresses

_SHORTENED_IN_TURN: Final = ("claims", "changes", "persons", "values", "sources")
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


def compose_body(event: Event, rendered: Mapping[str, Rendered], limit: int, addresses: PublicAddresses) -> WebhookBody:
    """Fewer than `limit` bytes, the same bytes for the same event.

    A shortened body says so: `data.truncated` is true. Raises TooLarge.
    """
    whole = body_document(event, rendered, addresses)
    slots = _slots_in(whole["data"]["texts"])
    return WebhookBody(_within(whole, limit - slots * (_ROOM_FOR_A_LINK - len(_SLOT))), limit)


def body_document(event: Event, rendered: Mapping[str, Rendered], addresses: PublicAddresses) -> dict[str, Any]:
    """The whole body as plain JSON values, however long."""
    document: dict[str, Any] = msgspec.to_builtins(
        WebhookEvent(
            specversion=event.specversion,
            id=event.id,
            source=event.source,
            type=event.type,
            subject=event.subject,
            time=event.time,
            datacontenttype=event.datacontenttype,
            dataschema=addresses.schema(event.type),
            data=body_data(event, rendered, addresses),
        )
    )
    return document


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


def _slots_in(texts: Mapping[str, Mapping[str, Any]]) -> int:
    return sum(msgspec.json.encode(words).count(_SLOT) for words in texts.values())
