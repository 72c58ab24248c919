"""Who decided what, and why; and apart from that, which partner handed in what: two streams that nobody rewrites.

An entry is written in the transaction that carries the decision out, so neither exists without the other. What partners
send is noted in a stream of its own: a flood of reports pushes no decision out.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from services.runtime.clock import rfc3339
from services.runtime.streams import Entry, all_entries

AUDIT: Final = "vestka:audit"
"""Plain fields, so that any client can read it."""
REPORTS_AUDIT: Final = "vestka:audit:reports"
"""The same fields: one entry for each report that was accepted of a partner."""

Via = Literal["cli", "http"]


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    who: str
    what: str
    """approve, hold, correct, merge, split or retract; acknowledge, of an alarm; report, of a partner;
    consent, of subscribers whom an operator brought in."""
    story: str
    """What was decided about: a story, or what an alarm was about; of a report, the item."""
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
    fields: dict[Any, Any] = {**fields_of(entry, now)}
    pipe.xadd(AUDIT, fields)


def fields_of(entry: AuditEntry, now: float) -> dict[str, str]:
    """As a stream takes it. `now`: Unix seconds."""
    fields: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(entry, at=rfc3339(now)))
    return {name: str(value) for name, value in fields.items()}


class Audit:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def entries(
        self,
        *,
        story: str | None = None,
        since: float | None = None,
        until: float | None = None,
        of: str = AUDIT,
    ) -> list[AuditEntry]:
        """The oldest first; Unix seconds by the server's clock. `of`: AUDIT or REPORTS_AUDIT."""
        first = "-" if since is None else str(int(since * 1000))
        last = "+" if until is None else str(int(until * 1000))
        found = [_read(entry) async for entry in all_entries(self._redis, of, first, last)]
        return [entry for entry in found if story in (None, entry.story)]


def _read(entry: Entry) -> AuditEntry:
    return msgspec.convert({**entry.fields, "id": entry.id}, AuditEntry, strict=False)
