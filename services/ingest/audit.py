"""Who decided what, and why: a stream that only ever grows.

An entry is written in the transaction that carries the decision out, so neither exists without the other.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from services.runtime.clock import rfc3339
from services.runtime.streams import Entry, all_entries

AUDIT: Final = "vestka:audit"
"""Plain fields, so that any client can read it. Nothing trims it."""

Via = Literal["cli", "http"]


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    who: str
    what: str
    """approve, hold, correct, merge, split or retract; acknowledge, of an alarm."""
    story: str
    """What was decided about: a story, or what an alarm was about."""
    revision: int
    """The last that was told of it, this decision's own included; 0: nothing was."""
    reason: str = ""
    detail: str = ""
    """What else there is to know, like "pardoned: 22" or "takes arrest-…". Never a person's name."""
    via: Via = "cli"
    at: str = ""
    """RFC 3339; set when it is written."""
    id: str = ""
    """Its place in the stream; set when it is read."""


def note_down(pipe: Pipeline, entry: AuditEntry, now: float) -> None:
    """Queues the write that belongs into the transaction of the decision. `now`: Unix seconds."""
    fields: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(entry, at=rfc3339(now)))
    pipe.xadd(AUDIT, {name: str(value) for name, value in fields.items()})


class Audit:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def entries(
        self, *, story: str | None = None, since: float | None = None, until: float | None = None
    ) -> list[AuditEntry]:
        """The oldest first; Unix seconds by the server's clock."""
        first = "-" if since is None else str(int(since * 1000))
        last = "+" if until is None else str(int(until * 1000))
        found = [_read(entry) async for entry in all_entries(self._redis, AUDIT, first, last)]
        return [entry for entry in found if story in (None, entry.story)]


def _read(entry: Entry) -> AuditEntry:
    return msgspec.convert({**entry.fields, "id": entry.id}, AuditEntry, strict=False)
