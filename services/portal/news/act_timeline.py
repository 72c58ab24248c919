"""The acts of a year as dots, a lane for each kind, and as a table of how many there were in which month.

A dot is an act, whatever its number: numbers that differ are never put into one picture, and never summed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from services.contract import Kind

MONTHS: Final = 12
KINDS: Final = (Kind.PARDON, Kind.ARREST)
"""From the upper lane to the lower."""

WIDTH, LANE, RADIUS = 320, 56, 3
"""Units of the picture; a lane holds as many dots above one another as fit."""
_LEFT: Final = 2
_STEP: Final = 2 * RADIUS + 2
_DEEPEST: Final = (LANE - 20) // _STEP


@dataclass(frozen=True, slots=True)
class ActMark:
    """One act on its day, in Minsk."""

    story_id: str
    kind: Kind
    day: date


@dataclass(frozen=True, slots=True)
class Dot:
    x: int
    y: int
    kind: Kind
    is_this: bool


@dataclass(frozen=True, slots=True)
class MonthTick:
    """`first`: its first day."""

    x: int
    first: date


@dataclass(frozen=True, slots=True)
class MonthRow:
    first: date
    counts: Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class ActTimeline:
    dots: tuple[Dot, ...]
    ticks: tuple[MonthTick, ...]
    rows: tuple[MonthRow, ...]
    """The newest month first."""
    base: Mapping[Kind, int]
    """Where the line of each lane lies."""
    height: int


def act_timeline(marks: Collection[ActMark], last: date, this: str | None = None) -> ActTimeline:
    """The year that ends with the day `last`. `this`: the story to be marked. What lies outside is left out."""
    months = _months(last)
    first, end = months[0], last + timedelta(days=1)
    shown = sorted(
        (mark for mark in marks if first <= mark.day < end), key=lambda mark: (mark.story_id == this, mark.day)
    )
    base = {kind: (number + 1) * LANE - 6 for number, kind in enumerate(KINDS)}
    dots = _dots(shown, first, (end - first).days, base, this)
    counts = Counter((mark.kind, mark.day.replace(day=1)) for mark in shown)
    return ActTimeline(
        dots=tuple(dots),
        ticks=tuple(MonthTick(_x(month, first, (end - first).days), month) for month in months),
        rows=tuple(MonthRow(month, {kind: counts[kind, month] for kind in KINDS}) for month in reversed(months)),
        base=base,
        height=LANE * len(KINDS) + 12,
    )


def day_of(occurred_on: str | None, told: str) -> date:
    """When it happened, else when it was first known to have. `told`: RFC 3339."""
    try:
        return date.fromisoformat(occurred_on or "")
    except ValueError:
        moment = datetime.fromisoformat(told)
        return (moment.astimezone(UTC) + timedelta(hours=3)).date()


def _dots(
    marks: Iterable[ActMark], first: date, days: int, base: Mapping[Kind, int], this: str | None
) -> Iterator[Dot]:
    """Dots that would lie on one another are stacked; those for which a day has no room are in the table alone."""
    heights: Counter[tuple[Kind, int]] = Counter()
    for mark in marks:
        x = _x(mark.day, first, days)
        x -= x % _STEP
        height = heights[mark.kind, x]
        if height < _DEEPEST or mark.story_id == this:
            yield Dot(x + RADIUS, base[mark.kind] - RADIUS - 1 - _STEP * height, mark.kind, mark.story_id == this)
            heights[mark.kind, x] += 1


def _x(day: date, first: date, days: int) -> int:
    return _LEFT + round((WIDTH - 2 * _LEFT - 2 * RADIUS) * (day - first).days / days)


def _months(last: date) -> list[date]:
    """The first days of twelve months, that of `last` included."""
    number = last.year * 12 + last.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(number - MONTHS + 1, number + 1)]
