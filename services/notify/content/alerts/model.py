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


def one_voice(rows: Sequence[FactRow]) -> Attributed | None:
    """Who says all of the rows, where it is one and the same: then saying it once is enough."""
    voices = {(said.by, said.stated) for row in rows for said in row.said}
    if len(rows) < 2 or len(voices) != 1:
        return None
    by, stated = voices.pop()
    return Attributed("", by, stated) if by else None


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
    """`whole` is `act` and `said` in one sentence, for channels that have one line for it."""

    act: str
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
    """What changed (update) or what was wrong (retraction); empty in a first alert."""
    headline: Headline
    who: tuple[str, ...]
    who_in_short: str
    """The same with a few names in one sentence, for places that have no room for a list."""
    named: tuple[Names, ...]
    facts: tuple[FactRow, ...]
    unknown: tuple[str, ...]
    wider: tuple[FactRow, ...]
    wider_note: str
    still_held: tuple[Names, ...]
    sources: tuple[SourceLine, ...]
    certainty: Certainty
    certainty_sentence: str
    acts: ActsPicture | None = None
    balance: Balance | None = None
