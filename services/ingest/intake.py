"""What comes in by itself: accepted once, durably, and read through later. `accept` is the door for sources, operators
and partners alike.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

from services.contract import ITEMS_STREAM
from services.ingest.evidence import EvidenceStore, original_of
from services.ingest.sources.base import Item
from services.ingest.store import ReadResult, item_key
from services.operations.audit import REPORTS_AUDIT, AuditEntry, fields_of
from services.runtime.retention import Retention
from services.runtime.streams import Entry

_ACCEPT: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('XADD', KEYS[2], '*', 'id', ARGV[3], 'item', ARGV[4])
if ARGV[5] ~= '' then
  redis.call('SET', KEYS[3], ARGV[5], 'EX', ARGV[2])
  redis.call('XADD', KEYS[4], '*', unpack(ARGV, 6))
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""
"""The item, whose it is, and the audit's entry of that. The mark that it was accepted comes last: an error in between
lets whoever handed it in do so again."""


class Accepted(msgspec.Struct, frozen=True):
    """The answer to whoever hands something in. The id is derived from the content."""

    id: str
    duplicate: bool


class Sender(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who handed an item in by a token: `source` is the item's `source_id`."""

    source: str
    claims: str | None = None
    """The known party whose name came with the text, by its id. Nobody has seen that it is from there."""


class Intake:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._evidence = EvidenceStore(redis)
        self._accept = redis.register_script(_ACCEPT)

    async def accept(self, item: Item, sender: Sender | None = None) -> Accepted:
        """When this returns, the item survives a crash of ours. The same content again from the same outlet is a
        duplicate. `sender`: who has a token for this; the audit then tells of it."""
        item_id = id_of(item)
        if await self._redis.exists(item_key(item_id)):  # whose bytes are kept already, as they first came
            return Accepted(item_id, duplicate=True)
        evidence = await self._evidence.put(original_of(item), fetched=item.original is not None)
        fresh = await self._accept(
            keys=[item_key(item_id), ITEMS_STREAM, _sender_key(item_id), REPORTS_AUDIT],
            args=[
                msgspec.json.encode(ReadResult(state="accepted")),
                Retention.RESULTS,
                item_id,
                msgspec.json.encode(replace(item, original=None, evidence=evidence)),
                *([""] if sender is None else [msgspec.json.encode(sender), *_noted(item_id, sender, item)]),
            ],
        )
        return Accepted(item_id, duplicate=not fresh)

    async def sender(self, item_id: str) -> Sender | None:
        """Whose the item is; None where nobody handed it in by a token, or that is long ago."""
        raw: Any = await self._redis.get(_sender_key(item_id))
        return None if raw is None else msgspec.json.decode(raw, type=Sender)

    async def bind_key(self, source_id: str, key: str, item_id: str) -> bool:
        """Ties an Idempotency-Key of this sender to what it first came with; false where it came with something else
        before."""
        name = f"vestka:idempotency:{hashlib.sha256(f'{source_id}{_UNIT}{key}'.encode()).hexdigest()}"
        await self._redis.set(name, item_id, nx=True, ex=Retention.PARTNERS_KEYS)
        return bool(await self._redis.get(name) == item_id)


_UNIT: Final = "\x1f"


def id_of(item: Item) -> str:
    """Of the content and of who carried it: the same text from another outlet is another item, or whoever copies a text
    first would make the authority's own word a duplicate. Read as on a certain day it is another item as well."""
    carried_by = [item.source_id, item.source_name]
    day = [item.as_of.isoformat()] if item.as_of else []
    parts = [*carried_by, item.url or "", item.title or "", item.body, *day]
    digest = hashlib.sha256(_UNIT.join(parts).encode(errors="replace"))
    return f"it-{digest.hexdigest()[:24]}"


def _noted(item_id: str, sender: Sender, item: Item) -> list[str]:
    """The audit's entry as field, value, field, value."""
    detail = f"claims to be {sender.claims}" if sender.claims else ""
    entry = AuditEntry(who=sender.source, what="report", story=item_id, revision=0, detail=detail, via="http")
    at = item.received or datetime.now(UTC)
    return [text for pair in fields_of(entry, at.timestamp()).items() for text in pair]


def _sender_key(item_id: str) -> str:
    return f"{item_key(item_id)}:by"


class UndecodableItem(ValueError):
    """A stream entry that is no item of ours. The message says where it is wrong, never what stood there."""


def decode_entry(entry: Entry) -> tuple[str, Item]:
    """The item with its id. Raises UndecodableItem."""
    missing = [name for name in ("id", "item") if name not in entry.fields]
    if missing:
        raise UndecodableItem(f"the entry has no field '{missing[0]}'")
    return entry.fields["id"], decode_item(entry.fields["item"])


def decode_item(raw: str) -> Item:
    """Raises UndecodableItem."""
    try:
        return msgspec.json.decode(raw, type=Item)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        # msgspec's text may quote a value, but not in the path at its end.
        _, found, path = str(error).rpartition(" - at ")
        raise UndecodableItem(f"wrong at {path}" if found else "no JSON of an item's shape") from None
