"""An alert: everything one message says, as finished sentences and rows, in the order in which it says them.

No channel is known here: a template lays these parts out and adds nothing but headings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.contract import Certainty


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
    bar: int | None = None
    """Length of a bar, 0 to 100, where the numbers allow one that does not mislead."""


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


@dataclass(frozen=True, slots=True)
class Headline:
    """What happened (`act`), how certain it is in a word (`tag`), and who says so, in a sentence (`said`).

    `whole` is the first line: the act and the tag. `tag` is empty where nothing is told that could be certain."""

    act: str
    tag: str
    said: str
    whole: str


@dataclass(frozen=True, slots=True)
class Alert:
    kind: MessageKind
    subject: str
    preheader: str
    """What a mailbox shows beside the subject: adds to it, does not repeat it."""
    practice: str
    """ "This is an exercise …", or empty. Said before anything else."""
    opening: tuple[str, ...]
    """What changed (update), what was wrong (retraction) or is being checked (hold); empty in a first alert."""
    own_words: str
    """What an operator adds in this language; no other language need say the same."""
    headline: Headline
    who: tuple[str, ...]
    who_in_short: str
    """The same with a few names in one sentence, for places that have no room for a list."""
    named: tuple[Names, ...]
    facts: tuple[FactRow, ...]
    pleas: tuple[str, ...]
    """What the authorities say that prisoners said, as a saying of theirs."""
    unknown: tuple[str, ...]
    caution: str
    """What must not be read into the news, whatever is known."""
    wider: tuple[FactRow, ...]
    wider_note: str
    still_held: tuple[str, ...]
    """People who remain in prison, a line for each who says so: never a list that could be read as of the freed."""
    sources: tuple[SourceLine, ...]
    certainty: Certainty
    certainty_sentence: str
    """Why it is so certain, where who says so does not tell it already."""
