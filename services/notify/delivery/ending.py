"""How an attempt ended, as the ledger writes it down."""

from __future__ import annotations

import msgspec

from services.notify.delivery.attempt import Attempt
from services.notify.delivery.record import DeliveryState
from services.runtime.dead_letters import DeadLetter


class Ending(msgspec.Struct, frozen=True, gc=False):
    attempt: Attempt
    state: DeliveryState
    note: str = ""
    """The far side's reference, the reason, or how far it came."""
    attempted: bool = True
    """Whether it counts as an attempt."""
    copies: int = 0
    """How many went out whose end nobody knows."""
    wait: float = 0.0
    """Seconds until it is due again."""
    letter: DeadLetter | None = None
    """Left behind in the same step."""

    @property
    def simply_sent(self) -> bool:
        """At once, and with nothing to remember of it."""
        first = self.attempt.ordinal == 1 and not self.attempt.copies
        return self.state is DeliveryState.SENT and first and not self.note

    @property
    def event_id(self) -> str:
        return self.attempt.event.id


def sent(attempt: Attempt, reference: str | None) -> Ending:
    return Ending(attempt, DeliveryState.SENT, reference or "")


def refused(attempt: Attempt, letter: DeadLetter) -> Ending:
    """Given up."""
    return Ending(attempt, DeliveryState.REFUSED, letter.reason, letter=letter)


def unsure(attempt: Attempt, letter: DeadLetter) -> Ending:
    """No more copies are sent; the letter lists it."""
    return Ending(attempt, DeliveryState.UNSURE, letter.reason, letter=letter)


def skipped(attempt: Attempt, reason: str) -> Ending:
    """Not attempted, for a reason of our own (a stop that came in between): closed, with nothing to look after. Where a
    copy may have arrived before, that is kept: whoever has it must also hear that it was wrong."""
    state = DeliveryState.UNSURE if attempt.copies else DeliveryState.REFUSED
    return Ending(attempt, state, reason, attempted=False)


def waiting(
    attempt: Attempt, wait: float, progress: str | None, *, attempted: bool = True, copies: int | None = None
) -> Ending:
    """To be attempted in `wait` seconds; where it was claimed early, not before it was due anyway."""
    known = attempt.copies if copies is None else copies
    return Ending(attempt, DeliveryState.WAITING, progress or "", attempted, known, wait)
