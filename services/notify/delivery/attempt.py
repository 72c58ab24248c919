"""One attempt at a delivery: of which event, to whom, which of how many, and how far those before it came."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.contract import Event
from services.notify.delivery.due_queue import Due


@dataclass(frozen=True, slots=True)
class Attempt:
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
    holder: str = field(default="", compare=False)
    """Who claimed it."""
    taken_over: bool = field(default=False, compare=False)
    """Another held it and never said how it ended."""
    resume_at: int | None = field(default=None, compare=False)
    """Unix ms: claimed before its time, and due then if this comes to nothing."""

    @property
    def number(self) -> int:
        """The subscriber's."""
        return self.due.number

    @property
    def repeats(self) -> bool:
        """Whether the far side may have it already."""
        return self.taken_over or self.copies > 0
