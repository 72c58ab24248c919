"""The picture of the acts and the table beside it, with their words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from services.notify.content.languages import Language
from services.portal.news.act_timeline import KINDS, WIDTH, ActMark, ActTimeline, act_timeline
from services.portal.news.moments import month_letter, month_text


@dataclass(frozen=True, slots=True)
class MonthLine:
    """`counts`: of each kind, in the order of `kinds`."""

    month: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimelineView:
    picture: ActTimeline
    width: int
    kinds: tuple[tuple[str, str], ...]
    """The kinds and what they are called."""
    letters: tuple[tuple[int, str], ...]
    """Where which month begins."""
    lines: tuple[MonthLine, ...]


def timeline_view(
    marks: Collection[ActMark], last: date, words: Language, this: str | None = None
) -> TimelineView | None:
    """See `act_timeline`. None where there is nothing to be shown."""
    picture = act_timeline(marks, last, this)
    if not picture.dots:
        return None
    return TimelineView(
        picture=picture,
        width=WIDTH,
        kinds=tuple((kind.value, words.phrase(f"door.news.acts.{kind}")) for kind in KINDS),
        letters=tuple((tick.x, month_letter(words, tick.first)) for tick in picture.ticks),
        lines=tuple(
            MonthLine(month_text(words, row.first), tuple(words.number(row.counts[kind]) for kind in KINDS))
            for row in picture.rows
            if any(row.counts.values())
        ),
    )
