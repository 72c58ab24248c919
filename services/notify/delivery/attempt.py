"""One attempt at a delivery: of which event, to whom, which of how many, and how far those before it came."""

from __future__ import annotations

from typing import Any

import msgspec

from services.contract import Event
from services.notify.delivery.due_queue import Due


class Attempt(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The ledger alone makes one, by a claim: whoever else wants the delivery must wait until that ends."""

    event: Event
    due: Due
    """Its place in the due-queue: where the event stands on its stream, and whose delivery it is."""
    ordinal: int
    """From 1."""
    progress: str | None = None
    """How far a split text came."""
    copies: int = 0
    """How many went out before whose end nobody knows."""
    holder: str = ""
    """Who claimed it."""
    taken_over: bool = False
    """Another held it and never said how it ended."""
    resume_at: int | None = None
    """Unix ms: claimed before its time, and due then if this comes to nothing."""

    def __eq__(self, other: object) -> bool:
        """The same attempt, whoever claimed it."""
        return isinstance(other, Attempt) and self._which() == other._which()

    def __hash__(self) -> int:
        return hash(self._which())

    def _which(self) -> tuple[str, Due, int, str | None, int]:
        return self.event.id, self.due, self.ordinal, self.progress, self.copies

    def __repr__(self) -> str:
        return f"Attempt(event={self.event.id!r}, ordinal={self.ordinal})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """As above, where a traceback is drawn: never a number beside an event."""
        return [("event", self.event.id), ("ordinal", self.ordinal)]

    @property
    def number(self) -> int:
        """The subscriber's."""
        return self.due.number

    @property
    def repeats(self) -> bool:
        """Whether the far side may have it already."""
        return self.taken_over or self.copies > 0
