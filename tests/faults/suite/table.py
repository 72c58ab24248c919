"""The table: one row a fault, and whether the row keeps the promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tests.faults.suite.counting import Tally

BACK_WITHIN: Final = 30.0
"""Seconds after the end of a fault within which everything that waited must have come."""

_NOTHING: Final = Tally()
_HEAD: Final = ("fault", "due", "delivered", "doubled same id", "other id", "lost", "back after", "")
_WIDTHS: Final = (66, 6, 9, 15, 8, 5, 10, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """`remarks`: what else is wrong. `note`: what is only told."""

    fault: str
    tally: Tally = _NOTHING
    back_after: float | None = None
    """Seconds; None where nothing was away."""
    remarks: tuple[str, ...] = ()
    note: str = ""
    skipped: str = ""
    """Why it could not be done on this machine."""
    within: float = BACK_WITHIN
    """Seconds within which it must be back."""

    @property
    def wrongs(self) -> tuple[str, ...]:
        """Empty: the promise is kept."""
        counted = self.tally
        found = [
            f"{counted.lost} lost" if counted.lost else "",
            f"{counted.other} under another id" if counted.other else "",
            f"{counted.unexplained} doubled that were not in flight" if counted.unexplained else "",
            f"{counted.unwanted} after a stop" if counted.unwanted else "",
            f"not back within {self.within:.0f} s" if (self.back_after or 0) > self.within else "",
        ]
        return (*filter(None, found), *self.remarks)


def head() -> str:
    return _line(_HEAD)


def line(row: Row) -> str:
    counted = row.tally
    if row.skipped:
        return _line((row.fault, "-", "-", "-", "-", "-", "-", f"skipped: {row.skipped}"))
    back = "-" if row.back_after is None else f"{row.back_after:.1f} s"
    numbers = (counted.due, counted.delivered, counted.same, counted.other, counted.lost)
    return _line((row.fault, *map(str, numbers), back, _said(row)))


def summary(rows: Iterable[Row]) -> str:
    rows = list(rows)
    lost, wrong = sum(row.tally.lost for row in rows), sum(bool(row.wrongs) for row in rows)
    doubled = sum(row.tally.unexplained + row.tally.other for row in rows)
    skipped = sum(bool(row.skipped) for row in rows)
    return f"{len(rows)} rows, {wrong} wrong, {skipped} skipped; {lost} lost, {doubled} doubled that were not in flight"


def _said(row: Row) -> str:
    verdict = "WRONG: " + "; ".join(row.wrongs) if row.wrongs else "ok"
    missing = "; missing, for example: " + ", ".join(f"{c} {r} {e}" for c, r, e in row.tally.missing[:2])
    return verdict + (f" ({row.note})" if row.note else "") + (missing if row.tally.missing else "")


def _line(cells: Iterable[str]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()
