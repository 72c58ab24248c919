"""The log of deliveries: what became of every attempt, for whoever asks why somebody got something, or did not.

One list an event and channel, one entry a batch: its rows, sealed, so that no number stands in the store beside an
event's log for whoever lacks the key. Written with the close, and gone after a setting's days.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from redis.asyncio import Redis
from redis.client import NEVER_DECODE

from services.notify.channels.base import Reason
from services.notify.delivery.ledger import log_key
from services.notify.fanout.routing import NotSent
from services.notify.references import References

_ROW: Final = struct.Struct(">QBBBHH")
_HEAD: Final = struct.Struct(">BI8s")
_FORM: Final = 1
_OUTCOMES: Final = ("sent", "retry", "refused", "unsure", "skipped", "put_off", "deferred")
_LATER: Final = (NotSent.IN_DIGEST, NotSent.NOTHING_NEW)
"""Stand last: a row bears a reason's place in the list."""
_REASONS: Final = ("", *sorted(Reason), *sorted(one for one in NotSent if one not in _LATER), *_LATER)
_OUTCOME_NUMBERS: Final = {outcome: number for number, outcome in enumerate(_OUTCOMES)}
_REASON_NUMBERS: Final = {str(reason): number for number, reason in enumerate(_REASONS)}
_MOST: Final = 0xFFFF


class LogRow(msgspec.Struct, frozen=True, gc=False):
    """One attempt."""

    number: int
    attempt: int
    outcome: str
    reason: str
    took: float
    """Seconds; 65 at most."""
    code: int
    """What the far side answered with, where that has a number; 0 where it has none."""
    at: int = 0
    """Unix seconds, of the batch."""
    template: str = ""
    """The version of the templates, of the batch."""


class DeliveryLog:
    """Of one channel. `template`: the version of the templates, some letters and digits."""

    def __init__(self, references: References, channel: str, template: str, kept: int) -> None:
        self._references = references
        self._channel = channel
        self._template = template.encode()[:8].ljust(8)
        self.kept = kept
        """Seconds."""

    def sealed(self, event_id: str, rows: Sequence[LogRow], at: float) -> bytes:
        """An entry of the log. `at`: Unix seconds."""
        packed = b"".join(map(_packed, rows))
        text = _HEAD.pack(_FORM, int(at), self._template) + packed
        return self._references.seal_bytes(text, "attempts", self._channel, event_id)


async def read_log(redis: Redis, references: References, channel: str, event_id: str) -> list[LogRow]:
    """Every attempt at an event that is still known, the first first. Raises OtherKey."""
    key = log_key(channel, event_id)
    entries: Any = await redis.execute_command("LRANGE", key, 0, -1, **{NEVER_DECODE: True})  # type: ignore[no-untyped-call]
    return [one for entry in entries for one in _rows(references.open_bytes(entry, "attempts", channel, event_id))]


def _packed(one: LogRow) -> bytes:
    took, code = min(int(one.took * 1000), _MOST), min(one.code, _MOST)
    outcome, reason = _OUTCOME_NUMBERS[one.outcome], _REASON_NUMBERS.get(one.reason, 0)
    return _ROW.pack(one.number, min(one.attempt, 255), outcome, reason, took, code)


def _rows(text: bytes) -> Iterator[LogRow]:
    _, at, template = _HEAD.unpack_from(text)
    for number, attempt, outcome, reason, took, code in _ROW.iter_unpack(text[_HEAD.size :]):
        yield LogRow(
            number, attempt, _OUTCOMES[outcome], _REASONS[reason], took / 1000, code, at, template.decode().strip()
        )
