"""An alert: everything one message says, as finished sentences and rows, in the order in which it says them.

No channel is known here: a template lays these parts out and adds nothing but headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class MessageKind(StrEnum):
    """Which folder of templates speaks: each holds the same parts."""

    ALERT = "alert"
    UPDATE = "update"
    RETRACTION = "retraction"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Attributed:
    """One value and who says so. `by` is empty only where no text names anybody."""

    value: str
    by: str
    stated: str = ""
    """The date of the statement, for counts that go on changing."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact. Several `said` are parties that disagree: side by side, never merged."""

    label: str
    said: tuple[Attributed, ...]


@dataclass(frozen=True, slots=True)
class FactBlock:
    """Rows that one and the same speaker says, under whom they stand; `speaker` is None where each row says by whom."""

    speaker: Attributed | None
    rows: tuple[FactRow, ...]


def blocks(rows: Sequence[FactRow]) -> tuple[FactBlock, ...]:
    """First what parties say differently or nobody need be named for, then each speaker once, with all they say."""
    alone = [row for row in rows if _speaker(row) is None]
    spoken: dict[tuple[str, str], list[FactRow]] = {}
    for row in rows:
        if (speaker := _speaker(row)) is not None:
            spoken.setdefault(speaker, []).append(row)
    found = [FactBlock(Attributed("", by, stated), tuple(said)) for (by, stated), said in spoken.items()]
    return (*([FactBlock(None, tuple(alone))] if alone else []), *found)


def _speaker(row: FactRow) -> tuple[str, str] | None:
    said = {(one.by, one.stated) for one in row.said}
    return said.pop() if len(said) == 1 and row.said[0].by else None


@dataclass(frozen=True, slots=True)
class Names:
    """People who may be named, under the sentence that says who named them."""

    sentence: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    name: str
    about: str
    """Language and date, where known: "English, 28 December 2024"."""
    url: str | None
    evidence: str = ""
    """SHA-256 of the bytes that it was read from, where they were kept; "" in place of one."""


@dataclass(frozen=True, slots=True)
class ActColumn:
    """One act among others: its number above, its day below."""

    number: str
    day: str
    """Short, without the year: "28 Dec"."""
    year: str
    day_in_full: str
    height: int
    """Pixels."""
    this: bool
    """The act that the message tells of."""


@dataclass(frozen=True, slots=True)
class ActsPicture:
    columns: tuple[ActColumn, ...]
    whole: str
    """All that it shows, in words."""
    key: str
    """Which column is this act."""
    by: str
    """Who counted."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Those freed beside those still held, as one bar."""

    share: int
    """Per cent that were freed, 2 to 98, so that neither end vanishes."""
    whole: str
    by: str


@dataclass(frozen=True, slots=True)
class Headline:
    """What happened (`act`), how certain it is in a word (`tag`), and who says so, in a sentence (`said`).

    `whole` is the first line: the act and the tag. `tag` is empty where nothing is told that could be certain."""

    act: str
    tag: str
    said: str
    whole: str
