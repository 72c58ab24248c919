"""Counts what readers got against what was due: delivered, doubled, lost. Pure: the counting itself is tested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

Reader = tuple[str, str]
"""A channel, and whom it reaches there."""
Due = tuple[str, str, int]
"""The same, and the event."""

GRACE = 2.0
"""Seconds that our answer and the sender's note of it may take after a receiver has answered."""

SLACK = 0.5
"""Seconds from the last look at whether somebody stopped to the last byte of what is sent then."""


@dataclass(slots=True)
class Receipt:
    """One copy that a far side took. Times are Unix seconds."""

    channel: str
    reader: str
    event: int
    ident: str
    arrived: float
    answered: float | None = None
    """None: the answer was lost, on purpose or because the sender went first."""


@dataclass(frozen=True, slots=True)
class Span:
    """While a fault lasted; a kill has one moment."""

    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Tally:
    due: int = 0
    delivered: int = 0
    same: int = 0
    """Further copies under an id that the reader had."""
    other: int = 0
    """Further copies under another id: the reader cannot tell that they are one."""
    lost: int = 0
    unexplained: int = 0
    """Of the further copies: those whose copy before was not in flight at any fault."""
    unwanted: int = 0
    """Copies that came to somebody who had stopped before."""
    last: float | None = None
    """When the last first copy came."""
    missing: tuple[Due, ...] = ()


def tally(
    receipts: Iterable[Receipt],
    due: Collection[Due],
    faults: Sequence[Span] = (),
    stopped: Mapping[Reader, float] | None = None,
) -> Tally:
    """`stopped`: since when a reader must get nothing. Copies of what is not due are counted only for these."""
    receipts = list(receipts)
    by_due: dict[Due, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        by_due[receipt.channel, receipt.reader, receipt.event].append(receipt)
    copies = [sorted(by_due[one], key=lambda copy: copy.arrived) for one in due if one in by_due]
    other = sum(len({copy.ident for copy in had}) - 1 for had in copies)
    missing = tuple(sorted(one for one in due if one not in by_due))
    return Tally(
        due=len(due),
        delivered=len(copies),
        same=sum(len(had) - 1 for had in copies) - other,
        other=other,
        lost=len(missing),
        unexplained=sum(not _in_flight(copy, faults) for had in copies for copy in had[:-1]),
        unwanted=sum(_came_after_a_stop(receipt, stopped or {}) for receipt in receipts),
        last=max((had[0].arrived for had in copies), default=None),
        missing=missing,
    )


def _in_flight(copy: Receipt, faults: Sequence[Span]) -> bool:
    """Could the sender not know that this copy had been taken? Then another one is allowed."""
    if copy.answered is None:
        return True
    known_by = copy.answered + GRACE
    return any(fault.begin <= known_by and copy.arrived - GRACE <= fault.end for fault in faults)


def _came_after_a_stop(receipt: Receipt, stopped: Mapping[Reader, float]) -> bool:
    since = stopped.get((receipt.channel, receipt.reader))
    return since is not None and receipt.arrived > since + SLACK
