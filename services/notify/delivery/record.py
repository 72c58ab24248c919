"""A note of the ledger as it stands in Redis: its format is written and read here alone, in Python and in Lua.

    state|attempt|until|note                    of what is closed
    state|attempt|until|holder.copies~progress  of what is open (sending, waiting)

`attempt` is from 1, `until` in Unix ms (0 for what is closed). `holder`: who claimed it; `copies`: how many went out
whose end nobody knows; `progress`: how far a split text came. Records of before there were holders bear the progress
alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class DeliveryState(StrEnum):
    SENDING = "sending"
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    UNSURE = "unsure"


DIGEST: Final = "digest-"
"""Begins the id of a digest: as an event's note, that this is where it was told."""
_OPEN: Final = (DeliveryState.SENDING, DeliveryState.WAITING)
_OPEN_NOTE: Final = re.compile(r"[0-9A-Za-z]*\.([0-9]+)~(.*)", re.DOTALL)
_UNSURE: Final = ("replaced", "exhausted")
"""Reasons for giving up that say nothing about whether an earlier attempt went through."""


@dataclass(frozen=True, slots=True)
class Record:
    state: DeliveryState
    attempt: int
    until: float
    """Unix seconds: end of the claim (sending) or of the wait (waiting); 0 for what is closed."""
    note: str
    """Of what is open, how far it came; of what is closed, the far side's reference or the reason."""
    copies: int = 0
    """How many went out whose end nobody knows."""

    @property
    def closed(self) -> bool:
        return self.state not in _OPEN

    @property
    def may_have_arrived(self) -> bool:
        """Taken, on its way, or tried with an unsure end: whoever may have it must also hear that it was wrong."""
        unsure = self.state is DeliveryState.WAITING or (self.state is DeliveryState.REFUSED and self.note in _UNSURE)
        sure = self.state in (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNSURE)
        partly = self.state is DeliveryState.WAITING and self.note != ""  # some of a split text was taken
        return sure or partly or self.copies > 0 or (unsure and self.attempt > 0)

    @property
    def reference(self) -> str:
        """What a revision answers to: the far side's id of the message, or the digest in which it was told."""
        return self.note if self.state is DeliveryState.SENT or self.note.startswith(DIGEST) else ""


def decode_record(raw: str) -> Record:
    name, attempt, until, note = raw.split("|", 3)
    state = DeliveryState(name)
    open_note = _OPEN_NOTE.fullmatch(note) if state in _OPEN else None
    copies, progress = (int(open_note[1]), open_note[2]) if open_note else (0, note)
    return Record(state, int(attempt), int(until) / 1000, progress, copies)


LUA_RECORD: Final = """
local function decode(record)
  local state, attempt, ends, note = string.match(record or '', '^(%a+)|(%d+)|(%d+)|(.*)$')
  if not state then return nil end
  local holder, copies, progress = string.match(note, '^(%w*)%.(%d+)~(.*)$')
  return state, tonumber(attempt), tonumber(ends), holder or '', tonumber(copies or '0'), progress or note
end
local function encode_open(state, attempt, ends, holder, copies, progress)
  return state .. '|' .. attempt .. '|' .. ends .. '|' .. holder .. '.' .. copies .. '~' .. progress
end
local function encode_closed(state, attempt, note) return state .. '|' .. attempt .. '|0|' .. note end
"""
"""What the ledger's scripts read and write records with. `ends` is written as a text, see `server_clock`."""
